package io.fulgur.tensor.functional;

import static io.fulgur.tensor.Operators.NONE;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Products, solutions and decompositions of matrices, as those of {@code torch.linalg}. Matrices
 * are the last two dimensions; leading ones are a batch. {@code matmul} is a method of {@link
 * Tensor}; norms are in {@link Norms}.
 *
 * <p>Solutions and decompositions are LAPACK's, computed in double precision for every type. A
 * matrix that has none is a {@link io.fulgur.error.FulgurException} that tells which of the batch
 * it is.
 *
 * @since 0.1
 */
public final class LinearAlgebra {
  private static final double[] NO_SCALARS = {};

  private LinearAlgebra() {}

  // ---------------------------------------------------------------- products

  /** Returns the sum of the products of two vectors of one size. */
  public static Tensor dot(Tensor a, Tensor b) {
    if (a.rank() != 1 || !a.shape().equals(b.shape())) {
      throw ShapeException.mismatch("dot", "needs vectors of one size", a.shape(), b.shape());
    }
    return a.mul(b).sum();
  }

  /** Returns {@code y[i][j] = a[i] b[j]} of two vectors. */
  public static Tensor outer(Tensor a, Tensor b) {
    if (a.rank() != 1 || b.rank() != 1) {
      throw ShapeException.mismatch("outer", "needs vectors", a.shape(), b.shape());
    }
    return a.unsqueeze(1).mul(b);
  }

  /** Returns the products of matrices {@code [batch, m, k]} and {@code [batch, k, n]}. */
  public static Tensor bmm(Tensor a, Tensor b) {
    if (a.rank() != 3 || b.rank() != 3 || a.size(0) != b.size(0)) {
      throw ShapeException.mismatch(
          "bmm", "needs [batch, m, k] and [batch, k, n]", a.shape(), b.shape());
    }
    return a.matmul(b);
  }

  /** Returns {@code beta input + alpha a b} of batches of matrices, see {@link #bmm}. */
  public static Tensor baddbmm(Tensor input, Tensor a, Tensor b, double beta, double alpha) {
    Tensor product = alpha == 1 ? bmm(a, b) : bmm(a, b).mul(alpha);
    // What beta 0 leaves out may be NaN.
    if (beta == 0) {
      return product;
    }
    Tensor x = Autocast.lowerPrecision(input);
    return (beta == 1 ? x : x.mul(beta)).add(product);
  }

