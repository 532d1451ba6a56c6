package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Loss of a wrong order: {@code max(0, -y (a - b) + m)}, where {@code y} is 1 if {@code a} should
 * be the larger and -1 if {@code b} should; as {@code torch.nn.MarginRankingLoss}.
 *
 * @param margin {@code m}, by how much
 * @since 0.1
 */
public record MarginRankingLoss(double margin, Reduction reduction) {
  /** Makes the mean with a margin of 0. */
  public MarginRankingLoss() {
    this(0, Reduction.MEAN);
  }

  /** Returns this loss with another margin. */
  public MarginRankingLoss margin(double newMargin) {
    return new MarginRankingLoss(newMargin, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public MarginRankingLoss reduction(Reduction newReduction) {
    return new MarginRankingLoss(margin, newReduction);
  }

  /**
   * Computes the loss of pairs.
   *
   * @param first {@code a}
   * @param second {@code b}
   * @param target {@code y}; all three of one shape and type
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  public Tensor of(Tensor first, Tensor second, Tensor target) {
    return inSinglePrecision(
        Autocast.singlePrecision(first),
        Autocast.singlePrecision(second),
        Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor first, Tensor second, Tensor target) {
    requireAlike("marginRanking", first, second);
    requireAlike("marginRanking", first, target);
    return reduction.of(
        second.sub(first).mul(target).add(margin).clamp(0, Double.POSITIVE_INFINITY));
  }
}
