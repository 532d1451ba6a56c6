package io.fulgur.onednn;

import static io.fulgur.onednn.Agreement.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.functional.NormalizationOperators;
import io.fulgur.tensor.functional.Pooling;
import io.fulgur.tensor.functional.PoolingOperators;
import io.fulgur.tensor.functional.PoolingOptions;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pooling and batch normalisation of channels-last images. */
@ExtendWith(TensorHygiene.class)
class ChannelKernelsTest {
  static Stream<PoolingOptions> windows() {
    return Stream.of(
        PoolingOptions.kernelSize(2),
        PoolingOptions.kernelSize(3).stride(2),
        PoolingOptions.kernelSize(3).stride(1).padding(1),
        PoolingOptions.kernelSize(3, 2).stride(2, 1),
        PoolingOptions.kernelSize(1));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void averages_andTheirGradients_agree(PoolingOptions options) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Agreement.assumeKernelsOf(dtype);
      compare(
          dtype,
          x -> Pooling.avgPool2d(x, options),
          PoolingOperators.AVERAGE_POOL,
          PoolingOperators.AVERAGE_POOL_BACKWARD);
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void maxima_andTheirGradients_agree(PoolingOptions options) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Agreement.assumeKernelsOf(dtype);
      compare(
          dtype,
          x -> Pooling.maxPool2d(x, options),
          PoolingOperators.MAX_POOL,
          PoolingOperators.MAX_POOL_BACKWARD);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void maximum_ofAWindowWithNaN_isNaN(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    for (int at = 0; at < 4; at++) {
      float[] values = new float[4 * 16];
      values[at * 16 + 5] = Float.NaN;
      Tensor x =
          Tensor.of(values, 1, 2, 2, 16)
              .permute(0, 3, 1, 2)
              .to(dtype)
              .contiguous(MemoryFormat.CHANNELS_LAST);
      float[] maxima =
          Pooling.maxPool2d(x, PoolingOptions.kernelSize(2)).to(DType.F32).toFloatArray();

      Tensor twin = x.detach().requiresGrad(true);
      Pooling.maxPool2d(twin, PoolingOptions.kernelSize(2)).sum().backward();
      float[] gradient = twin.grad().to(DType.F32).toFloatArray();

      assertThat(gradient[5 * 4 + at]).isEqualTo(1);
      assertThat(maxima[5]).isNaN();
      assertThat(maxima[6]).isZero();
    }
  }

  private static void compare(
      DType dtype, UnaryOperator<Tensor> function, Operator forward, Operator backward) {
    for (long[] shape : new long[][] {{2, 16, 9, 8}, {1, 3, 5, 7}, {2, 17, 4, 4}}) {
      Tensor narrow = random(DType.BF16, shape).to(dtype).contiguous(MemoryFormat.CHANNELS_LAST);
      Tensor x = narrow.detach().requiresGrad(true);
      Tensor twin = random(DType.BF16, shape).to(DType.F64).requiresGrad(true);
      CallRecorder.start();
      Tensor y = function.apply(x);
      Tensor weights = random(DType.BF16, y.shape().toArray());
      y.mul(weights.to(dtype)).sum().backward();
      for (Operator operator : List.of(forward, backward)) {
        assertTaken(CallRecorder.calls(operator, dtype).findFirst().orElseThrow());
      }

      Tensor expected = function.apply(twin);
      expected.mul(weights.to(DType.F64)).sum().backward();
      Agreement.close(y, expected);
      Agreement.close(x.grad(), twin.grad());
    }
  }

  private static void assertTaken(OpCall call) {
    try (Kernel kernel = new OneDnnKernelProvider().prepare(call)) {
      assertThat(kernel).as(call.toString()).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void batchNorm_andItsGradients_agree(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    for (long[] shape : new long[][] {{4, 16, 5, 6}, {2, 3, 4, 4}, {3, 8, 1, 1}, {8, 33, 7, 7}}) {
      Tensor x =
          random(DType.BF16, shape)
              .to(dtype)
              .contiguous(MemoryFormat.CHANNELS_LAST)
              .detach()
              .requiresGrad(true);
      Tensor weight = random(DType.F32, shape[1]).requiresGrad(true);
      Tensor bias = random(DType.F32, 1, shape[1]).reshape(shape[1]).detach().requiresGrad(true);
      Tensor[] actual = batchNorm(x, weight, bias);
      if (x.memoryFormat() == MemoryFormat.CHANNELS_LAST) {
        for (Operator operator :
            List.of(
                NormalizationOperators.BATCH_NORM, NormalizationOperators.BATCH_NORM_BACKWARD)) {
          assertTaken(CallRecorder.calls(operator, dtype).findFirst().orElseThrow());
        }
      }
      Tensor[] expected =
          batchNorm(
              random(DType.BF16, shape).to(DType.F64).requiresGrad(true),
              weight.detach().to(DType.F64).requiresGrad(true),
              bias.detach().to(DType.F64).requiresGrad(true));

      for (int i = 0; i < expected.length; i++) {
        Agreement.close(actual[i], expected[i]);
      }
    }
  }

  private static Tensor[] batchNorm(Tensor x, Tensor weight, Tensor bias) {
    CallRecorder.start();
    Tensor y = Normalization.batchNorm(x, weight, bias, null, 0, 1e-3);
    y.mul(random(DType.BF16, y.shape().toArray()).to(y.dtype())).sum().backward();
    return new Tensor[] {y, x.grad(), weight.grad(), bias.grad()};
  }

  @Test
  void batchNormInference_agrees() {
    Agreement.assumeKernelsOf(DType.F32);
    Tensor x = random(DType.F32, 2, 16, 3, 3).contiguous(MemoryFormat.CHANNELS_LAST);
    Tensor mean = random(DType.F32, 16);
    Tensor variance = mean.square().add(0.5);
    Tensor y = Normalization.batchNormInference(x, mean, variance, mean, variance, 1e-5);

    DType wide = DType.F64;
    Agreement.close(
        y,
        Normalization.batchNormInference(
            x.to(wide), mean.to(wide), variance.to(wide), mean.to(wide), variance.to(wide), 1e-5));
    assertThat(y.memoryFormat()).isEqualTo(MemoryFormat.CHANNELS_LAST);
  }

  @Test
  void batchNorm_withAnotherEpsilonAtTheNextStep_usesIt() {
    Agreement.assumeKernelsOf(DType.F32);
    Tensor x = random(DType.F32, 2, 16, 3, 3).contiguous(MemoryFormat.CHANNELS_LAST);
    Tensor ones = Tensor.ones(16);
    float[][] results = new float[3][];
    double[] epsilons = {1e-5, 1, 1e-5};
    for (int i = 0; i < results.length; i++) {
      try (StepScope scope = StepScope.open("step")) {
        results[i] = Normalization.batchNorm(x, ones, ones, null, 0, epsilons[i]).toFloatArray();
      }
    }

    assertThat(results[2]).isEqualTo(results[0]);
    assertThat(results[1]).isNotEqualTo(results[0]);
  }
}
