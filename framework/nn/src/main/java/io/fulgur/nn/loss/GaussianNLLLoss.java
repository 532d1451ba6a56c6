package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Negative log-likelihood under normal distributions whose variance {@code v} the model tells, too:
 * {@code (log v + (x - t)² / v) / 2}, as {@code torch.nn.GaussianNLLLoss}. {@code v} is held above
 * {@code ε}, which the gradient does not see.
 *
 * <p>D. A. Nix, A. S. Weigend, "Estimating the mean and variance of the target probability
 * distribution", 1994.
 *
 * @param full whether {@code log(2π) / 2} is added
 * @param epsilon {@code ε}, positive
 * @since 0.1
 */
public record GaussianNLLLoss(boolean full, double epsilon, Reduction reduction) {
  /** Makes the mean without the constant, with {@code ε = 1e-6}. */
  public GaussianNLLLoss() {
    this(/* full= */ false, 1e-6, Reduction.MEAN);
  }

  /** Checks the options. */
  public GaussianNLLLoss {
    requireOption(epsilon > 0, "GaussianNLLLoss", "epsilon", epsilon, "a positive number");
  }

  /** Returns this loss with the constant, if true. */
  public GaussianNLLLoss full(boolean newFull) {
    return new GaussianNLLLoss(newFull, epsilon, reduction);
  }

  /** Returns this loss with another {@code ε}. */
  public GaussianNLLLoss epsilon(double newEpsilon) {
    return new GaussianNLLLoss(full, newEpsilon, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public GaussianNLLLoss reduction(Reduction newReduction) {
    return new GaussianNLLLoss(full, epsilon, newReduction);
  }

  /**
   * Computes the loss of means and variances, given what was observed.
   *
   * @param input the means, {@code [n, ...]}
   * @param target of the shape and type of the input
   * @param variance of the shape of the input; or of that with a last dimension of size 1, or
   *     without the last dimension, for one variance each row
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if the types differ or are not floating-point
   * @throws FulgurException if a variance is negative
   */
  public Tensor of(Tensor input, Tensor target, Tensor variance) {
    return inSinglePrecision(
        Autocast.singlePrecision(input),
        Autocast.singlePrecision(target),
        Autocast.singlePrecision(variance));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target, Tensor variance) {
    requireAlike("gaussianNll", input, target);
    if (variance.dtype() != input.dtype()) {
      throw DTypeException.mixed("gaussianNll", input.dtype(), variance.dtype());
    }
    Tensor v = held(alongRows(input, variance));
    Tensor losses = v.log().add(input.sub(target).square().div(v)).mul(0.5);
    return reduction.of(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses);
  }

  private static Tensor alongRows(Tensor input, Tensor variance) {
    long[] sizes = input.shape().toArray();
    if (variance.shape().equals(input.shape())) {
      return variance;
    }
    if (sizes.length > 0) {
      Shape rows = Shape.of(Arrays.copyOf(sizes, sizes.length - 1));
      if (variance.shape().equals(rows)) {
        return variance.unsqueeze(variance.rank());
      }
      if (variance.shape().equals(input.shape().withSize(sizes.length - 1, 1))) {
        return variance;
      }
    }
    throw ShapeException.mismatch(
        "gaussianNll",
        "the variance must have the input's shape, or one number for each row of it",
        input.shape(),
        variance.shape());
  }

  private Tensor held(Tensor variance) {
    Tensor correction =
        Autograd.noGrad(
            () -> {
              if (variance.lt(0).any().item() != 0) {
                throw new FulgurException(
                    ErrorId.INVALID_ARGUMENT,
                    "gaussianNll: a variance is %s, but none may be negative. Let the model tell its logarithm, or pass it through softplus."
                        .formatted(variance.min().item()));
              }
              return variance.clamp(epsilon, Double.POSITIVE_INFINITY).sub(variance);
            });
    return variance.add(correction);
  }
}
