package io.fulgur.benchmarks.driver;

import java.util.Arrays;
import java.util.List;

/** Median, least and greatest of some measurements. */
record Summary(double median, double min, double max) {

  static Summary of(List<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static Summary of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("No values to summarise");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Summary(median, sorted[0], sorted[sorted.length - 1]);
  }
}
