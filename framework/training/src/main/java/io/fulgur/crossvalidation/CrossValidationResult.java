package io.fulgur.crossvalidation;

import io.fulgur.callback.MonitorMode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came of all folds.
 *
 * @param folds the result of each
 * @since 0.1
 */
public record CrossValidationResult(List<FoldResult> folds) {
  private static final int DECIMALS = 4;

  /** Copies the list. */
  public CrossValidationResult {
    folds = List.copyOf(folds);
  }

  /** Returns the names of the metrics that every fold has. */
  public Set<String> metricNames() {
    Set<String> names = new LinkedHashSet<>(folds.get(0).metrics().keySet());
    folds.forEach(fold -> names.retainAll(fold.metrics().keySet()));
    return names;
  }

  /**
   * Returns a metric of each fold.
   *
   * @throws FulgurException if a fold has none of this name
   */
  public double[] values(String metric) {
    return folds.stream().mapToDouble(fold -> value(fold, metric)).toArray();
  }

  private double value(FoldResult fold, String metric) {
    Double value = fold.metrics().get(metric);
    if (value == null) {
      throw new FulgurException(
          ErrorId.UNKNOWN_METRIC,
          "Fold %d has no metric \"%s\". There are: %s."
              .formatted(fold.fold(), metric, String.join(", ", fold.metrics().keySet())));
    }
    return value;
  }

  /**
   * Returns the mean of a metric over the folds, each counting the same.
   *
   * @throws FulgurException if a fold has none of this name
   */
  public double mean(String metric) {
    double sum = 0;
    for (double value : values(metric)) {
      sum += value;
    }
    return sum / folds.size();
  }

  /**
   * Returns the standard deviation of a metric over the folds, that of the population (divided by
   * their number), as {@code cross_val_score(...).std()} of scikit-learn.
   *
   * @throws FulgurException if a fold has none of this name
   */
  public double standardDeviation(String metric) {
    double mean = mean(metric);
    double squares = 0;
    for (double value : values(metric)) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / folds.size());
  }

  /**
   * Returns the fold whose metric is best; the first of equals, and one with NaN only if all have.
   *
   * @throws FulgurException if a fold has none of this name
   */
  public FoldResult best(String metric, MonitorMode mode) {
    FoldResult best = folds.get(0);
    for (FoldResult fold : folds) {
      double value = value(fold, metric);
      double bound = value(best, metric);
      boolean better = mode == MonitorMode.MIN ? value < bound : value > bound;
      if (better || (Double.isNaN(bound) && !Double.isNaN(value))) {
        best = fold;
      }
    }
    return best;
  }

  /** Returns a table: a line for each fold, and the means and standard deviations below. */
  @Override
  public String toString() {
    List<String> metrics = List.copyOf(metricNames());
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("fold", "train", "held out", "epochs"));
    heading.addAll(metrics);
    rows.add(heading);
    for (FoldResult fold : folds) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(fold.fold()));
      row.add(Long.toString(fold.trainSamples()));
      row.add(Long.toString(fold.heldOutSamples()));
      row.add(Integer.toString(fold.epochs()));
      metrics.forEach(metric -> row.add(number(value(fold, metric))));
      rows.add(row);
    }
    List<String> mean = new ArrayList<>(List.of("mean", "", "", ""));
    List<String> deviation = new ArrayList<>(List.of("std", "", "", ""));
    for (String metric : metrics) {
      mean.add(number(mean(metric)));
      deviation.add(number(standardDeviation(metric)));
    }
    rows.add(mean);
    rows.add(deviation);
    return text(rows);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%." + DECIMALS + "f", value);
  }

  private static String text(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int index = column;
        int width = rows.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
        line.append(column == 0 ? "" : "  ");
        // The first column names its line.
        String padding = " ".repeat(width - row.get(column).length());
        line.append(column == 0 ? row.get(column) + padding : padding + row.get(column));
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
