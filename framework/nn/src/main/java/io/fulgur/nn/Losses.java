package io.fulgur.nn;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Losses, each a scalar: the mean over all that is compared.
 *
 * @since 0.1
 */
public final class Losses {
  private Losses() {}

  /**
   * Returns the cross-entropy of class scores, {@code mean(-logSoftmax(logits)[label])}, as {@code
   * torch.nn.functional.cross_entropy}.
   *
   * @param logits scores before any softmax, {@code [n, classes]}, floating-point
   * @param labels class indices, {@code [n]} of {@code I64}, in {@code [0, classes)}
   * @throws ShapeException if the shapes are others
   * @throws DTypeException if the types are others
   * @throws io.fulgur.error.FulgurException if a label is out of range
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    return Functional.crossEntropy(logits, labels);
  }

  /**
   * Returns the mean squared error {@code mean((input - target)²)}, as {@code
   * torch.nn.functional.mse_loss}.
   *
   * @throws ShapeException if the shapes differ: broadcasting here is nearly always a mistake
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor mse(Tensor input, Tensor target) {
    requireAlike("mse", input, target);
    return Functional.mse(input, target);
  }

  /**
   * Returns the mean absolute error {@code mean(|input - target|)}, as {@code
   * torch.nn.functional.l1_loss}; its gradient is 0 where both are equal.
   *
   * @throws ShapeException if the shapes differ: broadcasting here is nearly always a mistake
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor l1(Tensor input, Tensor target) {
    requireAlike("l1", input, target);
    return input.sub(target).abs().mean();
  }

  /**
   * Returns the cross-entropy of yes-or-no scores, {@code mean(-t log σ(x) - (1 - t) log(1 -
   * σ(x)))}, computed without overflow, as {@code
   * torch.nn.functional.binary_cross_entropy_with_logits}.
   *
   * @param logits scores {@code x} before any sigmoid, floating-point
   * @param targets probabilities {@code t} in {@code [0, 1]}, of the shape and type of the logits
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
    requireAlike("binaryCrossEntropyWithLogits", logits, targets);
    // -log σ(x) = m + log(exp(-m) + exp(-x - m)) for any m, so m carries no gradient; with
    // m = max(-x, 0) no exponent is positive.
    Tensor m = Autograd.noGrad(() -> logits.neg().relu());
    Tensor negativeLogSigmoid = m.neg().exp().add(logits.add(m).neg().exp()).log().add(m);
    return logits.sub(logits.mul(targets)).add(negativeLogSigmoid).mean();
  }

  private static void requireAlike(String loss, Tensor input, Tensor target) {
    if (!input.shape().equals(target.shape())) {
      throw ShapeException.mismatch(
          loss, "input and target must have one shape", input.shape(), target.shape());
    }
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(loss, input.dtype(), "a floating-point input");
    }
    if (input.dtype() != target.dtype()) {
      throw DTypeException.mixed(loss, input.dtype(), target.dtype());
    }
  }
}
