package io.fulgur.tensor.functional;

import io.fulgur.tensor.Composition;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;

/**
 * The operators of cross-entropy, all composite. Labels are {@link DType#I64}; one outside of
 * {@code [0, classes)} that is not ignored is an {@link io.fulgur.tensor.IndexException}.
 *
 * @since 0.1
 */
public final class CrossEntropyOperators {
  /**
   * {@code logits[n, classes], labels[n] -> loss[], probabilities[n, classes]}: mean negative
   * log-likelihood.
   */
  public static final Operator CROSS_ENTROPY =
      Operator.of(
              "crossEntropy",
              (attributes, in) -> new Output[] {of(in[0], Shape.SCALAR), of(in[0])},
              ComposedCrossEntropy::forward)
          .inSinglePrecision();

  /** {@code grad[], probabilities, labels -> dlogits}. */
  public static final Operator CROSS_ENTROPY_BACKWARD =
      Operator.of(
          "crossEntropyBackward",
          (attributes, in) -> new Output[] {of(in[1])},
          Composition.of(ComposedCrossEntropy::backward));

  /**
   * {@code logits[n, classes], labels[n], w[classes] -> losses[n], weights[n], probabilities[n,
   * classes]}: {@code (1 - s0) w[label] nll[label] + s0 / classes · Σ w[c] nll[c]} for each row,
   * and {@code w[label]}; 0 and 0 for an ignored label. The attribute is that label, a Long, or
   * {@link io.fulgur.tensor.Operators#NONE}.
   */
  public static final Operator WEIGHTED_CROSS_ENTROPY =
      Operator.of(
              "weightedCrossEntropy",
              (ignored, in) -> {
                Output perRow = of(in[0], in[1].shape());
                return new Output[] {perRow, perRow, of(in[0])};
              },
              ComposedCrossEntropy::weighted)
          .inSinglePrecision();

  /**
   * {@code grad[n], probabilities, labels, w -> dlogits}; attribute and scalar as
   * WEIGHTED_CROSS_ENTROPY's.
   */
  public static final Operator WEIGHTED_CROSS_ENTROPY_BACKWARD =
      Operator.of(
          "weightedCrossEntropyBackward",
          (ignored, in) -> new Output[] {of(in[1])},
          Composition.of(ComposedCrossEntropy::weightedBackward));

  private CrossEntropyOperators() {}

  private static Output of(View x) {
    return of(x, x.shape());
  }

  private static Output of(View x, Shape shape) {
    return new Output(x.dtype(), shape);
  }
}
