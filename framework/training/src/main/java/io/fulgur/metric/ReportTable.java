package io.fulgur.metric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * Precision, recall, F1 score and support of each class, and their averages.
 *
 * @param classes a row for each class or label
 * @param accuracy of all samples; {@code NaN} where the micro average is not the accuracy and is
 *     among the averages instead
 * @param averages the rows below: {@code micro avg} where there is no accuracy, {@code macro avg},
 *     {@code weighted avg} and, of several labels, {@code samples avg}
 * @param digits how many decimals are printed
 * @since 0.1
 */
public record ReportTable(List<Row> classes, double accuracy, List<Row> averages, int digits) {
  private static final String WEIGHTED = "weighted avg";

  /** Copies the lists. */
  public ReportTable {
    classes = List.copyOf(classes);
    averages = List.copyOf(averages);
  }

  /**
   * A row.
   *
   * @param name of the class, or of the average
   * @param precision how many predicted to be of the class are
   * @param recall how many of the class were found
   * @param f1Score the harmonic mean of the two
   * @param support how many targets are of the class
   * @since 0.1
   */
  public record Row(String name, double precision, double recall, double f1Score, long support) {}

  /** Returns what {@code classification_report} of scikit-learn prints, to the character. */
  @Override
  public String toString() {
    int longest = classes.stream().mapToInt(row -> points(row.name())).max().orElse(0);
    int width = Math.max(Math.max(longest, WEIGHTED.length()), digits);
    StringBuilder text = new StringBuilder();
    padded(text, "", width);
    text.append(' ');
    for (String heading : List.of("precision", "recall", "f1-score", "support")) {
      cell(text, heading);
    }
    text.append("\n\n");
    classes.forEach(row -> row(text, row, width));
    text.append('\n');
    if (!Double.isNaN(accuracy)) {
      padded(text, "accuracy", width);
      text.append(' ');
      cell(text, "");
      cell(text, "");
      cell(text, number(accuracy));
      cell(text, Long.toString(classes.stream().mapToLong(Row::support).sum()));
      text.append('\n');
    }
    averages.forEach(row -> row(text, row, width));
    return text.toString();
  }

  private void row(StringBuilder text, Row row, int width) {
    padded(text, row.name(), width);
    text.append(' ');
    cell(text, number(row.precision()));
    cell(text, number(row.recall()));
    cell(text, number(row.f1Score()));
    cell(text, Long.toString(row.support()));
    text.append('\n');
  }

  private static void cell(StringBuilder text, String content) {
    text.append(' ');
    padded(text, content, /* width= */ 9);
  }

  private static void padded(StringBuilder text, String content, int width) {
    text.append(" ".repeat(Math.max(0, width - points(content)))).append(content);
  }

  /** Python counts characters, Java halves of them. */
  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Rounds the exact binary value half to even as Python does; String.format rounds half up. */
  private String number(double value) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }
}
