package io.fulgur.tensor.functional;

import static io.fulgur.tensor.Operators.NONE;
import static io.fulgur.tensor.functional.LinearAlgebra.transposed;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;

/**
 * Decompositions with their gradients, after M. Giles, "Collected matrix derivative results for
 * forward and reverse mode algorithmic differentiation", 2008, and, of the singular value
 * decomposition, J. Townsend, "Differentiating the singular value decomposition", 2016.
 *
 * <p>A gradient is linear in those of the outputs, so each output is recorded alone.
 */
final class Decompositions {
  private static final double[] NO_SCALARS = {};

  private Decompositions() {}

  /** Returns matrices with a vector on the diagonal times a matrix: scaled rows. */
  private static Tensor rows(Tensor diagonal, Tensor matrix) {
    return diagonal.unsqueeze(-1).mul(matrix);
  }

  /** Returns a matrix times matrices with a vector on the diagonal: scaled columns. */
  private static Tensor columns(Tensor matrix, Tensor diagonal) {
    return matrix.mul(diagonal.unsqueeze(-2));
  }

  static Tensor cholesky(Tensor x) {
    Tensor l = Calls.call(LinearAlgebraOperators.CHOLESKY, NONE, x);
    return Calls.tracks(x)
        ? Calls.record(l, "cholesky", (grad, g) -> g.give(x, choleskyGradient(l, grad)), l)
        : l;
  }

  private static Tensor choleskyGradient(Tensor l, Tensor grad) {
    Tensor p = Rearranging.tril(transposed(l).matmul(grad), 0);
    Tensor halved = p.sub(Rearranging.diagEmbed(Rearranging.diagonal(p), 0).mul(0.5));
    // l^-T halved l^-1
    Tensor left = LinearAlgebra.solve(transposed(l), halved);
    Tensor both = transposed(LinearAlgebra.solve(transposed(l), transposed(left)));
    return both.add(transposed(both)).mul(0.5);
  }

