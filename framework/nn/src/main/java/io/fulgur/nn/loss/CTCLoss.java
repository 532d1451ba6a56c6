package io.fulgur.nn.loss;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Ctc;

/**
 * Connectionist temporal classification, {@code -log p(labels | predictions)} summed over all
 * alignments of labels to a longer sequence of predictions; as {@code torch.nn.CTCLoss}.
 *
 * <p>The mean divides each loss by the length of its labels (at least 1) and then takes the mean
 * over the batch. The gradient is that with respect to the log-probabilities, each for itself;
 * PyTorch's is the same once it has passed through {@code logSoftmax}, which both are meant for.
 *
 * <p>A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist Temporal Classification",
 * ICML 2006.
 *
 * @param blank the class that stands for no label
 * @param zeroInfinity whether the loss of a sequence that is too short for its labels, and its
 *     gradient, is 0 rather than infinite
 * @since 0.1
 */
public record CTCLoss(int blank, boolean zeroInfinity, Reduction reduction) {
  /** Makes the mean with the blank as class 0, without {@code zeroInfinity}. */
  public CTCLoss() {
    this(0, /* zeroInfinity= */ false, Reduction.MEAN);
  }

  /** Returns this loss with another blank. */
  public CTCLoss blank(int newBlank) {
    return new CTCLoss(newBlank, zeroInfinity, reduction);
  }

  /** Returns this loss with infinite losses taken as 0, if true. */
  public CTCLoss zeroInfinity(boolean newZeroInfinity) {
    return new CTCLoss(blank, newZeroInfinity, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public CTCLoss reduction(Reduction newReduction) {
    return new CTCLoss(blank, zeroInfinity, newReduction);
  }

  /**
   * Computes the loss of a batch of sequences.
   *
   * @param logProbabilities {@code [time, batch, classes]}, floating-point, as of {@link
   *     Tensor#logSoftmax}
   * @param targets {@code [batch, length]} of {@code I64}: the classes, filled up with anything
   * @param inputLengths {@code [batch]} of {@code I64}, how many predictions count
   * @param targetLengths {@code [batch]} of {@code I64}, how many labels count
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label or a length is out of range
   */
  public Tensor of(
      Tensor logProbabilities, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
    Tensor losses =
        Ctc.losses(
            Autocast.singlePrecision(logProbabilities),
            targets,
            inputLengths,
            targetLengths,
            blank);
    if (zeroInfinity) {
      losses = Tensor.where(losses.isFinite(), losses, Tensor.zerosLike(losses));
    }
    if (reduction == Reduction.MEAN) {
      Tensor lengths = targetLengths.to(losses.dtype()).clamp(1, Double.POSITIVE_INFINITY);
      return losses.div(lengths).mean();
    }
    return reduction.of(losses);
  }
}