  /** Returns the Kronecker product, whose sizes are the products of the operands' sizes. */
  public static Tensor kron(Tensor a, Tensor b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] left = new long[2 * rank];
    long[] right = new long[2 * rank];
    long[] joined = new long[rank];
    for (int i = 0; i < rank; i++) {
      left[2 * i] = i < rank - a.rank() ? 1 : a.size(i - (rank - a.rank()));
      left[2 * i + 1] = 1;
      right[2 * i] = 1;
      right[2 * i + 1] = i < rank - b.rank() ? 1 : b.size(i - (rank - b.rank()));
      joined[i] = left[2 * i] * right[2 * i + 1];
    }
    return a.reshape(left).mul(b.reshape(right)).reshape(joined);
  }

  /** Returns the sums of the main diagonals. */
  public static Tensor trace(Tensor a) {
    return Rearranging.diagonal(a).sum(/* keepDim= */ false, -1);
  }

  /** Returns the {@code n}-th power of square matrices; a negative one is of the inverse. */
  public static Tensor matrixPower(Tensor a, int n) {
    Outputs.requireSquare("matrixPower", a.shape());
    if (n < 0) {
      return matrixPower(inverse(a), -n);
    }
    Tensor power = identity(a);
    Tensor square = a;
    for (int rest = n; rest > 0; rest /= 2) {
      power = rest % 2 == 1 ? power.matmul(square) : power;
      square = rest > 1 ? square.matmul(square) : square;
    }
    return power;
  }

  static Tensor identity(Tensor a) {
    return Creation.eye(a.size(-1), a.dtype()).expand(a.shape().toArray()).contiguous();
  }

  static Tensor transposed(Tensor a) {
    return a.transpose(-2, -1);
  }

  // ---------------------------------------------------------------- solutions

  /**
   * Returns {@code x} with {@code a x = b}, as {@code torch.linalg.solve}.
   *
   * @param a {@code [..., n, n]}
   * @param b {@code [..., n, k]}, or {@code [n]}; leading dimensions broadcast
   * @throws io.fulgur.error.FulgurException if a matrix is singular
   */
  public static Tensor solve(Tensor a, Tensor b) {
    Outputs.requireSquare("solve", a.shape());
    if (b.rank() == 1) {
      return solve(a, b.unsqueeze(1)).squeeze(-1);
    }
    Outputs.requireMatrix("solve", b.shape());
    Shape batch = Shape.broadcast("solve", batch(a.shape()), batch(b.shape()));
    Tensor x = Autocast.singlePrecision(a).expand(with(batch, a)).contiguous();
    Tensor y = Autocast.singlePrecision(b).expand(with(batch, b)).contiguous();
    Tensor out = Calls.call(LinearAlgebraOperators.SOLVE, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "solve",
        (grad, g) -> {
          Tensor dy = solve(transposed(x), grad);
          if (x.requiresGrad()) {
            g.give(x, dy.matmul(transposed(out)).neg());
          }
          g.give(y, dy);
        },
        x,
        out);
  }

  private static Shape batch(Shape shape) {
    return shape.without(-1).without(-1);
  }

  private static long[] with(Shape batch, Tensor matrices) {
    int rank = batch.rank();
    return batch.inserted(rank, matrices.size(-2)).inserted(rank + 1, matrices.size(-1)).toArray();
  }

  /**
   * Returns the inverses of square matrices.
   *
   * @throws io.fulgur.error.FulgurException if one is singular
   */
  public static Tensor inverse(Tensor a) {
    Outputs.requireSquare("inverse", a.shape());
    return solve(a, identity(a));
  }

  /**
   * Returns the least squares solution {@code x} of {@code a x = b}, of least norm where there are
   * several, as {@code torch.linalg.lstsq(driver="gelsd")}.
   *
   * @param a {@code [..., m, n]}
   * @param b {@code [..., m, k]}
   */
  public static Tensor leastSquares(Tensor a, Tensor b) {
    Tensor x = Autocast.singlePrecision(a);
    Tensor y = Autocast.singlePrecision(b);
    try (Autocast ignored = Autocast.off()) {
      return pseudoInverse(x).matmul(y);
    }
  }

  /**
   * Returns the Moore-Penrose inverses, as {@code torch.linalg.pinv}; singular values not above
   * {@code max(m, n) epsilon} times the largest count as 0, with the epsilon of the type.
   *
   * @param a {@code [..., m, n]}
   * @return {@code [..., n, m]}
   */
  public static Tensor pseudoInverse(Tensor a) {
    Outputs.requireMatrix("pseudoInverse", a.shape());
    Tensor x = Autocast.singlePrecision(a).contiguous();
    try (Autocast ignored = Autocast.off()) {
      return Decompositions.pseudoInverse(x);
    }
  }

  // ---------------------------------------------------------------- determinants

  /** Returns the determinants of square matrices; differentiable also where they are 0. */
  public static Tensor determinant(Tensor a) {
    Outputs.requireSquare("determinant", a.shape());
    Tensor x = Autocast.singlePrecision(a).contiguous();
    SignedLogDeterminant parts = signedLogDeterminant(x.detach());
    Tensor out = parts.sign().mul(parts.logarithm().exp());
    return Calls.tracks(x)
        ? Calls.record(
            out,
            "determinant",
            (grad, g) ->
                g.give(x, Decompositions.cofactors(x).mul(grad.unsqueeze(-1).unsqueeze(-1))),
            x)
        : out;
  }

  /**
   * A determinant in parts that neither overflow nor underflow.
   *
   * @param sign -1, 0 or 1
   * @param logarithm of the absolute value
   */
  public record SignedLogDeterminant(Tensor sign, Tensor logarithm) {}

  /** Returns the determinants' signs and logarithms, as {@code torch.linalg.slogdet}. */
  public static SignedLogDeterminant signedLogDeterminant(Tensor a) {
    Outputs.requireSquare("signedLogDeterminant", a.shape());
    Tensor x = Autocast.singlePrecision(a).contiguous();
    Tensor[] out =
        Calls.callAll(LinearAlgebraOperators.SIGNED_LOG_DETERMINANT, NONE, NO_SCALARS, x);
    if (Calls.tracks(x)) {
      Calls.record(
          out[1],
          "signedLogDeterminant",
          (grad, g) -> g.give(x, transposed(inverse(x)).mul(grad.unsqueeze(-1).unsqueeze(-1))),
          x);
    }
    return new SignedLogDeterminant(out[0], out[1]);
  }

  // ---------------------------------------------------------------- decompositions

  /**
   * Returns the lower triangular {@code l} with {@code a = l lᵀ}, as {@code torch.linalg.cholesky}.
   *
   * @param a symmetric and positive definite; only its lower triangle is read
   * @throws io.fulgur.error.FulgurException if a matrix is not positive definite
   */
  public static Tensor cholesky(Tensor a) {
    return Decompositions.cholesky(Autocast.singlePrecision(a).contiguous());
  }

  /**
   * Eigenvalues and eigenvectors.
   *
   * @param values {@code [..., n]}, ascending
   * @param vectors {@code [..., n, n]}, in columns
   */
  public record Eigen(Tensor values, Tensor vectors) {}

  /**
   * Returns eigenvalues and eigenvectors of symmetric matrices, as {@code torch.linalg.eigh}; only
   * the lower triangle is read. Gradients through the vectors need distinct eigenvalues.
   */
  public static Eigen eigh(Tensor a) {
    return Decompositions.eigh(Autocast.singlePrecision(a).contiguous());
  }

  /**
   * A singular value decomposition {@code a = u diag(s) vt}.
   *
   * @param u {@code [..., m, k]} with {@code k = min(m, n)}, of orthonormal columns
   * @param s {@code [..., k]}, descending, not negative
   * @param vt {@code [..., k, n]}, of orthonormal rows
   */
  public record Svd(Tensor u, Tensor s, Tensor vt) {}

  /**
   * Returns the reduced singular value decomposition, as {@code torch.linalg.svd(a,
   * full_matrices=False)}. Gradients through {@code u} and {@code vt} need distinct singular
   * values, and none 0 where the matrix is not square; they are those of a function that does not
   * depend on the vectors' signs.
   */
  public static Svd svd(Tensor a) {
    return Decompositions.svd(Autocast.singlePrecision(a).contiguous());
  }

  /** Returns the singular values alone, descending. */
  public static Tensor singularValues(Tensor a) {
    return svd(a).s();
  }

  /**
   * A decomposition {@code a = q r}.
   *
   * @param q {@code [..., m, k]} with {@code k = min(m, n)}, of orthonormal columns
   * @param r {@code [..., k, n]}, upper triangular
   */
  public record Qr(Tensor q, Tensor r) {}

  /**
   * Returns the reduced QR decomposition, as {@code torch.linalg.qr}. Differentiable where {@code m
   * >= n} and the columns are independent.
   */
  public static Qr qr(Tensor a) {
    return Decompositions.qr(Autocast.singlePrecision(a).contiguous());
  }
}