  static LinearAlgebra.Eigen eigh(Tensor x) {
    Tensor[] out = Calls.callAll(LinearAlgebraOperators.EIGH, NONE, NO_SCALARS, x);
    Tensor values = out[0];
    Tensor vectors = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          values,
          "eigh",
          (grad, g) -> g.give(x, columns(vectors, grad).matmul(transposed(vectors))),
          vectors);
      Calls.record(
          vectors,
          "eigh",
          (grad, g) -> {
            Tensor inner = transposed(vectors).matmul(grad).mul(inverseGaps(values));
            g.give(x, vectors.matmul(inner).matmul(transposed(vectors)));
          },
          values,
          vectors);
    }
    return new LinearAlgebra.Eigen(values, vectors);
  }

  /** Returns {@code 1 / (v[j] - v[i])} at {@code [i, j]}, and 0 on the diagonal. */
  private static Tensor inverseGaps(Tensor v) {
    Tensor gaps = v.unsqueeze(-2).sub(v.unsqueeze(-1));
    Tensor diagonal = Creation.eye(v.size(-1), DType.BOOL);
    return gaps.maskedFill(diagonal, 1).reciprocal().maskedFill(diagonal, 0);
  }

  static LinearAlgebra.Svd svd(Tensor x) {
    Tensor[] out = Calls.callAll(LinearAlgebraOperators.SVD, NONE, NO_SCALARS, x);
    Tensor u = out[0];
    Tensor s = out[1];
    Tensor vt = out[2];
    if (Calls.tracks(x)) {
      Calls.record(s, "svd", (grad, g) -> g.give(x, columns(u, grad).matmul(vt)), u, vt);
      Calls.record(u, "svd", (grad, g) -> g.give(x, leftGradient(u, s, vt, grad)), u, s, vt);
      // The decomposition of the transposed matrix is that with u and v exchanged.
      Calls.record(
          vt,
          "svd",
          (grad, g) ->
              g.give(
                  x, transposed(leftGradient(transposed(vt), s, transposed(u), transposed(grad)))),
          u,
          s,
          vt);
    }
    return new LinearAlgebra.Svd(u, s, vt);
  }

  private static Tensor leftGradient(Tensor u, Tensor s, Tensor vt, Tensor grad) {
    Tensor projected = transposed(u).matmul(grad);
    Tensor skew = projected.sub(transposed(projected)).mul(inverseGaps(s.square()));
    Tensor within = u.matmul(columns(skew, s));
    if (u.size(-2) > u.size(-1)) {
      Tensor outside = grad.sub(u.matmul(projected));
      within = within.add(columns(outside, s.reciprocal()));
    }
    return within.matmul(vt);
  }

  static LinearAlgebra.Qr qr(Tensor x) {
    Tensor[] out = Calls.callAll(LinearAlgebraOperators.QR, NONE, NO_SCALARS, x);
    Tensor q = out[0];
    Tensor r = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          q,
          "qr",
          (grad, g) -> {
            requireTall(x);
            Tensor m = transposed(grad).matmul(q).neg();
            g.give(x, timesInverse(grad.add(q.matmul(mirrored(m))), r));
          },
          q,
          r);
      Calls.record(
          r,
          "qr",
          (grad, g) -> {
            requireTall(x);
            Tensor m = r.matmul(transposed(grad));
            g.give(x, timesInverse(q.matmul(mirrored(m)), r));
          },
          q,
          r);
    }
    return new LinearAlgebra.Qr(q, r);
  }

  private static void requireTall(Tensor x) {
    if (x.size(-2) < x.size(-1)) {
      throw new FulgurException(
          ErrorId.NOT_DIFFERENTIABLE,
          "qr of " + x.shape() + " has no gradient: it needs at least as many rows as columns.");
    }
  }

  /** Returns the lower triangle mirrored to the upper one. */
  private static Tensor mirrored(Tensor m) {
    return Rearranging.tril(m, 0).add(transposed(Rearranging.tril(m, -1)));
  }

  /** Returns {@code a r^-T}. */
  private static Tensor timesInverse(Tensor a, Tensor r) {
    return transposed(LinearAlgebra.solve(r, transposed(a)));
  }

  static Tensor pseudoInverse(Tensor x) {
    LinearAlgebra.Svd svd = svd(x.detach());
    double epsilon = x.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f);
    double tolerance = Math.max(x.size(-1), x.size(-2)) * epsilon;
    Tensor s = svd.s();
    Tensor inverse = Tensor.zerosLike(s);
    if (s.elements() > 0) {
      Tensor zero = s.le(s.max(/* keepDim= */ true, -1).mul(tolerance));
      inverse = s.maskedFill(zero, 1).reciprocal().maskedFill(zero, 0);
    }
    Tensor out = columns(transposed(svd.vt()), inverse).matmul(transposed(svd.u()));
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out, "pseudoInverse", (grad, g) -> g.give(x, pseudoInverseGradient(x, out, grad)), x, out);
  }

  /** G. Golub, V. Pereyra, 1973: of dP = -P dA P + P Pᵀ dAᵀ (I - A P) + (I - P A) dAᵀ Pᵀ P. */
  private static Tensor pseudoInverseGradient(Tensor a, Tensor p, Tensor grad) {
    Tensor pt = transposed(p);
    Tensor gt = transposed(grad);
    Tensor first = pt.matmul(grad).matmul(pt);
    Tensor left = gt.sub(a.matmul(p).matmul(gt)).matmul(p).matmul(pt);
    Tensor right = pt.matmul(p).matmul(gt.sub(gt.matmul(p).matmul(a)));
    return left.add(right).sub(first);
  }

  /** Returns the derivative of the determinant by each element, also of singular matrices. */
  static Tensor cofactors(Tensor x) {
    LinearAlgebra.Svd svd = svd(x.detach());
    Tensor sign = sign(svd.u()).mul(sign(svd.vt()));
    Tensor others = productOfOthers(svd.s()).mul(sign.unsqueeze(-1));
    return columns(svd.u(), others).matmul(svd.vt());
  }

  private static Tensor sign(Tensor orthogonal) {
    return LinearAlgebra.signedLogDeterminant(orthogonal.contiguous()).sign();
  }

  /** Returns at each place of the last dimension the product of the other elements. */
  private static Tensor productOfOthers(Tensor s) {
    long n = s.size(-1);
    if (n == 0) {
      return s;
    }
    Tensor diagonal = Creation.eye(n, DType.BOOL);
    Tensor square = rows(Tensor.onesLike(s), s.unsqueeze(-2)).maskedFill(diagonal, 1);
    return Scans.cumprod(square, -1).select(-1, n - 1);
  }
}
