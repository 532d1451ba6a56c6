package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.cpu.MatrixProduct;
import org.bytedeco.dnnl.dnnl_matmul_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.jspecify.annotations.Nullable;

/**
 * Products for the kernels of whole layers. A right factor that is multiplied several times is
 * copied once in the order that oneDNN reads fastest.
 */
final class PackedProduct implements MatrixProduct {
  private static final int LEFT = 0;
  private static final int RIGHT = 1;
  private static final int Y = 2;
  private final PrimitiveKernel product;

  /** Copies the right factor, or null where the product takes it as it lies. */
  private final @Nullable PrimitiveKernel packing;

  private final @Nullable Storage packed;

  private PackedProduct(
      PrimitiveKernel product, @Nullable PrimitiveKernel packing, @Nullable Storage packed) {
    this.product = product;
    this.packing = packing;
    this.packed = packed;
  }

  /** Prepares products, by BLAS where oneDNN has no good implementation. */
  static MatrixProduct of(Layout layout, Engine engine) {
    MatrixProduct prepared =
        layout.shared() ? prepare(layout, engine) : OpenMp.alone(() -> prepare(layout, engine));
    return prepared == null ? MatrixProduct.blas(layout) : prepared;
  }

  private static @Nullable MatrixProduct prepare(Layout layout, Engine engine) {
    dnnl_memory_desc_t left = factor(layout.rows(), layout.depth(), layout.left());
    dnnl_memory_desc_t right = factor(layout.depth(), layout.columns(), layout.right());
    dnnl_memory_desc_t y =
        factor(layout.rows(), layout.columns(), new Order(layout.leading(), false));
    if (left == null || right == null || y == null) {
      return null;
    }
    dnnl_memory_desc_t any = MemoryDescriptors.any(DType.F32, layout.depth(), layout.columns());
    dnnl_matmul_desc_t operation = new dnnl_matmul_desc_t();
    int status =
        dnnl_matmul_desc_init(
            operation, left, layout.reused() ? any : right, MemoryDescriptors.none(), y);
    if (status != dnnl_success) {
      return null;
    }
    try (PrimitiveDescriptor descriptor =
        layout.add()
            ? PrimitiveDescriptor.accumulating(operation)
            : PrimitiveDescriptor.of(operation)) {
      if (descriptor == null || (!layout.shared() && !dividesEarly(descriptor))) {
        return null;
      }
      dnnl_memory_desc_t wanted = descriptor.memory(dnnl_query_weights_md);
      PrimitiveKernel product =
          new PrimitiveKernel.Builder(descriptor)
              .moving(DNNL_ARG_SRC, left)
              .moving(DNNL_ARG_WEIGHTS, wanted)
              .moving(DNNL_ARG_DST, y)
              .anyThread()
              .build(engine);
      return dnnl_memory_desc_equal(wanted, right) != 0
          ? new PackedProduct(product, null, null)
          : packed(product, right, wanted, engine);
    }
  }

  private static MatrixProduct packed(
      PrimitiveKernel product, dnnl_memory_desc_t right, dnnl_memory_desc_t wanted, Engine engine) {
    Storage packed = engine.allocate(DType.U8, dnnl_memory_desc_get_size(wanted));
    try (PrimitiveDescriptor reorder = PrimitiveDescriptor.reorder(right, wanted)) {
      PrimitiveKernel packing =
          new PrimitiveKernel.Builder(reorder)
              .moving(DNNL_ARG_FROM, right)
              .with(DNNL_ARG_TO, wanted, packed)
              .alone(true)
              .anyThread()
              .build(engine);
      product.move(RIGHT, packed.address());
      return new PackedProduct(product, packing, packed);
    }
  }

  /** Returns whether the work is divided among threads now, and not among those there are later. */
  private static boolean dividesEarly(PrimitiveDescriptor descriptor) {
    return descriptor.implementation().startsWith("brg");
  }

  private static @Nullable dnnl_memory_desc_t factor(int rows, int columns, Order order) {
    long[] strides =
        order.transposed() ? new long[] {1, order.leading()} : new long[] {order.leading(), 1};
    return MemoryDescriptors.strided(DType.F32, new long[] {rows, columns}, strides);
  }

  @Override
  public void right(long address) {
    if (packing == null) {
      product.move(RIGHT, address);
    } else {
      packing.move(LEFT, address);
      packing.run();
    }
  }

  @Override
  public void multiply(long left, long y) {
    product.move(LEFT, left);
    product.move(Y, y);
    product.run();
  }

  @Override
  public void close() {
    product.close();
    if (packing != null) {
      packing.close();
    }
    if (packed != null) {
      packed.free();
    }
  }
}
