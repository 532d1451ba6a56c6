package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Focal loss of class scores: {@code -a[y] (1 - p[y])^γ log p[y]} with {@code p = softmax(x)}, so
 * that what is already right counts little. With {@code γ = 0} it is {@link CrossEntropyLoss}, but
 * for the mean, which divides by the number of labels that count, whatever their weights.
 *
 * <p>Shapes are those of {@link CrossEntropyLoss} with labels.
 *
 * <p>T. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal Loss for Dense Object Detection", ICCV
 * 2017.
 *
 * @param gamma {@code γ}, not negative
 * @param weight {@code a}, {@code [classes]}, or null for ones
 * @param ignoreIndex the label of what does not count, or null for none
 * @since 0.1
 */
public record FocalLoss(
    double gamma, @Nullable Tensor weight, @Nullable Long ignoreIndex, Reduction reduction)
    implements Loss {
  /** Makes the mean with {@code γ = 2} and without weights. */
  public FocalLoss() {
    this(2, null, null, Reduction.MEAN);
  }

  /** Checks the options. */
  public FocalLoss {
    requireOption(gamma >= 0, "FocalLoss", "gamma", gamma, "a number not below 0");
  }

  /** Returns this loss with another {@code γ}. */
  public FocalLoss gamma(double newGamma) {
    return new FocalLoss(newGamma, weight, ignoreIndex, reduction);
  }

  /** Returns this loss with a weight for each class. */
  public FocalLoss weight(Tensor newWeight) {
    return new FocalLoss(gamma, newWeight, ignoreIndex, reduction);
  }

  /** Returns this loss with a label that does not count. */
  public FocalLoss ignoreIndex(long newIgnoreIndex) {
    return new FocalLoss(gamma, weight, newIgnoreIndex, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public FocalLoss reduction(Reduction newReduction) {
    return new FocalLoss(gamma, weight, ignoreIndex, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input scores before any softmax
   * @param target labels
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label is no class
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    ClassRows rows = ClassRows.of("focal", Autocast.singlePrecision(input));
    ClassLabels weighted = ClassLabels.of("focal", rows, target, weight, ignoreIndex);
    Tensor logProbability = weighted.pick(rows.rows().logSoftmax(1));
    Tensor wrong = logProbability.exp().neg().add(1);
    Tensor losses = weighted.weighted(logProbability.mul(wrong.pow(gamma)).neg());
    ClassLabels counting =
        weight == null ? weighted : ClassLabels.of("focal", rows, target, null, ignoreIndex);
    return counting.reduce(reduction, rows, losses);
  }
}
