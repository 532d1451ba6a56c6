package io.fulgur.tensor.cpu;

import static java.util.Map.entry;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgeqrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgesdd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgesv;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgetrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dorgqr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.LinearAlgebraOperators;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Solutions and decompositions of matrices by LAPACK, one matrix of a batch after the other.
 *
 * <p>In double precision for every type: that costs at most twice the time, and single precision
 * loses half of its digits in a matrix of condition 1000.
 */
final class LapackKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(LinearAlgebraOperators.SOLVE, LapackKernels::solve),
          entry(LinearAlgebraOperators.SIGNED_LOG_DETERMINANT, LapackKernels::determinant),
          entry(LinearAlgebraOperators.CHOLESKY, LapackKernels::cholesky),
          entry(LinearAlgebraOperators.EIGH, LapackKernels::eigh),
          entry(LinearAlgebraOperators.SVD, LapackKernels::svd),
          entry(LinearAlgebraOperators.QR, LapackKernels::qr));

  private static final int ROW_MAJOR = 101;

  private LapackKernels() {}

  /** The matrices of a batch, or vectors where the view has one dimension less. */
  private record Batch(Elements elements, int size) {
    static Batch of(View view, int dims) {
      Shape shape = view.shape();
      int size = 1;
      for (int i = shape.rank() - dims; i < shape.rank(); i++) {
        size *= (int) shape.size(i);
      }
      return new Batch(Elements.of(view), size);
    }

    double[] array() {
      return new double[size];
    }

    void read(int matrix, double[] to) {
      elements.read(matrix * size, to, size);
    }

    void write(int matrix, double[] from) {
      elements.write(matrix * size, from, size);
    }
  }

  private static boolean takes(OpCall call) {
    DType dtype = call.input(0).dtype();
    return dtype == DType.F32 || dtype == DType.F64;
  }

  private static int rows(OpCall call) {
    return (int) call.input(0).shape().size(-2);
  }

  private static int columns(OpCall call) {
    return (int) call.input(0).shape().size(-1);
  }

  private static int matrices(OpCall call) {
    Shape shape = call.input(0).shape();
    int count = 1;
    for (int i = 0; i < shape.rank() - 2; i++) {
      count *= (int) shape.size(i);
    }
    return count;
  }

  private static void check(OpCall call, int matrix, int info, String meaning) {
    if (info != 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s: matrix %d of the batch %s"
              .formatted(
                  call.operator(), matrix, info < 0 ? "has elements that are NaN." : meaning));
    }
  }

  private static @Nullable Kernel solve(OpCall call) {
    if (!takes(call)) {
      return null;
    }
    Batch in = Batch.of(call.input(0), 2);
    Batch right = Batch.of(call.input(1), 2);
    Batch out = Batch.of(call.output(0), 2);
    int n = rows(call);
    int k = (int) call.input(1).shape().size(-1);
    int count = matrices(call);
    double[] a = in.array();
    double[] b = right.array();
    int[] pivots = new int[n];
    return () -> {
      for (int i = 0; i < count; i++) {
        in.read(i, a);
        right.read(i, b);
        check(
            call,
            i,
            LAPACKE_dgesv(ROW_MAJOR, n, k, a, n, pivots, b, k),
            "is singular. Use LinearAlgebra.leastSquares for a solution in the least squares"
                + " sense, or add a small multiple of the identity matrix.");
        out.write(i, b);
      }
    };
  }

  private static @Nullable Kernel determinant(OpCall call) {
    if (!takes(call)) {
      return null;
    }
    Batch in = Batch.of(call.input(0), 2);
    Elements signs = Elements.of(call.output(0));
    Elements logarithms = Elements.of(call.output(1));
    int n = rows(call);
    int count = matrices(call);
    double[] a = in.array();
    int[] pivots = new int[n];
    return () -> {
      for (int i = 0; i < count; i++) {
        in.read(i, a);
        int info = n == 0 ? 0 : LAPACKE_dgetrf(ROW_MAJOR, n, n, a, n, pivots);
        check(call, i, Math.min(0, info), "");
        int sign = 1;
        double log = 0;
        for (int d = 0; d < n; d++) {
          double pivot = a[d * n + d];
          sign *= (pivots[d] == d + 1 ? 1 : -1) * (int) Math.signum(pivot);
          log += Math.log(Math.abs(pivot));
        }
        signs.put(i, sign);
        logarithms.put(i, log);
      }
    };
  }

  private static @Nullable Kernel cholesky(OpCall call) {
    if (!takes(call)) {
      return null;
    }
    Batch in = Batch.of(call.input(0), 2);
    Batch out = Batch.of(call.output(0), 2);
    int n = rows(call);
    int count = matrices(call);
    double[] a = in.array();
    return () -> {
      for (int i = 0; i < count; i++) {
        in.read(i, a);
        check(
            call,
            i,
            LAPACKE_dpotrf(ROW_MAJOR, (byte) 'L', n, a, n),
            "is not positive definite. Add a small multiple of the identity matrix.");
        for (int row = 0; row < n; row++) {
          Arrays.fill(a, row * n + row + 1, (row + 1) * n, 0);
        }
        out.write(i, a);
      }
    };
  }

  private static @Nullable Kernel eigh(OpCall call) {
    if (!takes(call)) {
      return null;
    }
    Batch in = Batch.of(call.input(0), 2);
    Batch values = Batch.of(call.output(0), 1);
    Batch vectors = Batch.of(call.output(1), 2);
    int n = rows(call);
    int count = matrices(call);
    double[] a = in.array();
    double[] w = values.array();
    return () -> {
      for (int i = 0; i < count; i++) {
        in.read(i, a);
        int info = LAPACKE_dsyevd(ROW_MAJOR, (byte) 'V', (byte) 'L', n, a, n, w);
        check(call, i, info, "has eigenvalues to which the algorithm did not converge.");
        values.write(i, w);
        vectors.write(i, a);
      }
    };
  }

  private static @Nullable Kernel svd(OpCall call) {
    if (!takes(call)) {
      return null;
    }
    Batch in = Batch.of(call.input(0), 2);
    Batch left = Batch.of(call.output(0), 2);
    Batch singular = Batch.of(call.output(1), 1);
    Batch right = Batch.of(call.output(2), 2);
    int m = rows(call);
    int n = columns(call);
    int k = Math.min(m, n);
    int count = matrices(call);
    double[] a = in.array();
    double[] u = left.array();
    double[] s = singular.array();
    double[] vt = right.array();
    return () -> {
      for (int i = 0; i < count; i++) {
        in.read(i, a);
        int info = LAPACKE_dgesdd(ROW_MAJOR, (byte) 'S', m, n, a, n, s, u, k, vt, n);
        check(call, i, info, "has singular values to which the algorithm did not converge.");
        left.write(i, u);
        singular.write(i, s);
        right.write(i, vt);
      }
    };
  }

  private static @Nullable Kernel qr(OpCall call) {
    if (!takes(call)) {
      return null;
    }
    Batch in = Batch.of(call.input(0), 2);
    Batch orthogonal = Batch.of(call.output(0), 2);
    Batch upper = Batch.of(call.output(1), 2);
    int m = rows(call);
    int n = columns(call);
    int k = Math.min(m, n);
    int count = matrices(call);
    double[] a = in.array();
    double[] q = orthogonal.array();
    double[] r = upper.array();
    double[] reflectors = new double[k];
    return () -> {
      for (int i = 0; i < count; i++) {
        in.read(i, a);
        check(call, i, LAPACKE_dgeqrf(ROW_MAJOR, m, n, a, n, reflectors), "");
        for (int row = 0; row < k; row++) {
          Arrays.fill(r, row * n, row * n + row, 0);
          System.arraycopy(a, row * n + row, r, row * n + row, n - row);
        }
        for (int row = 0; row < m; row++) {
          System.arraycopy(a, row * n, q, row * k, k);
        }
        check(call, i, LAPACKE_dorgqr(ROW_MAJOR, m, k, k, q, k, reflectors), "");
        orthogonal.write(i, q);
        upper.write(i, r);
      }
    };
  }
}
