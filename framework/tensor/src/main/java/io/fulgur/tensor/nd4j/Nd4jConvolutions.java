package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.ConvolutionAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's convolutions over images of row-major F32, which oneDNN computes. Of one group, without
 * dilation, which it fails at with some strides, and padded alike before and behind, as it tells
 * sizes in no other way.
 */
final class Nd4jConvolutions {
  /** Row-major images, and weights {@code [outChannels, inChannels, height, width]}. */
  private static final long[] FORMATS = {0, 0, 1};

  private final EngineStatistics statistics;

  Nd4jConvolutions(EngineStatistics statistics) {
    this.statistics = statistics;
  }

  @Nullable Kernel forward(OpCall call) {
    ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
    if (!fits(call, a)) {
      return null;
    }
    INDArray[] inputs = new INDArray[call.inputs()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Nd4jArrays.of(call.input(i));
    }
    return op("conv2d", a.window(), inputs, Nd4jArrays.of(call.output(0)));
  }

  /** A transposed convolution, which is told no output size: only where it follows. */
  @Nullable Kernel backwardInput(OpCall call) {
    ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
    if (!fits(call, a) || !leavesNoRest(a.window())) {
      return null;
    }
    INDArray[] inputs = {Nd4jArrays.of(call.input(0)), Nd4jArrays.of(call.input(1))};
    return op("deconv2d", a.window(), inputs, Nd4jArrays.of(call.output(0)));
  }

  /** ND4J computes all gradients at once, so that of the input is thrown away. */
  @Nullable Kernel backwardWeight(OpCall call) {
    ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
    if (!fits(call, a)) {
      return null;
    }
    View x = call.input(1);
    INDArray dx = Nd4j.createUninitialized(Nd4jStorage.type(DType.F32), x.shape().toArray());
    INDArray weight = Nd4j.zeros(Nd4jStorage.type(DType.F32), call.output(0).shape().toArray());
    INDArray grad = Nd4jArrays.of(call.input(0));
    INDArray dweight = Nd4jArrays.of(call.output(0));
    Kernel kernel =
        a.bias()
            ? op(
                "conv2d_bp",
                a.window(),
                new INDArray[] {Nd4jArrays.of(x), weight, Nd4jArrays.of(call.output(1)), grad},
                dx,
                dweight,
                Nd4jArrays.of(call.output(1)))
            : op(
                "conv2d_bp",
                a.window(),
                new INDArray[] {Nd4jArrays.of(x), weight, grad},
                dx,
                dweight);
    return new Kernel() {
      @Override
      public void run() {
        kernel.run();
      }

      @Override
      public void close() {
        kernel.close();
        dx.close();
        weight.close();
      }
    };
  }

  private Kernel op(String name, WindowGeometry w, INDArray[] inputs, INDArray... outputs) {
    statistics.countContext();
    return new ContextKernel(name, inputs, outputs)
        .integers(
            w.kernel(0),
            w.kernel(1),
            w.stride(0),
            w.stride(1),
            w.padding(0),
            w.padding(1),
            w.dilation(0),
            w.dilation(1),
            FORMATS[0],
            FORMATS[1],
            FORMATS[2]);
  }

  private static boolean fits(OpCall call, ConvolutionAttributes a) {
    boolean fits =
        a.groups() == 1 && a.window().rank() == 2 && a.format() == MemoryFormat.ROW_MAJOR;
    for (int i = 0; i < call.inputs(); i++) {
      fits &= call.input(i).dtype() == DType.F32 && call.input(i).elements() > 0;
    }
    for (int i = 0; i < call.outputs(); i++) {
      fits &= call.output(i).dtype() == DType.F32;
    }
    for (int axis = 0; fits && axis < 2; axis++) {
      WindowGeometry w = a.window();
      int room = w.input(axis) + 2 * w.padding(axis) - w.extent(axis);
      fits = room >= 0 && room / w.stride(axis) + 1 == w.output(axis) && w.dilation(axis) == 1;
    }
    return fits;
  }

  private static boolean leavesNoRest(WindowGeometry w) {
    return w.paddingAfter(0) == w.padding(0) && w.paddingAfter(1) == w.padding(1);
  }
}
