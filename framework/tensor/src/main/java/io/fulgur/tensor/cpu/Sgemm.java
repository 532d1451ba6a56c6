package io.fulgur.tensor.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.fulgur.tensor.View;

/**
 * Matrix products of a thread at any addresses, for kernels that are made of many products.
 * OpenBLAS computes them on the calling thread; several threads may do so at once.
 */
final class Sgemm {
  private static final ThreadLocal<Sgemm> CURRENT = ThreadLocal.withInitial(Sgemm::new);

  private final NativePlace a = new NativePlace();
  private final NativePlace b = new NativePlace();
  private final NativePlace y = new NativePlace();

  private Sgemm() {}

  static Sgemm current() {
    return CURRENT.get();
  }

  /** Returns the address of a view's first element. */
  static long address(View view) {
    return view.storage().address() + view.offset() * Float.BYTES;
  }

  /**
   * Where a row-major matrix is.
   *
   * @param address of its first element, in bytes
   * @param leading the distance of rows, in elements
   * @param transposed whether the matrix meant is the transposed of that
   */
  record Matrix(long address, int leading, boolean transposed) {
    static Matrix of(long address, int leading) {
      return new Matrix(address, leading, false);
    }

    Matrix transpose() {
      return new Matrix(address, leading, !transposed);
    }

    MatrixProduct.Order order() {
      return new MatrixProduct.Order(leading, transposed);
    }

    /** Returns the address of an element in memory. */
    long at(long row, long column) {
      return address + (row * leading + column) * Float.BYTES;
    }

    private int flag() {
      return transposed ? CblasTrans : CblasNoTrans;
    }
  }

  /**
   * Computes {@code y = alpha a b + beta y}, of which the matrices tell how to read them and the
   * addresses where they begin.
   *
   * @param m rows of a and y
   * @param n columns of b and y
   * @param k columns of a, rows of b
   */
  void multiply(
      int m,
      int n,
      int k,
      float alpha,
      Matrix left,
      long leftAddress,
      Matrix right,
      long rightAddress,
      float beta,
      Matrix out,
      long outAddress) {
    cblas_sgemm(
        CblasRowMajor,
        left.flag(),
        right.flag(),
        m,
        n,
        k,
        alpha,
        a.at(leftAddress),
        left.leading,
        b.at(rightAddress),
        right.leading,
        beta,
        y.at(outAddress),
        out.leading);
  }
}
