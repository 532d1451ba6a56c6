package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireFloating;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Selection;

/**
 * Dice loss of a segmentation, {@code 1 - (2 Σ p t + s) / (Σ p + Σ t + s)}, the sums over all
 * places of one class in one sample; as {@code monai.losses.DiceLoss}, PyTorch having none.
 *
 * <p>Shapes: input {@code [n, classes, d...]} of probabilities {@code p}, as of a sigmoid or a
 * softmax over the classes; target of the input's shape and type, or labels of {@code I64} {@code
 * [n, d...]}, whose one-hot vectors are {@code t}. The losses are {@code [n, classes]} before they
 * are reduced.
 *
 * <p>F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net: Fully Convolutional Neural Networks for
 * Volumetric Medical Image Segmentation", 3DV 2016, with the squares in the divisor.
 *
 * @param smooth {@code s}, positive, which keeps the quotient finite where a class is absent
 * @param squared whether the divisor is {@code Σ p² + Σ t² + s}
 * @since 0.1
 */
public record DiceLoss(double smooth, boolean squared, Reduction reduction) implements Loss {
  private static final String NAME = "dice";

  /** Makes the mean with {@code s = 1e-5} and without squares. */
  public DiceLoss() {
    this(1e-5, /* squared= */ false, Reduction.MEAN);
  }

  /** Checks the options. */
  public DiceLoss {
    requireOption(smooth > 0, "DiceLoss", "smooth", smooth, "a positive number");
  }

  /** Returns this loss with another {@code s}. */
  public DiceLoss smooth(double newSmooth) {
    return new DiceLoss(newSmooth, squared, reduction);
  }

  /** Returns this loss with squares in the divisor, if true. */
  public DiceLoss squared(boolean newSquared) {
    return new DiceLoss(smooth, newSquared, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public DiceLoss reduction(Reduction newReduction) {
    return new DiceLoss(smooth, squared, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input probabilities
   * @param target probabilities or labels
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label is no class
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    requireFloating(NAME, input);
    if (input.rank() < 2) {
      throw ShapeException.mismatch(
          NAME, "the input must be [n, classes, d...]", input.shape(), target.shape());
    }
    Tensor probabilities = Autocast.singlePrecision(input);
    Tensor p = places(probabilities);
    Tensor t;
    if (target.dtype().isFloating()) {
      Tensor given = Autocast.singlePrecision(target);
      requireAlike(NAME, probabilities, given);
      t = places(given);
    } else {
      t = oneHot(input.shape(), target).to(p.dtype());
    }
    // As one quotient: the difference from 1 of a good prediction would lose its digits.
    Tensor common = p.mul(t).mul(2);
    Tensor apart = squared ? p.sub(t).square() : p.add(t).sub(common);
    Tensor all = apart.add(common);
    return reduction.of(sum(apart).div(sum(all).add(smooth)));
  }

  private static Tensor sum(Tensor x) {
    return x.sum(/* keepDim= */ false, 2);
  }

  /** Returns {@code [n, classes, places]}. */
  private static Tensor places(Tensor x) {
    return x.rank() == 2 ? x.unsqueeze(2) : x.flatten(2, -1);
  }

  private static Tensor oneHot(Shape input, Tensor labels) {
    if (labels.dtype() != DType.I64) {
      throw DTypeException.unsupported(
          NAME + " with labels", labels.dtype(), "I64; convert with to(DType.I64)");
    }
    if (!labels.shape().inserted(Math.min(1, labels.rank()), input.size(1)).equals(input)) {
      throw ShapeException.mismatch(
          NAME, "labels must be of the input's shape without the classes", input, labels.shape());
    }
    Tensor byPlace = labels.reshape(input.size(0), labels.elements() / Math.max(1, input.size(0)));
    return Selection.oneHot(byPlace, Math.toIntExact(input.size(1))).transpose(1, 2);
  }
}
