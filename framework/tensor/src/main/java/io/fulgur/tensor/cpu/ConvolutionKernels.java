package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.ConvolutionAttributes;
import io.fulgur.tensor.functional.ConvolutionOperators;
import io.fulgur.tensor.functional.WindowGeometry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of convolutions of row-major F32: depthwise ones as sums of scaled rows, others as
 * products by BLAS, an image at a time.
 *
 * <p>Over images and with one group, ND4J has oneDNN's, and they were measured (batch 64, 28x28 to
 * 8x8 pixels): its outputs take 0.3 to 0.9 times as long as these, its gradients of the input 0.35
 * to 0.5 times from {@value #FEW_CHANNELS} channels on, but 5 times of a single one. Its gradient
 * of the weight comes with all others only, which pays from {@value #MANY_CHANNELS} channels on.
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

  /** From so many input channels on, ND4J's gradient of the input is the faster one. */
  private static final int FEW_CHANNELS = 4;

  /** From so many input channels on, all of ND4J's gradients take less time than one here. */
  private static final int MANY_CHANNELS = 32;

  private ConvolutionKernels() {}

  private static @Nullable Kernel forward(OpCall call) {
    Sizes sizes = Sizes.of(call, (int) call.input(1).shape().size(0));
    return sizes == null || sizes.isForNd4j(/* leastChannels= */ 1)
        ? null
        : sizes.isDepthwise()
            ? DepthwiseKernels.forward(call, sizes)
            : new ConvolutionProducts(sizes).forward(call);
  }

  private static @Nullable Kernel backwardInput(OpCall call) {
    Sizes sizes = Sizes.of(call, (int) call.input(1).shape().size(0));
    return sizes == null || (sizes.isForNd4j(FEW_CHANNELS) && sizes.leavesNoRest())
        ? null
        : sizes.isDepthwise()
            ? DepthwiseKernels.backwardInput(call, sizes)
            : new ConvolutionProducts(sizes).backwardInput(call);
  }

  private static @Nullable Kernel backwardWeight(OpCall call) {
    Sizes sizes = Sizes.of(call, (int) call.input(0).shape().size(1));
    return sizes == null || sizes.isForNd4j(MANY_CHANNELS)
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

    /** Returns whether ND4J has a kernel that is faster from so many input channels on. */
    boolean isForNd4j(int leastChannels) {
      WindowGeometry w = attributes.window();
      boolean fits = groups == 1 && w.rank() == 2 && inputs >= leastChannels && !isPlainProduct();
      for (int axis = 0; axis < w.rank(); axis++) {
        // Padded alike before and behind, and not dilated.
        int room = w.input(axis) + 2 * w.padding(axis) - w.extent(axis);
        fits &= room >= 0 && room / w.stride(axis) + 1 == w.output(axis) && w.dilation(axis) == 1;
      }
      return fits;
    }

    /** Returns whether the last window ends with the padding. */
    boolean leavesNoRest() {
      WindowGeometry w = attributes.window();
      boolean none = true;
      for (int axis = 0; axis < w.rank(); axis++) {
        none &= w.paddingAfter(axis) == w.padding(axis);
      }
      return none;
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
