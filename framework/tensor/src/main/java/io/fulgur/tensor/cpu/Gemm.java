package io.fulgur.tensor.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.View;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * {@code y = a b + beta y} by OpenBLAS, or several such products at regular distances.
 *
 * @param a {@code [m, k]} or {@code [batches, m, k]}; rows or columns without gaps inside
 * @param b {@code [k, n]} or {@code [batches, k, n]}; likewise
 * @param y {@code [m, n]} or {@code [batches, m, n]}, row-major
 */
record Gemm(Matrix a, Matrix b, View y, boolean accumulate) {
  /** One operand: where it is and how BLAS is to read it. */
  record Matrix(View view, int rows, int columns, boolean transposed, int leading, long distance) {
    static Matrix of(View view) {
      int rank = view.shape().rank();
      int rows = (int) view.shape().size(-2);
      int columns = (int) view.shape().size(-1);
      long rowStride = view.stride(rank - 2);
      long columnStride = view.stride(rank - 1);
      boolean byRows = (columnStride == 1 || columns == 1) && (rowStride >= columns || rows == 1);
      long leading = byRows ? Math.max(rowStride, columns) : Math.max(columnStride, rows);
      return new Matrix(
          view, rows, columns, !byRows, (int) Math.max(1, leading), rank == 3 ? view.stride(0) : 0);
    }

    /** Returns this read the other way round. */
    Matrix transpose() {
      return new Matrix(view, columns, rows, !transposed, leading, distance);
    }

    private int flag() {
      return transposed ? CblasTrans : CblasNoTrans;
    }

    private Pointer address(int batch) {
      return new Address(
          view.storage().address() + (view.offset() + batch * distance) * view.dtype().sizeBytes());
    }
  }

  /** Returns where an element of a view's memory is, counted from the first of the view. */
  static FloatPointer pointer(View view, long element) {
    return new FloatPointer(
        new Address(
            view.storage().address() + (view.offset() + element) * view.dtype().sizeBytes()));
  }

  /** A pointer that owns nothing. */
  private static final class Address extends Pointer {
    Address(long at) {
      super((Pointer) null);
      address = at;
    }
  }

  /** Returns the number of multiply-adds of one product. */
  long work() {
    return (long) a.rows * a.columns * b.columns;
  }

  Kernel kernel() {
    boolean single = y.dtype() == DType.F32;
    int batches = y.shape().rank() == 3 ? (int) y.shape().size(0) : 1;
    Pointer[] as = pointers(a, batches);
    Pointer[] bs = pointers(b, batches);
    Pointer[] ys = pointers(Matrix.of(y), batches);
    int m = a.rows;
    int n = b.columns;
    int k = a.columns;
    int transposeA = a.flag();
    int transposeB = b.flag();
    int leadingA = a.leading;
    int leadingB = b.leading;
    float beta = accumulate ? 1 : 0;
    return () -> {
      for (int i = 0; i < as.length; i++) {
        if (single) {
          cblas_sgemm(
              CblasRowMajor,
              transposeA,
              transposeB,
              m,
              n,
              k,
              1f,
              (FloatPointer) as[i],
              leadingA,
              (FloatPointer) bs[i],
              leadingB,
              beta,
              (FloatPointer) ys[i],
              n);
        } else {
          cblas_dgemm(
              CblasRowMajor,
              transposeA,
              transposeB,
              m,
              n,
              k,
              1.0,
              (DoublePointer) as[i],
              leadingA,
              (DoublePointer) bs[i],
              leadingB,
              beta,
              (DoublePointer) ys[i],
              n);
        }
      }
    };
  }

  /** Returns where each product's part of a matrix is. */
  private static Pointer[] pointers(Matrix matrix, int batches) {
    boolean single = matrix.view.dtype() == DType.F32;
    Pointer[] pointers = new Pointer[batches];
    for (int i = 0; i < batches; i++) {
      Pointer address = matrix.address(i);
      pointers[i] = single ? new FloatPointer(address) : new DoublePointer(address);
    }
    return pointers;
  }
}
