package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_include_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_workspace_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.PoolingAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import java.nio.ByteBuffer;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_pooling_desc_t;
import org.jspecify.annotations.Nullable;

/**
 * Pooling of channels-last activations and its gradients. What oneDNN remembers of a maximum is its
 * position in the window, a byte, as the operator's second output.
 */
final class PoolingKernels {
  private PoolingKernels() {}

  static @Nullable Kernel max(OpCall call, boolean alone) {
    Pooling pooling = Pooling.of(call, dnnl_pooling_max);
    View index = call.output(1);
    if (pooling == null || index.dtype() != DType.U8) {
      return null;
    }
    dnnl_memory_desc_t x = pooling.memory(call.input(0));
    dnnl_memory_desc_t y = pooling.memory(call.output(0));
    dnnl_memory_desc_t positions = pooling.memory(index);
    ByteBuffer input = bytes(call.input(0));
    ByteBuffer output = bytes(call.output(0));
    ByteBuffer indices = bytes(index);
    try (PrimitiveDescriptor descriptor = pooling.describe(x, y)) {
      if (descriptor == null
          || !remembers(descriptor, positions)
          || input == null
          || output == null
          || indices == null) {
        return null;
      }
      Kernel kernel =
          new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_SRC, x, call.input(0))
              .with(DNNL_ARG_DST, y, call.output(0))
              .with(DNNL_ARG_WORKSPACE, positions, index)
              .alone(alone)
              .build(index.storage().engine());
      return new NanKeepingMaxPool(kernel, call, input, output, indices);
    }
  }

  private static @Nullable ByteBuffer bytes(View view) {
    int size = view.dtype().sizeBytes();
    long count = view.elements() * size;
    return count > Integer.MAX_VALUE ? null : view.storage().hostBytes(view.offset() * size, count);
  }

  private static boolean remembers(PrimitiveDescriptor descriptor, dnnl_memory_desc_t positions) {
    return dnnl_memory_desc_equal(descriptor.memory(dnnl_query_workspace_md), positions) != 0;
  }

  static @Nullable Kernel maxBackward(OpCall call, boolean alone) {
    Pooling pooling = Pooling.of(call, dnnl_pooling_max);
    View index = call.input(1);
    if (pooling == null || index.dtype() != DType.U8) {
      return null;
    }
    dnnl_memory_desc_t positions = pooling.memory(index);
    return pooling.backward(call, positions, alone);
  }

  static @Nullable Kernel average(OpCall call, boolean alone) {
    Pooling pooling = Pooling.of(call, averageAlgorithm(call));
    if (pooling == null) {
      return null;
    }
    dnnl_memory_desc_t x = pooling.memory(call.input(0));
    dnnl_memory_desc_t y = pooling.memory(call.output(0));
    try (PrimitiveDescriptor descriptor = pooling.describe(x, y)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_SRC, x, call.input(0))
              .with(DNNL_ARG_DST, y, call.output(0))
              .alone(alone)
              .build(call.output(0).storage().engine());
    }
  }

  static @Nullable Kernel averageBackward(OpCall call, boolean alone) {
    Pooling pooling = Pooling.of(call, averageAlgorithm(call));
    return pooling == null ? null : pooling.backward(call, null, alone);
  }

  private static int averageAlgorithm(OpCall call) {
    return call.attributes(PoolingAttributes.class).countPadding()
        ? dnnl_pooling_avg_include_padding
        : dnnl_pooling_avg_exclude_padding;
  }

  private record Pooling(Windows windows, int algorithm) {
    /** Returns null for what oneDNN does not do: windows of several sizes or with gaps. */
    static @Nullable Pooling of(OpCall call, int algorithm) {
      PoolingAttributes attributes = call.attributes(PoolingAttributes.class);
      WindowGeometry window = attributes.window();
      if (attributes.format() != MemoryFormat.CHANNELS_LAST || window.isAdaptive()) {
        return null;
      }
      for (int axis = 0; axis < window.rank(); axis++) {
        boolean overhangs = window.paddingAfter(axis) > window.padding(axis);
        if (window.dilation(axis) != 1
            || (overhangs && algorithm == dnnl_pooling_avg_include_padding)) {
          return null;
        }
      }
      return new Pooling(new Windows(window), algorithm);
    }

    dnnl_memory_desc_t memory(View view) {
      return MemoryDescriptors.dense(view, MemoryFormat.CHANNELS_LAST);
    }

    @Nullable PrimitiveDescriptor describe(dnnl_memory_desc_t x, dnnl_memory_desc_t y) {
      dnnl_pooling_desc_t operation = new dnnl_pooling_desc_t();
      int status =
          dnnl_pooling_forward_desc_init(
              operation,
              dnnl_forward_training,
              algorithm,
              x,
              y,
              windows.strides(),
              windows.kernel(),
              windows.padding(),
              windows.paddingAfter());
      return status == dnnl_success ? PrimitiveDescriptor.of(operation) : null;
    }

    @Nullable Kernel backward(OpCall call, @Nullable dnnl_memory_desc_t positions, boolean alone) {
      dnnl_memory_desc_t grad = memory(call.input(0));
      dnnl_memory_desc_t dx = memory(call.output(0));
      dnnl_pooling_desc_t operation = new dnnl_pooling_desc_t();
      int status =
          dnnl_pooling_backward_desc_init(
              operation,
              algorithm,
              dx,
              grad,
              windows.strides(),
              windows.kernel(),
              windows.padding(),
              windows.paddingAfter());
      if (status != dnnl_success) {
        return null;
      }
      try (PrimitiveDescriptor forward = describe(dx, grad);
          PrimitiveDescriptor descriptor =
              forward == null ? null : PrimitiveDescriptor.backward(operation, forward)) {
        if (descriptor == null || (positions != null && !remembers(descriptor, positions))) {
          return null;
        }
        PrimitiveKernel.Builder builder =
            new PrimitiveKernel.Builder(descriptor)
                .with(DNNL_ARG_DIFF_DST, grad, call.input(0))
                .with(DNNL_ARG_DIFF_SRC, dx, call.output(0))
                .alone(alone);
        if (positions != null) {
          builder.with(DNNL_ARG_WORKSPACE, positions, call.input(1));
        }
        return builder.build(call.output(0).storage().engine());
      }
    }
  }
}
