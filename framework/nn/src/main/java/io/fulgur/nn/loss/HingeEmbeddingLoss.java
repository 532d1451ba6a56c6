package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Hinge loss of distances: {@code x} where the target is 1, {@code max(0, m - x)} where it is -1;
 * as {@code torch.nn.HingeEmbeddingLoss}.
 *
 * @param margin {@code m}, how far apart is far enough
 * @since 0.1
 */
public record HingeEmbeddingLoss(double margin, Reduction reduction) implements Loss {
  /** Makes the mean with a margin of 1. */
  public HingeEmbeddingLoss() {
    this(1, Reduction.MEAN);
  }

  /** Returns this loss with another margin. */
  public HingeEmbeddingLoss margin(double newMargin) {
    return new HingeEmbeddingLoss(newMargin, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public HingeEmbeddingLoss reduction(Reduction newReduction) {
    return new HingeEmbeddingLoss(margin, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input distances
   * @param target 1 or -1, of the shape and type of the input
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("hingeEmbedding", input, target);
    Tensor zero = Tensor.zerosLike(input);
    Tensor apart = input.neg().add(margin).clamp(0, Double.POSITIVE_INFINITY);
    return reduction.of(
        Tensor.where(target.eq(1), zero, apart).add(Tensor.where(target.eq(-1), zero, input)));
  }
}
