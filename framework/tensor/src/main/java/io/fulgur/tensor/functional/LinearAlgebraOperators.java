package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.View;

/**
 * The operators behind {@link LinearAlgebra}: basic ones, of {@code F32} and {@code F64}, for
 * batches of matrices.
 *
 * @since 0.1
 */
public final class LinearAlgebraOperators {
  /** {@code a[..., n, n], b[..., n, k] -> x[..., n, k]} with {@code a x = b}. */
  public static final Operator SOLVE = Operator.of("solve", LinearAlgebraOperators::solve);

  /** {@code a[..., n, n] -> sign[...], logarithm[...]} of the determinant. */
  public static final Operator SIGNED_LOG_DETERMINANT =
      Operator.of(
          "signedLogDeterminant",
          (attributes, in) -> {
            Output scalar = new Output(square("A determinant", in[0]), batch(in[0].shape()));
            return new Output[] {scalar, scalar};
          });

  /** {@code a[..., n, n] -> l[..., n, n]}, lower triangular, of the lower triangle of a. */
  public static final Operator CHOLESKY =
      Operator.of(
          "cholesky", (attributes, in) -> Outputs.one(square("cholesky", in[0]), in[0].shape()));

  /** {@code a[..., n, n] -> values[..., n], vectors[..., n, n]}, of the lower triangle of a. */
  public static final Operator EIGH =
      Operator.of(
          "eigh",
          (attributes, in) -> {
            Shape shape = in[0].shape();
            return new Output[] {
              new Output(square("eigh", in[0]), shape.without(-1)), new Output(in[0].dtype(), shape)
            };
          });

  /** {@code a[..., m, n] -> u[..., m, k], s[..., k], vt[..., k, n]} with {@code k = min(m, n)}. */
  public static final Operator SVD = Operator.of("svd", LinearAlgebraOperators::svd);

  /** {@code a[..., m, n] -> q[..., m, k], r[..., k, n]} with {@code k = min(m, n)}. */
  public static final Operator QR = Operator.of("qr", LinearAlgebraOperators::qr);

  private LinearAlgebraOperators() {}

  private static DType square(String name, View in) {
    Outputs.requireFloating(name, in);
    Outputs.requireSquare(name, in.shape());
    return in.dtype();
  }

  private static Shape batch(Shape shape) {
    return shape.without(-1).without(-1);
  }

  private static Output[] solve(Object attributes, View[] in) {
    square("solve", in[0]);
    Outputs.requireOneType("solve", in[0], in[1]);
    Shape a = in[0].shape();
    Shape b = in[1].shape();
    if (b.rank() != a.rank() || b.size(-2) != a.size(-1) || !batch(a).equals(batch(b))) {
      throw ShapeException.mismatch("solve", "needs [..., n, n] and [..., n, k]", a, b);
    }
    return Outputs.one(in[0].dtype(), b);
  }

  private static Output[] svd(Object attributes, View[] in) {
    Outputs.requireFloating("svd", in[0]);
    Outputs.requireMatrix("svd", in[0].shape());
    Shape shape = in[0].shape();
    long k = Math.min(shape.size(-1), shape.size(-2));
    return new Output[] {
      new Output(in[0].dtype(), shape.withSize(-1, k)),
      new Output(in[0].dtype(), shape.without(-1).withSize(-1, k)),
      new Output(in[0].dtype(), shape.withSize(-2, k))
    };
  }

  private static Output[] qr(Object attributes, View[] in) {
    Outputs.requireFloating("qr", in[0]);
    Outputs.requireMatrix("qr", in[0].shape());
    Shape shape = in[0].shape();
    long k = Math.min(shape.size(-1), shape.size(-2));
    return new Output[] {
      new Output(in[0].dtype(), shape.withSize(-1, k)),
      new Output(in[0].dtype(), shape.withSize(-2, k))
    };
  }
}
