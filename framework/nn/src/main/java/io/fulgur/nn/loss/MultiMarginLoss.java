package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Hinge loss of class scores, {@code Σ w[y] max(0, m - x[y] + x[c])^p / classes} over the classes
 * {@code c ≠ y}, as {@code torch.nn.MultiMarginLoss}.
 *
 * <p>Shapes: input {@code [classes]} or {@code [n, classes]}, labels {@code []} or {@code [n]} of
 * {@code I64}. The mean divides by {@code n}.
 *
 * @param p 1 or 2
 * @param margin {@code m}
 * @param weight {@code w}, {@code [classes]}, or null for ones
 * @since 0.1
 */
public record MultiMarginLoss(int p, double margin, @Nullable Tensor weight, Reduction reduction)
    implements Loss {
  /** Makes the mean with {@code p = 1} and a margin of 1, without weights. */
  public MultiMarginLoss() {
    this(1, 1, null, Reduction.MEAN);
  }

  /** Checks the options. */
  public MultiMarginLoss {
    requireOption(p == 1 || p == 2, "MultiMarginLoss", "p", p, "1 or 2");
  }

  /** Returns this loss with another {@code p}. */
  public MultiMarginLoss p(int newP) {
    return new MultiMarginLoss(newP, margin, weight, reduction);
  }

  /** Returns this loss with another margin. */
  public MultiMarginLoss margin(double newMargin) {
    return new MultiMarginLoss(p, newMargin, weight, reduction);
  }

  /** Returns this loss with a weight for each class. */
  public MultiMarginLoss weight(Tensor newWeight) {
    return new MultiMarginLoss(p, margin, newWeight, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public MultiMarginLoss reduction(Reduction newReduction) {
    return new MultiMarginLoss(p, margin, weight, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input scores
   * @param target labels
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label is no class
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    requireOption(
        input.rank() <= 2,
        "MultiMarginLoss",
        "the input's shape",
        input.shape(),
        "[classes] or [n, classes]");
    ClassRows rows = ClassRows.of("multiMargin", Autocast.singlePrecision(input));
    ClassLabels labels = ClassLabels.of("multiMargin", rows, target, weight, null);
    Tensor x = rows.rows();
    Tensor hinge =
        x.sub(labels.pick(x).unsqueeze(1)).add(margin).clamp(0, Double.POSITIVE_INFINITY);
    Tensor others = Tensor.arange(rows.classes()).ne(labels.indices()).to(x.dtype());
    Tensor powers = (p == 1 ? hinge : hinge.square()).mul(others);
    Tensor losses =
        labels.weighted(powers.sum(/* keepDim= */ false, 1)).div((double) rows.classes());
    return reduction == Reduction.NONE ? rows.inPlaces(losses) : reduction.of(losses);
  }
}
