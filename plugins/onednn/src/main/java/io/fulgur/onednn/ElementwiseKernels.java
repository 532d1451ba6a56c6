package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_erf;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import org.bytedeco.dnnl.dnnl_binary_desc_t;
import org.bytedeco.dnnl.dnnl_eltwise_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.jspecify.annotations.Nullable;

/** Functions of each element alone, their gradients, and conversions between types. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  /** Returns kernels of {@code x -> y}. */
  static KernelFactory forward(int algorithm) {
    return (call, alone) -> forward(call, algorithm, alone);
  }

  /** Returns kernels of {@code grad, v -> dx}, v being what the algorithm's gradient is told in. */
  static KernelFactory backward(int algorithm, int value) {
    return (call, alone) -> backward(call, algorithm, value, alone);
  }

  static @Nullable Kernel gelu(OpCall call, boolean alone) {
    return forward(call, geluAlgorithm(call), alone);
  }

  static @Nullable Kernel geluBackward(OpCall call, boolean alone) {
    return backward(call, geluAlgorithm(call), DNNL_ARG_SRC, alone);
  }

  private static int geluAlgorithm(OpCall call) {
    return call.attributes(Boolean.class) ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf;
  }

  private static @Nullable PrimitiveDescriptor describe(dnnl_memory_desc_t flat, int algorithm) {
    dnnl_eltwise_desc_t operation = new dnnl_eltwise_desc_t();
    int status =
        dnnl_eltwise_forward_desc_init(operation, dnnl_forward_training, algorithm, flat, 0, 0);
    return status == dnnl_success ? PrimitiveDescriptor.of(operation) : null;
  }

  private static @Nullable Kernel forward(OpCall call, int algorithm, boolean alone) {
    View y = call.output(0);
    dnnl_memory_desc_t flat = MemoryDescriptors.flat(y);
    try (PrimitiveDescriptor descriptor = describe(flat, algorithm)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_SRC, flat, call.input(0))
              .with(DNNL_ARG_DST, flat, y)
              .alone(alone)
              .build(y.storage().engine());
    }
  }

  private static @Nullable Kernel backward(OpCall call, int algorithm, int value, boolean alone) {
    View dx = call.output(0);
    dnnl_memory_desc_t flat = MemoryDescriptors.flat(dx);
    dnnl_eltwise_desc_t operation = new dnnl_eltwise_desc_t();
    if (dnnl_eltwise_backward_desc_init(operation, algorithm, flat, flat, 0, 0) != dnnl_success) {
      return null;
    }
    try (PrimitiveDescriptor forward = describe(flat, algorithm);
        PrimitiveDescriptor descriptor =
            forward == null ? null : PrimitiveDescriptor.backward(operation, forward)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_DIFF_DST, flat, call.input(0))
              .with(value, flat, call.input(1))
              .with(DNNL_ARG_DIFF_SRC, flat, dx)
              .alone(alone)
              .build(dx.storage().engine());
    }
  }

  /** Returns kernels of {@code a, b -> y} for operands of one shape. */
  static KernelFactory binary(int algorithm) {
    return (call, alone) -> binary(call, algorithm, alone);
  }

  private static @Nullable Kernel binary(OpCall call, int algorithm, boolean alone) {
    View y = call.output(0);
    if (!call.input(0).shape().equals(y.shape()) || !call.input(1).shape().equals(y.shape())) {
      return null;
    }
    dnnl_memory_desc_t flat = MemoryDescriptors.flat(y);
    dnnl_binary_desc_t operation = new dnnl_binary_desc_t();
    if (dnnl_binary_desc_init(operation, algorithm, flat, flat, flat) != dnnl_success) {
      return null;
    }
    try (PrimitiveDescriptor descriptor = PrimitiveDescriptor.of(operation)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_SRC_0, flat, call.input(0))
              .with(DNNL_ARG_SRC_1, flat, call.input(1))
              .with(DNNL_ARG_DST, flat, y)
              .alone(alone)
              .build(y.storage().engine());
    }
  }

  static @Nullable Kernel cast(OpCall call, boolean alone) {
    View x = call.input(0);
    View y = call.output(0);
    if (!MemoryDescriptors.supports(x.dtype())) {
      return null;
    }
    dnnl_memory_desc_t from = MemoryDescriptors.flat(x);
    dnnl_memory_desc_t to = MemoryDescriptors.flat(y);
    try (PrimitiveDescriptor descriptor = PrimitiveDescriptor.reorderIfPossible(from, to)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_FROM, from, x)
              .with(DNNL_ARG_TO, to, y)
              .alone(alone)
              .build(y.storage().engine());
    }
  }
}
