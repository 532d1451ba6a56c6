package io.fulgur.nn.loss;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Negative log-likelihood {@code -w[y] x[y]} of the right class {@code y}, of log-probabilities
 * {@code x}; as {@code torch.nn.NLLLoss}.
 *
 * <p>Shapes: input {@code [classes]}, {@code [n, classes]} or {@code [n, classes, d...]}; labels of
 * {@code I64} of the same shape without the classes. The mean divides by the sum of the weights of
 * the labels that are not ignored.
 *
 * <p>PyTorch ignores the label -100 unless told otherwise; here none is ignored unless told so.
 *
 * @param weight {@code w}, {@code [classes]}, or null for ones
 * @param ignoreIndex the label of what does not count, or null for none
 * @since 0.1
 */
public record NLLLoss(@Nullable Tensor weight, @Nullable Long ignoreIndex, Reduction reduction)
    implements Loss {
  /** Makes the mean without weights. */
  public NLLLoss() {
    this(null, null, Reduction.MEAN);
  }

  /** Returns this loss with a weight for each class. */
  public NLLLoss weight(Tensor newWeight) {
    return new NLLLoss(newWeight, ignoreIndex, reduction);
  }

  /** Returns this loss with a label that does not count. */
  public NLLLoss ignoreIndex(long newIgnoreIndex) {
    return new NLLLoss(weight, newIgnoreIndex, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public NLLLoss reduction(Reduction newReduction) {
    return new NLLLoss(weight, ignoreIndex, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input log-probabilities, as of {@link Tensor#logSoftmax}
   * @param target labels
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label is no class
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    ClassRows rows = ClassRows.of("nll", Autocast.singlePrecision(input));
    ClassLabels labels = ClassLabels.of("nll", rows, target, weight, ignoreIndex);
    return labels.reduce(reduction, rows, labels.weighted(labels.pick(rows.rows()).neg()));
  }
}
