package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of class scores and labels, as {@code torch.nn.functional.cross_entropy}: softmax,
 * negative log-likelihood and their common gradient, each in one pass.
 *
 * @since 0.1
 */
public final class CrossEntropy {
  private static final double[] NO_SCALARS = {};

  private CrossEntropy() {}

  /**
   * Returns the mean of {@code -logSoftmax(logits)[label]} over the rows.
   *
   * @param logits {@code [n, classes]}, floating-point
   * @param labels {@code [n]} of {@link DType#I64}, in {@code [0, classes)}
   * @return a scalar
   * @throws ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.IndexException if a label is out of range
   */
  public static Tensor mean(Tensor logits, Tensor labels) {
    check(logits, labels);
    Tensor x = Autocast.input(CrossEntropyOperators.CROSS_ENTROPY, logits).contiguous();
    Tensor y = labels.contiguous();
    Tensor[] out =
        Calls.callAll(CrossEntropyOperators.CROSS_ENTROPY, Operators.NONE, NO_SCALARS, x, y);
    Tensor probabilities = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          out[0],
          "crossEntropy",
          (grad, g) ->
              g.give(
                  x,
                  Calls.call(
                      CrossEntropyOperators.CROSS_ENTROPY_BACKWARD,
                      Operators.NONE,
                      grad,
                      probabilities,
                      y)),
          probabilities,
          y);
    }
    probabilities.release();
    return out[0];
  }

  /**
   * The losses of the single rows.
   *
   * @param losses {@code [n]}, weighted; 0 where the label is ignored
   * @param weights {@code [n]}, those of the labels; 0 where the label is ignored
   */
  public record Rows(Tensor losses, Tensor weights) {
    /** Returns the weighted mean; NaN if no label counts. */
    public Tensor mean() {
      return losses.sum().div(weights.sum());
    }
  }

  /**
   * Returns {@code (1 - ε) w[label] nll[label] + ε / classes · Σ w[c] nll[c]} for each row, where
   * {@code nll = -logSoftmax(logits)} and ε is the label smoothing.
   *
   * @param logits {@code [n, classes]}, floating-point
   * @param labels {@code [n]} of {@link DType#I64}, in {@code [0, classes)} or ignored
   * @param classWeights {@code w}, {@code [classes]}, or null for ones; no gradient arrives there
   * @param ignoreIndex the label of rows that do not count, or null for none
   * @param labelSmoothing ε, from 0 to 1
   * @throws ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.IndexException if a label is out of range
   */
  public static Rows rows(
      Tensor logits,
      Tensor labels,
      @Nullable Tensor classWeights,
      @Nullable Long ignoreIndex,
      double labelSmoothing) {
    check(logits, labels);
    Tensor x = Autocast.input(CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY, logits).contiguous();
    Tensor y = labels.contiguous();
    Tensor w = weights(x, classWeights);
    Object ignored = ignoreIndex == null ? Operators.NONE : ignoreIndex;
    double[] scalars = {labelSmoothing};
    Tensor[] out =
        Calls.callAll(CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY, ignored, scalars, x, y, w);
    Tensor probabilities = out[2];
    if (Calls.tracks(x)) {
      Calls.record(
          out[0],
          "crossEntropy",
          (grad, g) ->
              g.give(
                  x,
                  Calls.callAll(
                      CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY_BACKWARD,
                      ignored,
                      scalars,
                      grad.contiguous(),
                      probabilities,
                      y,
                      w)[0]),
          probabilities,
          y,
          w);
    }
    probabilities.release();
    return new Rows(out[0], out[1]);
  }

  private static Tensor weights(Tensor logits, @Nullable Tensor classWeights) {
    if (classWeights == null) {
      return Tensor.full(1, logits.dtype(), logits.size(1));
    }
    if (classWeights.rank() != 1 || classWeights.size(0) != logits.size(1)) {
      throw ShapeException.mismatch(
          "crossEntropy",
          "there must be one weight for each class",
          logits.shape(),
          classWeights.shape());
    }
    return classWeights.detach().to(logits.dtype()).contiguous();
  }

  private static void check(Tensor logits, Tensor labels) {
    if (logits.rank() != 2 || labels.rank() != 1 || logits.size(0) != labels.size(0)) {
      throw ShapeException.mismatch(
          "crossEntropy",
          "needs logits [n, classes] and labels [n]",
          logits.shape(),
          labels.shape());
    }
    if (labels.dtype() != DType.I64) {
      throw DTypeException.unsupported(
          "crossEntropy with labels", labels.dtype(), "I64; convert with to(DType.I64)");
    }
    if (!logits.dtype().isFloating()) {
      throw DTypeException.unsupported("crossEntropy", logits.dtype(), "floating-point logits");
    }
  }
}
