package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Loss of what should be near and is not nearer than what should be far: {@code max(0, d(a, p) -
 * d(a, n) + m)} with {@code d(x, y) = ‖x - y + ε‖ₚ} over the last dimension; as {@code
 * torch.nn.TripletMarginLoss}.
 *
 * <p>Shapes: anchor {@code a}, positive {@code p} and negative {@code n} {@code [..., d]}, losses
 * {@code [...]}.
 *
 * <p>V. Balntas, E. Riba, D. Ponsa, K. Mikolajczyk, "Learning shallow convolutional feature
 * descriptors with triplet losses", BMVC 2016.
 *
 * @param margin {@code m}
 * @param p the norm, positive; may be infinite
 * @param epsilon {@code ε}
 * @param swap whether {@code d(p, n)} takes the place of {@code d(a, n)} where it is smaller
 * @since 0.1
 */
public record TripletMarginLoss(
    double margin, double p, double epsilon, boolean swap, Reduction reduction) {
  /** Makes the mean with a margin of 1, the Euclidean norm and {@code ε = 1e-6}, without swap. */
  public TripletMarginLoss() {
    this(1, 2, 1e-6, /* swap= */ false, Reduction.MEAN);
  }

  /** Checks the options. */
  public TripletMarginLoss {
    requireOption(p > 0, "TripletMarginLoss", "p", p, "a positive number");
  }

  /** Returns this loss with another margin. */
  public TripletMarginLoss margin(double newMargin) {
    return new TripletMarginLoss(newMargin, p, epsilon, swap, reduction);
  }

  /** Returns this loss with another norm. */
  public TripletMarginLoss p(double newP) {
    return new TripletMarginLoss(margin, newP, epsilon, swap, reduction);
  }

  /** Returns this loss with another {@code ε}. */
  public TripletMarginLoss epsilon(double newEpsilon) {
    return new TripletMarginLoss(margin, p, newEpsilon, swap, reduction);
  }

  /** Returns this loss with or without swap. */
  public TripletMarginLoss swap(boolean newSwap) {
    return new TripletMarginLoss(margin, p, epsilon, newSwap, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public TripletMarginLoss reduction(Reduction newReduction) {
    return new TripletMarginLoss(margin, p, epsilon, swap, newReduction);
  }

  /**
   * Computes the loss of triplets.
   *
   * @throws io.fulgur.tensor.ShapeException if the shapes differ or have no dimension
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  public Tensor of(Tensor anchor, Tensor positive, Tensor negative) {
    return inSinglePrecision(
        Autocast.singlePrecision(anchor),
        Autocast.singlePrecision(positive),
        Autocast.singlePrecision(negative));
  }

  private Tensor inSinglePrecision(Tensor anchor, Tensor positive, Tensor negative) {
    requireAlike("tripletMargin", anchor, positive);
    requireAlike("tripletMargin", anchor, negative);
    Tensor near = distance(anchor, positive);
    Tensor far = distance(anchor, negative);
    if (swap) {
      far = far.minimum(distance(positive, negative));
    }
    return reduction.of(near.sub(far).add(margin).clamp(0, Double.POSITIVE_INFINITY));
  }

  private Tensor distance(Tensor x, Tensor y) {
    Tensor difference = x.sub(y).add(epsilon);
    if (p == 2) {
      return difference.square().sum(/* keepDim= */ false, -1).sqrt();
    }
    Tensor sizes = difference.abs();
    if (p == 1) {
      return sizes.sum(/* keepDim= */ false, -1);
    }
    return Double.isInfinite(p)
        ? sizes.max(/* keepDim= */ false, -1)
        : sizes.pow(p).sum(/* keepDim= */ false, -1).pow(1 / p);
  }
}
