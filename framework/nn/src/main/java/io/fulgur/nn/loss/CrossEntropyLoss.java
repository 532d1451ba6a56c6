package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.CrossEntropy;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy {@code -Σ w[c] t[c] logSoftmax(x)[c]} of class scores {@code x}, as {@code
 * torch.nn.CrossEntropyLoss}.
 *
 * <p>The target is either labels, where {@code t} is 1 at the label and 0 else, or the
 * probabilities {@code t} themselves. Label smoothing with {@code ε} replaces {@code t} by {@code
 * (1 - ε) t + ε / classes}.
 *
 * <p>Shapes: input {@code [classes]}, {@code [n, classes]} or {@code [n, classes, d...]}; labels of
 * {@code I64} of the same shape without the classes; probabilities of the input's shape and type.
 * The mean of labels divides by the sum of the weights of those that are not ignored; that of
 * probabilities by the number of rows.
 *
 * <p>PyTorch ignores the label -100 unless told otherwise; here none is ignored unless told so, as
 * a label that is no class is nearly always a mistake.
 *
 * <p>Label smoothing: C. Szegedy et al., "Rethinking the Inception Architecture for Computer
 * Vision", CVPR 2016.
 *
 * @param weight {@code w}, {@code [classes]}, or null for ones
 * @param ignoreIndex the label of what does not count, or null for none
 * @param labelSmoothing {@code ε}, from 0 to 1
 * @since 0.1
 */
public record CrossEntropyLoss(
    @Nullable Tensor weight, @Nullable Long ignoreIndex, double labelSmoothing, Reduction reduction)
    implements Loss {
  private static final String NAME = "crossEntropy";

  /** Makes the mean without weights or smoothing. */
  public CrossEntropyLoss() {
    this(null, null, 0, Reduction.MEAN);
  }

  /** Checks the options. */
  public CrossEntropyLoss {
    requireOption(
        labelSmoothing >= 0 && labelSmoothing <= 1,
        "CrossEntropyLoss",
        "labelSmoothing",
        labelSmoothing,
        "0 to 1");
  }

  /** Returns this loss with a weight for each class. */
  public CrossEntropyLoss weight(Tensor newWeight) {
    return new CrossEntropyLoss(newWeight, ignoreIndex, labelSmoothing, reduction);
  }

  /** Returns this loss with a label that does not count. */
  public CrossEntropyLoss ignoreIndex(long newIgnoreIndex) {
    return new CrossEntropyLoss(weight, newIgnoreIndex, labelSmoothing, reduction);
  }

  /** Returns this loss with label smoothing. */
  public CrossEntropyLoss labelSmoothing(double newLabelSmoothing) {
    return new CrossEntropyLoss(weight, ignoreIndex, newLabelSmoothing, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public CrossEntropyLoss reduction(Reduction newReduction) {
    return new CrossEntropyLoss(weight, ignoreIndex, labelSmoothing, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input scores before any softmax
   * @param target labels or probabilities
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   * @throws io.fulgur.tensor.DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label is no class
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    if (isPlain() && input.rank() == 2 && !target.dtype().isFloating()) {
      return CrossEntropy.mean(input, target);
    }
    Tensor scores = Autocast.singlePrecision(input);
    ClassRows rows = ClassRows.of(NAME, scores);
    if (target.dtype().isFloating()) {
      return ofProbabilities(scores, rows, Autocast.singlePrecision(target));
    }
    rows.requireLabels(NAME, target);
    Tensor labels = target.reshape(rows.rows().size(0));
    if (isPlain() && target.elements() > 0) {
      return CrossEntropy.mean(rows.rows(), labels);
    }
    CrossEntropy.Rows losses =
        CrossEntropy.rows(rows.rows(), labels, weight, ignoreIndex, labelSmoothing);
    return switch (reduction) {
      case MEAN -> losses.mean();
      case SUM -> losses.losses().sum();
      case NONE -> rows.inPlaces(losses.losses());
    };
  }

  private boolean isPlain() {
    return weight == null
        && ignoreIndex == null
        && labelSmoothing == 0
        && reduction == Reduction.MEAN;
  }

  private Tensor ofProbabilities(Tensor input, ClassRows rows, Tensor target) {
    requireAlike(NAME, input, target);
    if (ignoreIndex != null) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "CrossEntropyLoss of probabilities: ignoreIndex is %d, but probabilities are no labels. Weight what does not count with rows of zeros instead."
              .formatted(ignoreIndex));
    }
    Tensor t = ClassRows.of(NAME, target).rows();
    if (labelSmoothing > 0) {
      t = t.mul(1 - labelSmoothing).add(labelSmoothing / rows.classes());
    }
    Tensor losses =
        weighted(rows, rows.rows().logSoftmax(1)).mul(t).sum(/* keepDim= */ false, 1).neg();
    return reduction == Reduction.NONE ? rows.inPlaces(losses) : reduction.of(losses);
  }

  private Tensor weighted(ClassRows rows, Tensor logProbabilities) {
    if (weight == null) {
      return logProbabilities;
    }
    rows.requireWeights(NAME, weight);
    return logProbabilities.mul(weight.detach().to(logProbabilities.dtype()));
  }
}
