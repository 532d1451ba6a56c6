package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Kullback-Leibler divergence {@code t (log t - x)} of probabilities {@code t} from
 * log-probabilities {@code x}, 0 where {@code t} is 0; as {@code torch.nn.KLDivLoss}.
 *
 * <p>The mean is over all elements, as PyTorch's default is. The divergence of distributions in
 * rows is a sum over each; {@link #batchMean()} divides that by the number of rows, as {@code
 * reduction="batchmean"}.
 *
 * @param logTarget whether the targets are log-probabilities, too
 * @param perBatch whether a mean is that of the sums for each index of the first dimension
 * @since 0.1
 */
public record KLDivLoss(boolean logTarget, boolean perBatch, Reduction reduction) implements Loss {
  /** Makes the mean over all elements, of targets that are probabilities. */
  public KLDivLoss() {
    this(/* logTarget= */ false, /* perBatch= */ false, Reduction.MEAN);
  }

  /** Returns this loss for targets that are log-probabilities, if true. */
  public KLDivLoss logTarget(boolean newLogTarget) {
    return new KLDivLoss(newLogTarget, perBatch, reduction);
  }

  /** Returns this loss as the sum over all elements, divided by the size of the first dimension. */
  public KLDivLoss batchMean() {
    return new KLDivLoss(logTarget, /* perBatch= */ true, Reduction.MEAN);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public KLDivLoss reduction(Reduction newReduction) {
    return new KLDivLoss(logTarget, /* perBatch= */ false, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("klDiv", input, target);
    Tensor losses =
        logTarget ? target.exp().mul(target.sub(input)) : timesLog(target).sub(target.mul(input));
    return perBatch ? losses.sum().div((double) Math.max(1, rows(input))) : reduction.of(losses);
  }

  private static long rows(Tensor input) {
    return input.rank() == 0 ? 1 : input.size(0);
  }

  /** Returns {@code t log t}, 0 at 0. */
  private static Tensor timesLog(Tensor t) {
    return t.mul(Tensor.where(t.gt(0), t, Tensor.onesLike(t)).log());
  }
}
