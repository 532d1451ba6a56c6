package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Focal loss of yes-or-no scores, as {@code torchvision.ops.sigmoid_focal_loss}: {@link
 * BCEWithLogitsLoss} times {@code a (1 - p)^γ}, where {@code p} is the probability that the scores
 * give to the right answer and {@code a} is {@code α} for a positive one, {@code 1 - α} else. So
 * what is already right counts little.
 *
 * <p>The mean divides by the number of elements; torchvision's default is no reduction.
 *
 * <p>T. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal Loss for Dense Object Detection", ICCV
 * 2017.
 *
 * @param alpha {@code α} in {@code [0, 1]}, or -1 for {@code a = 1}
 * @param gamma {@code γ}, not negative
 * @since 0.1
 */
public record SigmoidFocalLoss(double alpha, double gamma, Reduction reduction) implements Loss {
  /** Makes the mean with {@code α = 0.25} and {@code γ = 2}. */
  public SigmoidFocalLoss() {
    this(0.25, 2, Reduction.MEAN);
  }

  /** Checks the options. */
  public SigmoidFocalLoss {
    requireOption(
        alpha == -1 || (alpha >= 0 && alpha <= 1),
        "SigmoidFocalLoss",
        "alpha",
        alpha,
        "0 to 1, or -1 for no weight");
    requireOption(gamma >= 0, "SigmoidFocalLoss", "gamma", gamma, "a number not below 0");
  }

  /** Returns this loss with another {@code α}. */
  public SigmoidFocalLoss alpha(double newAlpha) {
    return new SigmoidFocalLoss(newAlpha, gamma, reduction);
  }

  /** Returns this loss with another {@code γ}. */
  public SigmoidFocalLoss gamma(double newGamma) {
    return new SigmoidFocalLoss(alpha, newGamma, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public SigmoidFocalLoss reduction(Reduction newReduction) {
    return new SigmoidFocalLoss(alpha, gamma, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @param input scores before any sigmoid
   * @param target 0 or 1, of the shape and type of the input
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("sigmoidFocal", input, target);
    Tensor p = input.sigmoid();
    // 1 - p of the right answer: t + p - 2 p t
    Tensor wrong = target.add(p).sub(p.mul(target).mul(2));
    Tensor entropy = new BCEWithLogitsLoss().reduction(Reduction.NONE).of(input, target);
    Tensor losses = entropy.mul(wrong.pow(gamma));
    if (alpha >= 0) {
      losses = losses.mul(target.mul(2 * alpha - 1).add(1 - alpha));
    }
    return reduction.of(losses);
  }
}
