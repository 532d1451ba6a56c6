package io.fulgur.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;

/** Compares a kernel of the provider with the engine's own in double precision. */
final class Agreement {
  private static final OneDnnKernelProvider PROVIDER = new OneDnnKernelProvider();

  private Agreement() {}

  /** Skips a test where the machine has no natives, or no instructions for a type. */
  static void assumeKernelsOf(DType dtype) {
    Assumptions.assumeTrue(OneDnn.isLoaded(), "oneDNN is not loaded");
    if (dtype == DType.BF16) {
      Tensor one = Tensor.ones(4, 4).to(DType.BF16);
      Tensor out = Tensor.zeros(4, 4).to(DType.BF16);
      Kernel kernel =
          prepare(io.fulgur.tensor.Operators.MATMUL, false, new Tensor[] {out}, one, one);
      Assumptions.assumeTrue(kernel != null, "no bfloat16 here");
      kernel.close();
    }
  }

  /** Returns numbers between -1 and 1 that are the same at each run. */
  static Tensor random(DType dtype, long... sizes) {
    Random random = new Random(java.util.Arrays.hashCode(sizes));
    Tensor x = Tensor.zeros(sizes);
    float[] values = new float[(int) x.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(values, sizes).to(dtype);
  }

  static Kernel prepare(Operator operator, Object attributes, Tensor[] outputs, Tensor... inputs) {
    return PROVIDER.prepare(
        OpCall.of(operator, attributes, Calls.views(inputs), Calls.views(outputs)));
  }

  /** Checks that the provider takes a call and computes what the engine does. */
  static void check(Operator operator, Object attributes, double[] scalars, Tensor... inputs) {
    Tensor[] wide = new Tensor[inputs.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = inputs[i].dtype().isFloating() ? inputs[i].to(DType.F64) : inputs[i];
    }
    Tensor[] expected = Calls.callAll(operator, attributes, scalars, wide);
    DType dtype = inputs[0].dtype();
    Tensor[] outputs = new Tensor[expected.length];
    View[] views = new View[expected.length];
    for (int i = 0; i < outputs.length; i++) {
      DType type = expected[i].dtype() == DType.F64 ? dtype : expected[i].dtype();
      outputs[i] =
          Tensor.full(77, type, expected[i].shape().toArray())
              .contiguous(expected[i].memoryFormat());
      views[i] = outputs[i].view();
    }
    OpCall call = OpCall.of(operator, attributes, Calls.views(inputs), views, scalars);
    try (Kernel kernel = PROVIDER.prepare(call)) {
      assertThat(kernel).as("the kernel of %s", call).isNotNull();
      kernel.run();
      // A second time, as nothing that the first run left behind may count.
      kernel.run();
    }
    for (int i = 0; i < outputs.length; i++) {
      close(outputs[i], expected[i]);
    }
  }

  static void close(Tensor actual, Tensor expected) {
    double relative = actual.dtype() == DType.BF16 ? 1.0 / 64 : 2e-5;
    double[] a = actual.to(DType.F64).toDoubleArray();
    double[] b = expected.toDoubleArray();
    assertThat(a).hasSameSizeAs(b);
    double scale = 1;
    for (double value : b) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i])
          .as("element %d of %s", i, expected.shape())
          .isCloseTo(b[i], within(relative * scale));
    }
  }
}
