package io.fulgur.tensor.cpu;

/**
 * Matrix products {@code y = l r} or {@code y += l r} of one size in single precision, of matrices
 * at any addresses, The kernels of whole layers are made of them.
 *
 * <p>One thread at a time may use a product.
 *
 * @since 0.1
 */
public interface MatrixProduct extends AutoCloseable {
  /**
   * Where the elements of a row-major matrix are.
   *
   * @param leading the distance of rows, in elements
   * @param transposed whether the factor is the transposed of the matrix in memory
   */
  record Order(int leading, boolean transposed) {
    static Order rows(int leading) {
      return new Order(leading, /* transposed= */ false);
    }

    Order transpose() {
      return new Order(leading, !transposed);
    }
  }

  /**
   * A product's sizes.
   *
   * @param rows of the left factor and of y
   * @param columns of the right factor and of y
   * @param depth columns of the left factor, rows of the right one
   * @param left the order of the left factor
   * @param right the order of the right factor
   * @param leading the distance of rows of y, in elements
   * @param add whether the product is added to what y holds
   * @param reused whether each right factor is multiplied several times, which makes it worth while
   *     to copy it in an order that is faster to read
   * @param shared whether other threads help the one that calls; else it is one of several that
   *     compute products of their own
   */
  record Layout(
      int rows,
      int columns,
      int depth,
      Order left,
      Order right,
      int leading,
      boolean add,
      boolean reused,
      boolean shared) {}

  /** Prepares products. */
  @FunctionalInterface
  interface Factory {
    /** Prepares products of a size, none of which is 0. */
    MatrixProduct prepare(Layout layout);
  }

  /**
   * Tells the right factor of the next products. To be told again when its contents have changed.
   *
   * @param address of its first element in memory, in bytes
   */
  void right(long address);

  /**
   * Multiplies.
   *
   * @param left the address of the left factor's first element in memory
   * @param y the address of the result's first element
   */
  void multiply(long left, long y);

  /** Frees what was prepared. */
  @Override
  default void close() {}

  /** Prepares products by BLAS, which copies its factors each time. */
  static MatrixProduct blas(Layout layout) {
    return layout.shared() ? new SharedProduct(layout) : new BlasProduct(layout);
  }
}
