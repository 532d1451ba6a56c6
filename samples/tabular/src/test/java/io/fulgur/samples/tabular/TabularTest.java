package io.fulgur.samples.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train until it gets no better, and look at what it gets wrong. */
class TabularTest {
  private static final Pattern EPOCHS = Pattern.compile("Epochs: (\\d+)\\.");
  private static final Pattern ACCURACY = Pattern.compile("held out: ([0-9.]+) %");
  private static final Pattern BEST = Pattern.compile("Best checkpoint: (.*)");
  private static final Pattern CROSS_VALIDATED =
      Pattern.compile("Accuracy: ([0-9.]+) % \\+- ([0-9.]+) %");
  private static final Pattern WRONG = Pattern.compile("Of 11[34] tumours, (\\d+) .*, and (\\d+) ");

  @TempDir private Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private String run(int status, String... arguments) {
    PrintStream before = System.out;
    printed.reset();
    System.setOut(new PrintStream(printed, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      assertThat(Tabular.run(arguments)).isEqualTo(status);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Matcher find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher;
  }

  @Test
  void train_withDefaults_stopsEarlyAndThePredictionAgrees() {
    String trained = run(0, "train", "--output", folder.toString());
    double accuracy = Double.parseDouble(find(ACCURACY, trained).group(1));

    assertThat(Integer.parseInt(find(EPOCHS, trained).group(1))).isBetween(10, 150);
    assertThat(trained).contains("val_loss");
    assertThat(accuracy).isGreaterThanOrEqualTo(95);

    String judged = run(0, "predict", "--count", "2", find(BEST, trained).group(1));
    assertThat(judged).contains("precision    recall  f1-score   support");
    assertThat(judged).containsPattern("Tumour 1 is \\w+, says the classifier \\([0-9.]+ %\\)");
    Matcher wrong = find(WRONG, judged);
    int mistakes = Integer.parseInt(wrong.group(1)) + Integer.parseInt(wrong.group(2));
    // The statistics and the split are those of the training, so the mistakes are the same.
    assertThat(100 - 100.0 * mistakes / 113).isBetween(accuracy - 0.1, accuracy + 0.1);
  }

  @Test
  void crossValidate_withDefaults_judgesEveryTumourOnceAndPrintsTheReport() {
    String printed = run(0, "cross-validate", "--output", folder.toString());

    assertThat(printed).contains("fold  train  held out  epochs  test_loss  test_acc");
    Matcher accuracy = find(CROSS_VALIDATED, printed);
    double mean = Double.parseDouble(accuracy.group(1));
    assertThat(mean).isGreaterThanOrEqualTo(96);
    assertThat(Double.parseDouble(accuracy.group(2))).isLessThan(3);
    // 212 malignant and 357 benign tumours, each judged by the classifier that did not see it.
    assertThat(printed).containsPattern("malignant +0\\.9\\d +0\\.9\\d +0\\.9\\d +212\n");
    assertThat(printed).containsPattern("benign +0\\.9\\d +0\\.9\\d +0\\.9\\d +357\n");
    assertThat(find(BEST, printed).group(1)).startsWith(folder.resolve("fold_").toString());
  }

  @Test
  void predict_withoutAFile_endsWithStatus1() {
    run(1, "predict", folder.resolve("missing.ckpt").toString());
  }
}
