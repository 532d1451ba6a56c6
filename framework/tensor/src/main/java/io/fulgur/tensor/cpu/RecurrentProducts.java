package io.fulgur.tensor.cpu;

import java.util.ArrayList;
import java.util.List;

/** The products that a recurrent layer's kernel has prepared, to be closed with it. */
final class RecurrentProducts implements AutoCloseable {
  private final MatrixProduct.Factory factory;
  private final List<MatrixProduct> prepared = new ArrayList<>();

  RecurrentProducts(MatrixProduct.Factory factory) {
    this.factory = factory;
  }

  /**
   * Prepares the products of a part of the sequences with a matrix that stays for all steps. Each
   * thread has a part of its own.
   */
  MatrixProduct ofStep(
      int rows,
      int columns,
      int depth,
      Sgemm.Matrix left,
      Sgemm.Matrix right,
      Sgemm.Matrix y,
      boolean add) {
    return prepare(
        new MatrixProduct.Layout(
            rows,
            columns,
            depth,
            left.order(),
            right.order(),
            y.leading(),
            add,
            /* reused= */ true,
            /* shared= */ false));
  }

  /** Prepares a product over all steps, which all threads compute together. */
  MatrixProduct ofAllSteps(
      int rows,
      int columns,
      int depth,
      Sgemm.Matrix left,
      Sgemm.Matrix right,
      Sgemm.Matrix y,
      boolean add) {
    return prepare(
        new MatrixProduct.Layout(
            rows,
            columns,
            depth,
            left.order(),
            right.order(),
            y.leading(),
            add,
            /* reused= */ false,
            /* shared= */ true));
  }

  private MatrixProduct prepare(MatrixProduct.Layout layout) {
    boolean empty = layout.rows() == 0 || layout.columns() == 0 || layout.depth() == 0;
    // Of nothing the product is zero, which BLAS knows.
    MatrixProduct product = empty ? MatrixProduct.blas(layout) : factory.prepare(layout);
    prepared.add(product);
    return product;
  }

  @Override
  public void close() {
    prepared.forEach(MatrixProduct::close);
  }
}
