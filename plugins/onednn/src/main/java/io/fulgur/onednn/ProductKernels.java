package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import org.bytedeco.dnnl.dnnl_matmul_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.jspecify.annotations.Nullable;

/** Matrix products, of operands as they lie. */
final class ProductKernels {
  private ProductKernels() {}

  static @Nullable Kernel matmul(OpCall call, boolean alone) {
    dnnl_memory_desc_t a = operand(call.input(0));
    dnnl_memory_desc_t b = operand(call.input(1));
    if (a == null || b == null) {
      return null;
    }
    return new Product(call, a, b, null, call.attributes(Boolean.class)).kernel(alone);
  }

  static @Nullable Kernel linear(OpCall call, boolean alone) {
    View weight = call.input(1);
    long in = weight.shape().size(1);
    long out = weight.shape().size(0);
    DType dtype = weight.dtype();
    dnnl_memory_desc_t x = MemoryDescriptors.of(call.input(0));
    dnnl_memory_desc_t transposed =
        MemoryDescriptors.strided(dtype, new long[] {in, out}, new long[] {1, in});
    dnnl_memory_desc_t bias =
        MemoryDescriptors.strided(dtype, new long[] {1, out}, new long[] {out, 1});
    if (x == null || transposed == null || bias == null) {
      return null;
    }
    return new Product(call, x, transposed, bias, /* accumulate= */ false).kernel(alone);
  }

  /** Describes an operand; a matrix repeated for the whole batch is told as a batch of one. */
  private static @Nullable dnnl_memory_desc_t operand(View view) {
    long[] sizes = view.shape().toArray();
    long[] strides = view.strides();
    for (int i = 0; i < sizes.length - 2; i++) {
      if (strides[i] == 0) {
        sizes[i] = 1;
      }
    }
    return MemoryDescriptors.strided(view.dtype(), sizes, strides);
  }

  private record Product(
      OpCall call,
      dnnl_memory_desc_t a,
      dnnl_memory_desc_t b,
      @Nullable dnnl_memory_desc_t bias,
      boolean accumulate) {

    @Nullable Kernel kernel(boolean alone) {
      View y = call.output(0);
      Engine engine = y.storage().engine();
      dnnl_memory_desc_t out = MemoryDescriptors.rowMajor(y.dtype(), y.shape());
      dnnl_matmul_desc_t operation = new dnnl_matmul_desc_t();
      dnnl_memory_desc_t added = bias == null ? MemoryDescriptors.none() : bias;
      if (dnnl_matmul_desc_init(operation, a, b, added, out) != dnnl_success) {
        return null;
      }
      try (PrimitiveDescriptor descriptor =
          accumulate
              ? PrimitiveDescriptor.accumulating(operation)
              : PrimitiveDescriptor.of(operation)) {
        if (descriptor == null) {
          return null;
        }
        PrimitiveKernel.Builder builder =
            new PrimitiveKernel.Builder(descriptor)
                .with(DNNL_ARG_SRC, a, call.input(0))
                .with(DNNL_ARG_WEIGHTS, b, call.input(1))
                .with(DNNL_ARG_DST, out, y)
                // What divides the work when it is prepared need not be told again.
                .alone(alone && !descriptor.implementation().startsWith("brg"));
        if (bias != null) {
          builder.with(DNNL_ARG_BIAS, bias, call.input(2));
        }
        return builder.build(engine);
      }
    }
  }
}
