package io.fulgur.onednn;

import static io.fulgur.onednn.Agreement.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TensorHygiene.class)
class ElementwiseKernelsTest {
  private static final double[] NO_SCALARS = {};
  private static final List<Operator> FUNCTIONS = List.of(Operators.TANH, Operators.SIGMOID);

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 17, 1000, 100_000})
  void bfloat16_ofAnySize_agrees(long size) {
    Agreement.assumeKernelsOf(DType.BF16);
    Tensor x = random(DType.BF16, size);
    // Also a value of relu, tanh and sigmoid.
    Tensor y = random(DType.BF16, size, 1).reshape(size).relu();
    for (Operator function : FUNCTIONS) {
      Agreement.check(function, Operators.NONE, NO_SCALARS, x);
    }
    for (Operator function :
        List.of(
            Operators.ADD,
            Operators.SUB,
            Operators.MUL,
            Operators.RELU_BACKWARD,
            Operators.TANH_BACKWARD,
            Operators.SIGMOID_BACKWARD)) {
      Agreement.check(function, Operators.NONE, NO_SCALARS, x, y);
    }
    for (boolean approximate : new boolean[] {false, true}) {
      Agreement.check(Operators.GELU, approximate, NO_SCALARS, x);
      Agreement.check(Operators.GELU_BACKWARD, approximate, NO_SCALARS, x, y);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 17, 1000, 100_000})
  void single_ofAnySize_agrees(long size) {
    Agreement.assumeKernelsOf(DType.F32);
    Tensor x = random(DType.F32, size).mul(6);
    for (Operator function : FUNCTIONS) {
      Agreement.check(function, Operators.NONE, NO_SCALARS, x);
    }
    for (boolean approximate : new boolean[] {false, true}) {
      Agreement.check(Operators.GELU, approximate, NO_SCALARS, x);
      Agreement.check(Operators.GELU_BACKWARD, approximate, NO_SCALARS, random(DType.F32, size), x);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void functions_ofNumbersThatAreNone_areTheEngines(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    float[] special = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      0f,
      -0f,
      1e30f,
      -1e30f,
      1e-3f,
      1e-10f,
      1e-30f
    };
    Tensor x = Tensor.of(special, special.length).to(dtype);
    for (Operator function : FUNCTIONS) {
      Tensor y = Tensor.zeros(special.length).to(dtype);
      OpCall call = OpCall.of(function, Operators.NONE, Calls.views(x), Calls.views(y), NO_SCALARS);
      try (Kernel kernel =
          OneDnnKernelProvider.make(OneDnnKernelProvider.KERNELS.get(function), call)) {
        kernel.run();
      }
      float[] expected =
          Calls.call(function, Operators.NONE, x.to(DType.F64)).to(DType.F32).toFloatArray();

      float[] actual = y.to(DType.F32).toFloatArray();
      for (int i = 0; i < special.length; i++) {
        // oneDNN takes numbers for zero of which the square is.
        float tolerance = Math.abs(expected[i]) / 64 + 1e-20f;
        assertThat(
                Float.compare(actual[i], expected[i]) == 0
                    || Math.abs(actual[i] - expected[i]) <= tolerance)
            .as("%s of %s: %s, not %s", function, special[i], expected[i], actual[i])
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void gelu_ofNaN_isNaN(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    for (boolean approximate : new boolean[] {false, true}) {
      Tensor x = Tensor.of(new float[] {1, Float.NaN, 2}, 3).to(dtype);
      Tensor y = Tensor.zeros(3).to(dtype);
      run(Operators.GELU, approximate, x, y);

      assertThat(y.to(DType.F32).toFloatArray()[1]).isNaN();
      assertThat(y.to(DType.F32).toFloatArray()[2]).isBetween(1.9f, 2f);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 17, 4096, 100_000})
  void cast_betweenTypes_roundsToNearestEven(long size) {
    Agreement.assumeKernelsOf(DType.BF16);
    Tensor x = random(DType.F32, size);
    Tensor narrow = Tensor.zeros(size).to(DType.BF16);
    Tensor wide = Tensor.zeros(size);
    run(Operators.CAST, DType.BF16, x, narrow);
    run(Operators.CAST, DType.F32, narrow, wide);

    float[] values = x.toFloatArray();
    float[] rounded = wide.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToIntBits(values[i]);
      int nearest = (bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000;
      assertThat(rounded[i]).isEqualTo(Float.intBitsToFloat(nearest));
    }
  }

  private static void run(Operator operator, Object attributes, Tensor from, Tensor to) {
    try (Kernel kernel = Agreement.prepare(operator, attributes, new Tensor[] {to}, from)) {
      assertThat(kernel).isNotNull();
      kernel.run();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void softmaxGradients_agree(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    for (long[] shape : new long[][] {{1, 1}, {3, 1}, {1, 7}, {5, 10}, {64, 65}, {4, 6, 5}}) {
      Tensor x = random(dtype, shape).mul(5);
      int axis = shape.length - 1;
      Tensor y = x.to(DType.F64).softmax(axis).to(dtype);
      Agreement.check(Operators.SOFTMAX_BACKWARD, axis, NO_SCALARS, x, y);
      Tensor log = x.to(DType.F64).logSoftmax(axis).to(dtype);
      Agreement.check(Operators.LOG_SOFTMAX_BACKWARD, axis, NO_SCALARS, x, log);
    }
  }
}
