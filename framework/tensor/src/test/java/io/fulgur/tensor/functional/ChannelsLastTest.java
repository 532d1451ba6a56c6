package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What keeps channels-last images channels-last computes what it computes of row-major ones. */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class ChannelsLastTest {
  private static final Tensor WEIGHT = random(2, 6, 4, 3, 3);
  private static final Tensor VECTOR = random(3, 4);
  private static final Tensor MEAN = random(4, 4);
  private static final Tensor VARIANCE = random(5, 4).square();
  private static final PoolingOptions WINDOWS = PoolingOptions.kernelSize(3).stride(2).padding(1);

  static Stream<Arguments> functions() {
    ConvolutionOptions padded = ConvolutionOptions.defaults().padding(1);
    Tensor transposed = WEIGHT.transpose(0, 1);
    return Stream.of(
        of("conv2d", x -> Convolution.conv2d(x, WEIGHT, null, padded)),
        of("convTranspose2d", x -> Convolution.convTranspose2d(x, transposed, null, padded)),
        of("maxPool2d", x -> Pooling.maxPool2d(x, WINDOWS)),
        of("avgPool2d", x -> Pooling.avgPool2d(x, WINDOWS)),
        of("adaptiveAvgPool2d", x -> Pooling.adaptiveAvgPool2d(x, 3, 4)),
        of("batchNorm", x -> Normalization.batchNorm(x, VECTOR, VECTOR, null, 0, 1e-5)),
        of(
            "batchNormInference",
            x -> Normalization.batchNormInference(x, MEAN, VARIANCE, VECTOR, VECTOR, 1e-5)));
  }

  private static Arguments of(String name, UnaryOperator<Tensor> function) {
    return Arguments.of(name, function);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void function_ofAChannelsLastImage_isChannelsLastAndEqual(
      String name, UnaryOperator<Tensor> function) {
    Tensor x = random(1, 2, 4, 7, 6);
    Tensor rows = x.detach().requiresGrad(true);
    Tensor last = x.contiguous(MemoryFormat.CHANNELS_LAST).detach().requiresGrad(true);

    Tensor expected = function.apply(rows);
    Tensor actual = function.apply(last);
    expected.square().sum().backward();
    actual.square().sum().backward();

    assertThat(actual.memoryFormat()).isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(actual.toDoubleArray())
        .as(name)
        .containsExactly(expected.toDoubleArray(), within(1e-5));
    assertThat(last.grad().toDoubleArray())
        .as("gradient of " + name)
        .containsExactly(rows.grad().toDoubleArray(), within(1e-4));
  }

  private static Tensor random(long seed, long... shape) {
    return Tensor.uniform(new Generator(seed), -1, 1, DType.F32, shape);
  }
}
