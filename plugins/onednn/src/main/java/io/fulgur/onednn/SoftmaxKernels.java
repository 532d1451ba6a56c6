package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_logsoftmax_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_logsoftmax_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_softmax_desc_t;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of softmax and its logarithm along the last axis. Not the functions themselves:
 * oneDNN's make one element of a row with a NaN NaN and the others zero, where all have to be.
 */
final class SoftmaxKernels {
  private SoftmaxKernels() {}

  static @Nullable Kernel softmaxBackward(OpCall call, boolean alone) {
    return backward(call, /* logarithm= */ false, alone);
  }

  static @Nullable Kernel logSoftmaxBackward(OpCall call, boolean alone) {
    return backward(call, /* logarithm= */ true, alone);
  }

  private static dnnl_memory_desc_t memory(View view) {
    return view.shape().rank() == 0
        ? MemoryDescriptors.flat(view)
        : MemoryDescriptors.rowMajor(view.dtype(), view.shape());
  }

  private static @Nullable PrimitiveDescriptor describe(
      dnnl_memory_desc_t memory, int axis, boolean logarithm) {
    dnnl_softmax_desc_t operation = new dnnl_softmax_desc_t();
    int status =
        logarithm
            ? dnnl_logsoftmax_forward_desc_init(operation, dnnl_forward_training, memory, axis)
            : dnnl_softmax_forward_desc_init(operation, dnnl_forward_training, memory, axis);
    return status == dnnl_success ? PrimitiveDescriptor.of(operation) : null;
  }

  private static @Nullable Kernel backward(OpCall call, boolean logarithm, boolean alone) {
    View dx = call.output(0);
    dnnl_memory_desc_t memory = memory(dx);
    int axis = call.attributes(Integer.class);
    dnnl_softmax_desc_t operation = new dnnl_softmax_desc_t();
    int status =
        logarithm
            ? dnnl_logsoftmax_backward_desc_init(operation, memory, memory, axis)
            : dnnl_softmax_backward_desc_init(operation, memory, memory, axis);
    if (status != dnnl_success) {
      return null;
    }
    try (PrimitiveDescriptor forward = describe(memory, axis, logarithm);
        PrimitiveDescriptor descriptor =
            forward == null ? null : PrimitiveDescriptor.backward(operation, forward)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_DIFF_DST, memory, call.input(0))
              .with(DNNL_ARG_DST, memory, call.input(1))
              .with(DNNL_ARG_DIFF_SRC, memory, dx)
              .alone(alone)
              .build(dx.storage().engine());
    }
  }
}
