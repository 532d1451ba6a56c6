package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Loss of the cosine of two vectors: {@code 1 - cos(a, b)} where the target is 1, {@code max(0,
 * cos(a, b) - m)} where it is -1; as {@code torch.nn.CosineEmbeddingLoss}.
 *
 * <p>Shapes: both inputs {@code [d]} or {@code [n, d]}, target {@code []} or {@code [n]}.
 *
 * @param margin {@code m}, from -1 to 1; 0 to 0.5 is usual
 * @since 0.1
 */
public record CosineEmbeddingLoss(double margin, Reduction reduction) {
  /** Keeps a vector of zeros from dividing by 0, as in PyTorch. */
  private static final double EPSILON = 1e-12;

  /** Makes the mean with a margin of 0. */
  public CosineEmbeddingLoss() {
    this(0, Reduction.MEAN);
  }

  /** Checks the options. */
  public CosineEmbeddingLoss {
    LossChecks.requireOption(
        margin >= -1 && margin <= 1, "CosineEmbeddingLoss", "margin", margin, "-1 to 1");
  }

  /** Returns this loss with another margin. */
  public CosineEmbeddingLoss margin(double newMargin) {
    return new CosineEmbeddingLoss(newMargin, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public CosineEmbeddingLoss reduction(Reduction newReduction) {
    return new CosineEmbeddingLoss(margin, newReduction);
  }

  /**
   * Computes the loss of pairs of vectors.
   *
   * @param first {@code a}
   * @param second {@code b}, of the same shape and type
   * @param target 1 or -1, of the same type
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if the types differ or are not floating-point
   */
  public Tensor of(Tensor first, Tensor second, Tensor target) {
    return inSinglePrecision(
        Autocast.singlePrecision(first),
        Autocast.singlePrecision(second),
        Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor first, Tensor second, Tensor target) {
    requireAlike("cosineEmbedding", first, second);
    int rank = first.rank();
    boolean fits = (rank == 1 || rank == 2) && target.rank() == rank - 1;
    if (!fits || (rank == 2 && target.size(0) != first.size(0))) {
      throw ShapeException.mismatch(
          "cosineEmbedding",
          "needs vectors [d] and a target [], or [n, d] and [n]",
          first.shape(),
          second.shape(),
          target.shape());
    }
    if (target.dtype() != first.dtype()) {
      throw DTypeException.mixed("cosineEmbedding", first.dtype(), target.dtype());
    }
    Tensor lengths = squaredLength(first).mul(squaredLength(second)).sqrt();
    Tensor cosine = first.mul(second).sum(/* keepDim= */ false, rank - 1).div(lengths);
    Tensor zero = Tensor.zerosLike(cosine);
    Tensor alike = Tensor.where(target.eq(1), cosine.neg().add(1), zero);
    Tensor apart = cosine.sub(margin).clamp(0, Double.POSITIVE_INFINITY);
    return reduction.of(alike.add(Tensor.where(target.eq(-1), apart, zero)));
  }

  private static Tensor squaredLength(Tensor x) {
    return x.square().sum(/* keepDim= */ false, x.rank() - 1).add(EPSILON);
  }
}
