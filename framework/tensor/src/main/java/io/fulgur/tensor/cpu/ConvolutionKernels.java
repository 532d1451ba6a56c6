package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.ConvolutionAttributes;
import io.fulgur.tensor.functional.ConvolutionOperators;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of convolutions of row-major F32: depthwise ones as sums of scaled rows, others as
 * products by BLAS, an image at a time.
 */
final class ConvolutionKernels {
  /** Elements that a thread may take for what the windows of an image see: 64 MB. */
  private static final long MOST_COLUMNS = 1L << 24;

  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(ConvolutionOperators.CONVOLUTION, ConvolutionKernels::forward),
          entry(ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT, ConvolutionKernels::backwardInput),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT,
              ConvolutionKernels::backwardWeight));

  private ConvolutionKernels() {}

  private static @Nullable Kernel forward(OpCall call) {
    Sizes sizes = Sizes.of(call, (int) call.input(1).shape().size(0));
    return sizes == null
        ? null
        : sizes.isDepthwise()
            ? DepthwiseKernels.forward(call, sizes)
            : new ConvolutionProducts(sizes).forward(call);
  }

  private static @Nullable Kernel backwardInput(OpCall call) {
    Sizes sizes = Sizes.of(call, (int) call.input(1).shape().size(0));
    return sizes == null
        ? null
        : sizes.isDepthwise()
            ? DepthwiseKernels.backwardInput(call, sizes)
            : new ConvolutionProducts(sizes).backwardInput(call);
  }

  private static @Nullable Kernel backwardWeight(OpCall call) {
    Sizes sizes = Sizes.of(call, (int) call.input(0).shape().size(1));
    return sizes == null
        ? null
        : sizes.isDepthwise()
            ? DepthwiseKernels.backwardWeight(call, sizes)
            : new ConvolutionProducts(sizes).backwardWeight(call);
  }

  /**
   * The sizes of a convolution.
   *
   * @param inputs channels of the input in a group
   * @param outputs channels of the output in a group
   */
  record Sizes(
      ConvolutionAttributes attributes,
      Taps taps,
      int images,
      int groups,
      int inputs,
      int outputs) {

    static @Nullable Sizes of(OpCall call, int outChannels) {
      ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
      boolean fits = a.format() == MemoryFormat.ROW_MAJOR && a.window().rank() <= 3;
      for (int i = 0; i < call.inputs(); i++) {
        fits &= call.input(i).dtype() == DType.F32 && call.input(i).elements() > 0;
      }
      for (int i = 0; i < call.outputs(); i++) {
        fits &= call.output(i).dtype() == DType.F32;
      }
      if (!fits) {
        return null;
      }
      int inputs = inputs(call, a);
      Taps taps = new Taps(a.window());
      int images = (int) call.input(0).shape().size(0);
      Sizes sizes = new Sizes(a, taps, images, a.groups(), inputs, outChannels / a.groups());
      return (long) sizes.rows() * taps.outputs > MOST_COLUMNS ? null : sizes;
    }

    private static int inputs(OpCall call, ConvolutionAttributes a) {
      boolean ofWeight = call.operator() == ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT;
      long size = call.input(1).shape().size(1);
      return (int) (ofWeight ? size / a.groups() : size);
    }

    boolean isDepthwise() {
      return inputs == 1 && groups > 1;
    }

    /** Returns whether each window is one element of the input, in their order. */
    boolean isPlainProduct() {
      boolean plain = taps.count == 1 && taps.inputs == taps.outputs;
      for (int axis = 0; axis < attributes.window().rank(); axis++) {
        plain &= attributes.window().padding(axis) == 0;
      }
      return plain;
    }

    /** Returns what a window sees: rows of the matrix of columns, and columns of the weight's. */
    int rows() {
      return inputs * taps.count;
    }
  }
}
