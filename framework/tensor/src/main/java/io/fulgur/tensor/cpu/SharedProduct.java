package io.fulgur.tensor.cpu;

import java.util.ArrayList;
import java.util.List;

/** Products by OpenBLAS of which each thread computes some rows. */
final class SharedProduct implements MatrixProduct {
  private final List<Part> parts = new ArrayList<>();
  private final List<Parallel.Share> shares;
  private long left;
  private long y;

  SharedProduct(Layout layout) {
    shares =
        Parallel.divide(
            layout.rows(),
            (long) layout.columns() * layout.depth(),
            (from, to) -> {
              Part part = new Part(layout, from, to);
              parts.add(part);
              return scratch -> part.multiply(left, y);
            });
  }

  private static final class Part {
    private final BlasProduct product;
    private final long leftOffset;
    private final long yOffset;

    Part(Layout layout, int from, int to) {
      product =
          new BlasProduct(
              new Layout(
                  to - from,
                  layout.columns(),
                  layout.depth(),
                  layout.left(),
                  layout.right(),
                  layout.leading(),
                  layout.add(),
                  layout.reused(),
                  /* shared= */ false));
      long rowOfLeft = layout.left().transposed() ? 1 : layout.left().leading();
      leftOffset = from * rowOfLeft * Float.BYTES;
      yOffset = (long) from * layout.leading() * Float.BYTES;
    }

    void multiply(long left, long y) {
      product.multiply(left + leftOffset, y + yOffset);
    }
  }

  @Override
  public void right(long address) {
    parts.forEach(part -> part.product.right(address));
  }

  @Override
  public void multiply(long leftAddress, long yAddress) {
    left = leftAddress;
    y = yAddress;
    Parallel.run(shares);
  }
}
