package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of yes-or-no scores, {@code w (-p t log σ(x) - (1 - t) log(1 - σ(x)))}, computed
 * without overflow; as {@code torch.nn.BCEWithLogitsLoss}.
 *
 * @param weight {@code w}, of a shape that broadcasts to the input's, or null for 1; the mean
 *     divides by the number of elements all the same
 * @param posWeight {@code p}, the weight of the positive answers, likewise; above 1 it raises
 *     recall, below 1 precision
 * @since 0.1
 */
public record BCEWithLogitsLoss(
    @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) implements Loss {
  /** Makes the mean without weights. */
  public BCEWithLogitsLoss() {
    this(null, null, Reduction.MEAN);
  }

  /** Returns this loss with a weight for each element, e.g. {@code [n, 1]} for one each row. */
  public BCEWithLogitsLoss weight(Tensor newWeight) {
    return new BCEWithLogitsLoss(newWeight, posWeight, reduction);
  }

  /** Returns this loss with a weight of positive answers, e.g. {@code [classes]}. */
  public BCEWithLogitsLoss posWeight(Tensor newPosWeight) {
    return new BCEWithLogitsLoss(weight, newPosWeight, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public BCEWithLogitsLoss reduction(Reduction newReduction) {
    return new BCEWithLogitsLoss(weight, posWeight, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input scores {@code x} before any sigmoid
   * @param target probabilities {@code t} in {@code [0, 1]}, of the shape and type of the input
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("binaryCrossEntropyWithLogits", input, target);
    Tensor negativeLogSigmoid = negativeLogSigmoid(input);
    if (posWeight != null) {
      // 1 + (p - 1) t
      negativeLogSigmoid = negativeLogSigmoid.mul(target.mul(posWeight.sub(1)).add(1));
    }
    Tensor losses = input.sub(input.mul(target)).add(negativeLogSigmoid);
    return reduction.of(weight == null ? losses : losses.mul(weight));
  }

  static Tensor negativeLogSigmoid(Tensor x) {
    // -log σ(x) = m + log(exp(-m) + exp(-x - m)) for any m, so m carries no gradient; with
    // m = max(-x, 0) no exponent is positive.
    Tensor m = Autograd.noGrad(() -> x.neg().relu());
    return m.neg().exp().add(x.add(m).neg().exp()).log().add(m);
  }
}
