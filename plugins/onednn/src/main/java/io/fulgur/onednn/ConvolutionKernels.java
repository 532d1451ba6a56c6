package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_convolution_backward_data_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_convolution_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_convolution_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_weights_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.ConvolutionAttributes;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of channels-last activations and their gradients.
 *
 * <p>Activations are read and written as they lie. Weights are reordered to what the implementation
 * wants, which costs little beside the convolution. Row-major activations are left to others: they
 * would have to be reordered, too, and a function that asks the engine first does not make any.
 */
final class ConvolutionKernels {
  private ConvolutionKernels() {}

  static @Nullable Kernel forward(OpCall call, boolean alone) {
    Operation operation = Operation.of(call, alone);
    return operation == null ? null : operation.forward(call);
  }

  static @Nullable Kernel backwardInput(OpCall call, boolean alone) {
    Operation operation = Operation.of(call, alone);
    return operation == null ? null : operation.backwardInput(call);
  }

  static @Nullable Kernel backwardWeight(OpCall call, boolean alone) {
    Operation operation = Operation.of(call, alone);
    return operation == null ? null : operation.backwardWeight(call);
  }

  private record Operation(
      ConvolutionAttributes attributes, Windows windows, DType dtype, boolean alone) {
    static @Nullable Operation of(OpCall call, boolean alone) {
      ConvolutionAttributes attributes = call.attributes(ConvolutionAttributes.class);
      return attributes.format() == MemoryFormat.CHANNELS_LAST
          ? new Operation(
              attributes, new Windows(attributes.window()), call.output(0).dtype(), alone)
          : null;
    }

    /** Returns a weight's sizes as oneDNN wants them: with groups as a dimension. */
    private long[] weightSizes(View weight) {
      long[] sizes = weight.shape().toArray();
      int groups = attributes.groups();
      if (groups == 1) {
        return sizes;
      }
      long[] grouped = new long[sizes.length + 1];
      grouped[0] = groups;
      grouped[1] = sizes[0] / groups;
      System.arraycopy(sizes, 1, grouped, 2, sizes.length - 1);
      return grouped;
    }

    private dnnl_memory_desc_t anyOrder(View weight) {
      return MemoryDescriptors.any(dtype, weightSizes(weight));
    }

    private dnnl_memory_desc_t asItLies(View weight) {
      return MemoryDescriptors.rowMajor(dtype, Shape.of(weightSizes(weight)));
    }

    private static dnnl_memory_desc_t activation(View view) {
      return MemoryDescriptors.dense(view, MemoryFormat.CHANNELS_LAST);
    }

    private @Nullable PrimitiveDescriptor forward(
        dnnl_memory_desc_t x,
        dnnl_memory_desc_t weight,
        dnnl_memory_desc_t bias,
        dnnl_memory_desc_t y) {
      dnnl_convolution_desc_t operation = new dnnl_convolution_desc_t();
      int status =
          dnnl_dilated_convolution_forward_desc_init(
              operation,
              dnnl_forward_training,
              dnnl_convolution_direct,
              x,
              weight,
              bias,
              y,
              windows.strides(),
              windows.dilations(),
              windows.padding(),
              windows.paddingAfter());
      return status == dnnl_success ? PrimitiveDescriptor.of(operation) : null;
    }

    @Nullable Kernel forward(OpCall call) {
      View weight = call.input(1);
      dnnl_memory_desc_t x = activation(call.input(0));
      dnnl_memory_desc_t y = activation(call.output(0));
      dnnl_memory_desc_t bias =
          attributes.bias() ? MemoryDescriptors.flat(call.input(2)) : MemoryDescriptors.none();
      try (PrimitiveDescriptor descriptor = forward(x, anyOrder(weight), bias, y)) {
        if (descriptor == null) {
          return null;
        }
        Binder binder =
            new Binder(descriptor, weight.storage().engine(), alone)
                .with(DNNL_ARG_SRC, x, call.input(0))
                .input(DNNL_ARG_WEIGHTS, dnnl_query_weights_md, asItLies(weight), weight)
                .with(DNNL_ARG_DST, y, call.output(0));
        if (attributes.bias()) {
          binder.with(DNNL_ARG_BIAS, bias, call.input(2));
        }
        return binder.build();
      }
    }

    @Nullable Kernel backwardInput(OpCall call) {
      View weight = call.input(1);
      dnnl_memory_desc_t grad = activation(call.input(0));
      dnnl_memory_desc_t dx = activation(call.output(0));
      dnnl_memory_desc_t any = anyOrder(weight);
      dnnl_convolution_desc_t operation = new dnnl_convolution_desc_t();
      int status =
          dnnl_dilated_convolution_backward_data_desc_init(
              operation,
              dnnl_convolution_direct,
              dx,
              any,
              grad,
              windows.strides(),
              windows.dilations(),
              windows.padding(),
              windows.paddingAfter());
      if (status != dnnl_success) {
        return null;
      }
      try (PrimitiveDescriptor forward = forward(dx, any, MemoryDescriptors.none(), grad);
          PrimitiveDescriptor descriptor =
              forward == null ? null : PrimitiveDescriptor.backward(operation, forward)) {
        if (descriptor == null) {
          return null;
        }
        return new Binder(descriptor, weight.storage().engine(), alone)
            .with(DNNL_ARG_DIFF_DST, grad, call.input(0))
            .input(DNNL_ARG_WEIGHTS, dnnl_query_weights_md, asItLies(weight), weight)
            .with(DNNL_ARG_DIFF_SRC, dx, call.output(0))
            .build();
      }
    }

    @Nullable Kernel backwardWeight(OpCall call) {
      View weight = call.output(0);
      dnnl_memory_desc_t grad = activation(call.input(0));
      dnnl_memory_desc_t x = activation(call.input(1));
      dnnl_memory_desc_t any = anyOrder(weight);
      dnnl_memory_desc_t bias =
          attributes.bias() ? MemoryDescriptors.flat(call.output(1)) : MemoryDescriptors.none();
      dnnl_convolution_desc_t operation = new dnnl_convolution_desc_t();
      int status =
          dnnl_dilated_convolution_backward_weights_desc_init(
              operation,
              dnnl_convolution_direct,
              x,
              any,
              bias,
              grad,
              windows.strides(),
              windows.dilations(),
              windows.padding(),
              windows.paddingAfter());
      if (status != dnnl_success) {
        return null;
      }
      try (PrimitiveDescriptor forward = forward(x, any, bias, grad);
          PrimitiveDescriptor descriptor =
              forward == null ? null : PrimitiveDescriptor.backward(operation, forward)) {
        if (descriptor == null) {
          return null;
        }
        Binder binder =
            new Binder(descriptor, weight.storage().engine(), alone)
                .with(DNNL_ARG_DIFF_DST, grad, call.input(0))
                .with(DNNL_ARG_SRC, x, call.input(1))
                .output(
                    DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md, asItLies(weight), weight);
        if (attributes.bias()) {
          binder.with(DNNL_ARG_DIFF_BIAS, bias, call.output(1));
        }
        return binder.build();
      }
    }
  }
}
