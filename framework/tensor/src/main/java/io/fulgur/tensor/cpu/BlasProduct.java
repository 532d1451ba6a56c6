package io.fulgur.tensor.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/** Products by OpenBLAS. */
final class BlasProduct implements MatrixProduct {
  private final Layout layout;
  private final NativePlace left = new NativePlace();
  private final NativePlace right = new NativePlace();
  private final NativePlace y = new NativePlace();

  BlasProduct(Layout layout) {
    this.layout = layout;
  }

  @Override
  public void right(long address) {
    right.at(address);
  }

  @Override
  public void multiply(long leftAddress, long yAddress) {
    cblas_sgemm(
        CblasRowMajor,
        flag(layout.left()),
        flag(layout.right()),
        layout.rows(),
        layout.columns(),
        layout.depth(),
        1f,
        left.at(leftAddress),
        layout.left().leading(),
        right,
        layout.right().leading(),
        layout.add() ? 1f : 0f,
        y.at(yAddress),
        layout.leading());
  }

  private static int flag(Order order) {
    return order.transposed() ? CblasTrans : CblasNoTrans;
  }
}
