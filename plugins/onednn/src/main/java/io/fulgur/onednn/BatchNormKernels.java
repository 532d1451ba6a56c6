package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import org.bytedeco.dnnl.dnnl_batch_normalization_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation of channels-last activations and its gradient. Weights and statistics are in
 * single precision, also beside activations in bfloat16.
 */
final class BatchNormKernels {
  private static final int AFFINE = dnnl_use_scale | dnnl_use_shift;

  private BatchNormKernels() {}

  static @Nullable Kernel forward(OpCall call, boolean alone) {
    return WithEpsilon.of(call, alone, epsilon -> training(call, epsilon, alone));
  }

  static @Nullable Kernel inference(OpCall call, boolean alone) {
    return WithEpsilon.of(call, alone, epsilon -> inference(call, epsilon, alone));
  }

  static @Nullable Kernel backward(OpCall call, boolean alone) {
    return WithEpsilon.of(call, alone, epsilon -> backward(call, epsilon, alone));
  }

  private static boolean fits(OpCall call, View weight) {
    return call.attributes(MemoryFormat.class) == MemoryFormat.CHANNELS_LAST
        && weight.dtype() == DType.F32;
  }

  private static dnnl_memory_desc_t memory(View view) {
    return MemoryDescriptors.dense(view, MemoryFormat.CHANNELS_LAST);
  }

  private static @Nullable PrimitiveDescriptor describe(
      int kind, dnnl_memory_desc_t x, float epsilon, int flags) {
    dnnl_batch_normalization_desc_t operation = new dnnl_batch_normalization_desc_t();
    int status = dnnl_batch_normalization_forward_desc_init(operation, kind, x, epsilon, flags);
    return status == dnnl_success ? PrimitiveDescriptor.of(operation) : null;
  }

  private static @Nullable Kernel training(OpCall call, float epsilon, boolean alone) {
    View weight = call.input(1);
    if (!fits(call, weight)) {
      return null;
    }
    dnnl_memory_desc_t x = memory(call.input(0));
    dnnl_memory_desc_t channels = MemoryDescriptors.flat(weight);
    try (PrimitiveDescriptor descriptor = describe(dnnl_forward_training, x, epsilon, AFFINE)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_SRC, x, call.input(0))
              .with(DNNL_ARG_SCALE, channels, weight)
              .with(DNNL_ARG_SHIFT, channels, call.input(2))
              .with(DNNL_ARG_DST, x, call.output(0))
              .with(DNNL_ARG_MEAN, channels, call.output(1))
              .with(DNNL_ARG_VARIANCE, channels, call.output(2))
              .alone(alone)
              .build(weight.storage().engine());
    }
  }

  private static @Nullable Kernel inference(OpCall call, float epsilon, boolean alone) {
    View weight = call.input(3);
    if (!fits(call, weight)) {
      return null;
    }
    dnnl_memory_desc_t x = memory(call.input(0));
    dnnl_memory_desc_t channels = MemoryDescriptors.flat(weight);
    try (PrimitiveDescriptor descriptor =
        describe(dnnl_forward_inference, x, epsilon, AFFINE | dnnl_use_global_stats)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_SRC, x, call.input(0))
              .with(DNNL_ARG_MEAN, channels, call.input(1))
              .with(DNNL_ARG_VARIANCE, channels, call.input(2))
              .with(DNNL_ARG_SCALE, channels, weight)
              .with(DNNL_ARG_SHIFT, channels, call.input(4))
              .with(DNNL_ARG_DST, x, call.output(0))
              .alone(alone)
              .build(weight.storage().engine());
    }
  }

  private static @Nullable Kernel backward(OpCall call, float epsilon, boolean alone) {
    View weight = call.input(2);
    if (!fits(call, weight)) {
      return null;
    }
    dnnl_memory_desc_t x = memory(call.input(1));
    dnnl_memory_desc_t channels = MemoryDescriptors.flat(weight);
    dnnl_batch_normalization_desc_t operation = new dnnl_batch_normalization_desc_t();
    int status =
        dnnl_batch_normalization_backward_desc_init(
            operation, dnnl_backward, x, x, epsilon, AFFINE);
    if (status != dnnl_success) {
      return null;
    }
    try (PrimitiveDescriptor forward = describe(dnnl_forward_training, x, epsilon, AFFINE);
        PrimitiveDescriptor descriptor =
            forward == null ? null : PrimitiveDescriptor.backward(operation, forward)) {
      return descriptor == null
          ? null
          : new PrimitiveKernel.Builder(descriptor)
              .with(DNNL_ARG_DIFF_DST, x, call.input(0))
              .with(DNNL_ARG_SRC, x, call.input(1))
              .with(DNNL_ARG_SCALE, channels, weight)
              // Has to be there, and is not read.
              .with(DNNL_ARG_SHIFT, channels, weight)
              .with(DNNL_ARG_MEAN, channels, call.input(3))
              .with(DNNL_ARG_VARIANCE, channels, call.input(4))
              .with(DNNL_ARG_DIFF_SRC, x, call.output(0))
              .with(DNNL_ARG_DIFF_SCALE, channels, call.output(1))
              .with(DNNL_ARG_DIFF_SHIFT, channels, call.output(2))
              .alone(alone)
              .build(weight.storage().engine());
    }
  }
}
