package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.AutogradFunction;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of yes-or-no probabilities, {@code w (-t log x - (1 - t) log(1 - x))}, as {@code
 * torch.nn.BCELoss}. Logarithms are held above -100, and divisors in the gradient above 1e-12.
 * {@link BCEWithLogitsLoss}, of scores, is more exact.
 *
 * @param weight {@code w}, of a shape that broadcasts to the input's, or null for 1; the mean
 *     divides by the number of elements all the same
 * @since 0.1
 */
public record BCELoss(@Nullable Tensor weight, Reduction reduction) implements Loss {
  private static final double SMALLEST_LOG = -100;
  private static final double SMALLEST_DIVISOR = 1e-12;

  /** Makes the mean without weights. */
  public BCELoss() {
    this(null, Reduction.MEAN);
  }

  /** Returns this loss with a weight for each element, e.g. {@code [n, 1]} for one each row. */
  public BCELoss weight(Tensor newWeight) {
    return new BCELoss(newWeight, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public BCELoss reduction(Reduction newReduction) {
    return new BCELoss(weight, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input probabilities {@code x} in {@code [0, 1]}
   * @param target probabilities {@code t} in {@code [0, 1]}, of the shape and type of the input
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   * @throws FulgurException if an input is not in {@code [0, 1]}
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("binaryCrossEntropy", input, target);
    requireProbabilities(input.detach());
    Tensor losses = new Elements().apply(input, target);
    return reduction.of(weight == null ? losses : losses.mul(weight));
  }

  private static void requireProbabilities(Tensor input) {
    if (input.lt(0).logicalOr(input.gt(1)).any().item() != 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "binaryCrossEntropy: the input must be probabilities, 0 to 1, but goes from %s to %s. For scores, use BCEWithLogitsLoss."
              .formatted(input.min().item(), input.max().item()));
    }
  }

  /** The loss of each element; its gradient is finite where that of the logarithms is not. */
  private static final class Elements extends AutogradFunction {
    @Override
    protected Tensor[] forward(Context context, Tensor... in) {
      Tensor x = in[0];
      Tensor t = in[1];
      context.save(x, t);
      Tensor log = x.log().clamp(SMALLEST_LOG, 0);
      Tensor logOfRest = x.neg().log1p().clamp(SMALLEST_LOG, 0);
      return new Tensor[] {t.sub(1).mul(logOfRest).sub(t.mul(log))};
    }

    @Override
    protected @Nullable Tensor[] backward(Context context, Tensor... grads) {
      Tensor x = context.saved(0);
      Tensor t = context.saved(1);
      Tensor rest = x.neg().add(1);
      Tensor ofInput = null;
      if (context.needsGrad(0)) {
        Tensor divisor = x.mul(rest).clamp(SMALLEST_DIVISOR, 1);
        ofInput = grads[0].mul(x.sub(t)).div(divisor);
      }
      Tensor ofTarget = context.needsGrad(1) ? grads[0].mul(rest.log().sub(x.log())) : null;
      return new @Nullable Tensor[] {ofInput, ofTarget};
    }
  }
}
