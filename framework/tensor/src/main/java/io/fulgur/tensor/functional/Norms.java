package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Composition;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Norms of vectors and matrices, as those of {@code torch.linalg}, and what is made of them.
 *
 * @since 0.1
 */
public final class Norms {
  private static final double[] NO_SCALARS = {};

  /** {@code x -> norm}, composite; the attribute is a {@link VectorNorm}. */
  static final Operator VECTOR_NORM =
      Operator.of(
              "vectorNorm",
              (attributes, in) -> {
                Outputs.requireFloating("vectorNorm", in[0]);
                return Outputs.one(in[0].dtype(), ((VectorNorm) attributes).reduce(in[0].shape()));
              },
              Composition.of(Norms::composed))
          .inSinglePrecision();

  /** {@code grad, x, norm -> dx}, composite; grad and norm with the reduced dimensions. */
  static final Operator VECTOR_NORM_BACKWARD =
      Operator.of(
          "vectorNormBackward",
          (attributes, in) -> Outputs.one(in[1].dtype(), in[1].shape()),
          Composition.of(Norms::composedBackward));

  private Norms() {}

  /** Returns the Euclidean norm of all elements. */
  public static Tensor norm(Tensor input) {
    return norm(input, 2, /* keepDim= */ false);
  }

  /**
   * Returns {@code (Σ |x|^p)^(1/p)} over some dimensions, all if none are named, as {@code
   * torch.linalg.vector_norm}: for infinite {@code p} the largest (or smallest) absolute value, for
   * 0 the number of elements that are not 0. The gradient is 0 where the norm is.
   *
   * @throws ShapeException if an infinite norm is taken over no elements
   */
  public static Tensor norm(Tensor input, double p, boolean keepDim, int... dims) {
    VectorNorm attributes = new VectorNorm(p, mask(input, dims), keepDim);
    Tensor x = Autocast.input(VECTOR_NORM, input).contiguous();
    Tensor out = Calls.call(VECTOR_NORM, attributes, x);
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        "norm",
        (grad, g) -> {
          long[] kept = attributes.kept(x.shape()).toArray();
          Tensor[] dx =
              Calls.callAll(
                  VECTOR_NORM_BACKWARD,
                  attributes,
                  NO_SCALARS,
                  grad.reshape(kept),
                  x,
                  out.detach().reshape(kept));
          g.give(x, dx[0]);
        },
        x,
        out);
  }

  private static long mask(Tensor x, int... dims) {
    long mask = 0;
    for (int dim : dims) {
      mask |= 1L << x.shape().axis(dim);
    }
    return dims.length == 0 ? (1L << x.rank()) - 1 : mask;
  }

  private static Tensor composed(OpCall call, Tensor... in) {
    VectorNorm norm = call.attributes(VectorNorm.class);
    Tensor x = in[0];
    int[] dims = norm.dims();
    if (dims.length == 0) {
      return norm.p() == 0 ? x.ne(0).to(x.dtype()) : x.abs();
    }
    boolean keep = norm.keepDim();
    double p = norm.p();
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().max(keep, dims);
    }
    if (p == Double.NEGATIVE_INFINITY) {
      return x.abs().min(keep, dims);
    }
    if (p == 0) {
      return x.ne(0).to(x.dtype()).sum(keep, dims);
    }
    if (p == 1) {
      return x.abs().sum(keep, dims);
    }
    return p == 2 ? x.square().sum(keep, dims).sqrt() : x.abs().pow(p).sum(keep, dims).pow(1 / p);
  }

  private static Tensor composedBackward(OpCall call, Tensor... in) {
    VectorNorm attributes = call.attributes(VectorNorm.class);
    Tensor grad = in[0];
    Tensor x = in[1];
    Tensor norm = in[2];
    double p = attributes.p();
    if (p == 0) {
      return Tensor.zerosLike(x);
    }
    if (p == 1) {
      return grad.mul(x.sign());
    }
    if (Double.isInfinite(p)) {
      Tensor winners = x.abs().eq(norm).to(x.dtype());
      int[] dims = attributes.dims();
      Tensor count = dims.length == 0 ? winners : winners.sum(/* keepDim= */ true, dims);
      return grad.div(count).mul(winners).mul(x.sign());
    }
    if (p == 2) {
      return x.mul(grad.div(norm).maskedFill(norm.eq(0), 0));
    }
    Tensor slope = x.sign().mul(x.abs().pow(p - 1)).maskedFill(x.eq(0), 0);
    return slope.mul(grad.div(norm.pow(p - 1)).maskedFill(norm.eq(0), 0));
  }

  /** A norm of matrices. */
  public enum MatrixNorm {
    /** The root of the sum of squares. */
    FROBENIUS,
    /** The sum of the singular values. */
    NUCLEAR,
    /** The largest singular value. */
    SPECTRAL,
    /** The largest sum of the absolute values of a column. */
    MAX_COLUMN_SUM,
    /** The largest sum of the absolute values of a row. */
    MAX_ROW_SUM
  }

  /**
   * Returns a norm of matrices, as {@code torch.linalg.matrix_norm}.
   *
   * @param input {@code [..., rows, columns]}
   * @return {@code [...]}
   */
  public static Tensor matrixNorm(Tensor input, MatrixNorm norm) {
    Outputs.requireMatrix("matrixNorm", input.shape());
    return switch (norm) {
      case FROBENIUS -> norm(input, 2, /* keepDim= */ false, -2, -1);
      case NUCLEAR -> LinearAlgebra.singularValues(input).sum(/* keepDim= */ false, -1);
      case SPECTRAL -> LinearAlgebra.singularValues(input).max(/* keepDim= */ false, -1);
      case MAX_COLUMN_SUM ->
          input.abs().sum(/* keepDim= */ false, -2).max(/* keepDim= */ false, -1);
      case MAX_ROW_SUM -> input.abs().sum(/* keepDim= */ false, -1).max(/* keepDim= */ false, -1);
    };
  }

  /** Returns {@code x / max(|x|, 1e-12)} with the Euclidean norm along a dimension. */
  public static Tensor normalize(Tensor input, int dim) {
    return normalize(input, 2, dim, 1e-12);
  }

  /**
   * Returns {@code x / max(|x|, epsilon)} with the p-norm along a dimension, as {@code
   * torch.nn.functional.normalize}.
   */
  public static Tensor normalize(Tensor input, double p, int dim, double epsilon) {
    Tensor x = Autocast.input(VECTOR_NORM, input);
    Tensor length = norm(x, p, /* keepDim= */ true, dim);
    return x.div(length.clamp(epsilon, Double.POSITIVE_INFINITY));
  }

  /**
   * Returns {@code a b / (max(|a|, epsilon) max(|b|, epsilon))} along a dimension, which
   * disappears, as {@code torch.nn.functional.cosine_similarity}; the operands broadcast.
   */
  public static Tensor cosineSimilarity(Tensor a, Tensor b, int dim, double epsilon) {
    Shape shape = Shape.broadcast("cosineSimilarity", a.shape(), b.shape());
    Tensor x = Autocast.input(VECTOR_NORM, a).expand(shape.toArray());
    Tensor y = Autocast.input(VECTOR_NORM, b).expand(shape.toArray());
    Tensor lengths =
        norm(x, 2, /* keepDim= */ false, dim)
            .clamp(epsilon, Double.POSITIVE_INFINITY)
            .mul(norm(y, 2, /* keepDim= */ false, dim).clamp(epsilon, Double.POSITIVE_INFINITY));
    return x.mul(y).sum(/* keepDim= */ false, dim).div(lengths);
  }

  /** Which norm over which axes (bit i for axis i) and whether they stay with size 1. */
  record VectorNorm(double p, long mask, boolean keepDim) {
    int[] dims() {
      int[] dims = new int[Long.bitCount(mask)];
      long rest = mask;
      for (int i = 0; i < dims.length; i++) {
        dims[i] = Long.numberOfTrailingZeros(rest);
        rest &= rest - 1;
      }
      return dims;
    }

    Shape kept(Shape shape) {
      long[] sizes = shape.toArray();
      for (int dim : dims()) {
        sizes[dim] = 1;
      }
      return Shape.of(sizes);
    }

    Shape reduce(Shape shape) {
      if (keepDim) {
        return kept(shape);
      }
      long[] sizes = shape.toArray();
      long[] left = new long[sizes.length];
      int rank = 0;
      for (int i = 0; i < sizes.length; i++) {
        if ((mask >> i & 1) == 0) {
          left[rank++] = sizes[i];
        }
      }
      return Shape.of(Arrays.copyOf(left, rank));
    }
  }
}
