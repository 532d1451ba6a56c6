package io.fulgur.nn.loss;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Labels of rows, checked, with the weights of their classes.
 *
 * @param indices {@code [rows, 1]}, 0 where the label is ignored
 * @param counted {@code [rows]}, whether the label is not ignored; null if none is
 * @param weights {@code [rows]}, 0 where the label is ignored; null if all are 1
 * @param total the sum of the weights
 */
record ClassLabels(
    Tensor indices, @Nullable Tensor counted, @Nullable Tensor weights, double total) {

  static ClassLabels of(
      String loss,
      ClassRows input,
      Tensor target,
      @Nullable Tensor classWeights,
      @Nullable Long ignoreIndex) {
    input.requireLabels(loss, target);
    double[] byClass = byClass(loss, input, classWeights);
    long[] labels = target.toLongArray();
    boolean[] counted = new boolean[labels.length];
    double[] weights = new double[labels.length];
    double total = 0;
    boolean allCount = true;
    for (int i = 0; i < labels.length; i++) {
      counted[i] = ignoreIndex == null || labels[i] != ignoreIndex;
      if (!counted[i]) {
        allCount = false;
        labels[i] = 0;
        continue;
      }
      if (labels[i] < 0 || labels[i] >= input.classes()) {
        throw IndexException.label(loss, labels[i], i, input.classes());
      }
      weights[i] = byClass[(int) labels[i]];
      total += weights[i];
    }
    return new ClassLabels(
        Tensor.of(labels, labels.length, 1),
        allCount ? null : Tensor.of(counted, labels.length),
        allCount && classWeights == null
            ? null
            : Tensor.of(weights, labels.length).to(input.rows().dtype()),
        total);
  }

  private static double[] byClass(String loss, ClassRows input, @Nullable Tensor classWeights) {
    if (classWeights == null) {
      double[] ones = new double[Math.toIntExact(input.classes())];
      Arrays.fill(ones, 1);
      return ones;
    }
    input.requireWeights(loss, classWeights);
    return classWeights.toDoubleArray();
  }

  /** Picks from each row what is at its label. */
  Tensor pick(Tensor rows) {
    return rows.gather(1, indices).squeeze(1);
  }

  /** Returns numbers for each row times the weights of the labels, 0 where one is ignored. */
  Tensor weighted(Tensor perRow) {
    Tensor kept = only(perRow);
    return weights == null ? kept : kept.mul(weights);
  }

  /** Returns numbers for each row, 0 where a label is ignored, whatever was there. */
  private Tensor only(Tensor perRow) {
    return counted == null ? perRow : Tensor.where(counted, perRow, Tensor.zerosLike(perRow));
  }

  /** Reduces losses for each row; the mean is weighted. */
  Tensor reduce(Reduction reduction, ClassRows input, Tensor perRow) {
    return switch (reduction) {
      case MEAN -> perRow.sum().div(total);
      case SUM -> perRow.sum();
      case NONE -> input.inPlaces(perRow);
    };
  }
}
