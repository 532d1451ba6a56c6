package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import io.fulgur.tensor.cpu.CpuKernelProvider;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Batch normalisation of sizes at which kernels change their ways, against double precision. */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class BatchNormTest {
  @ParameterizedTest
  @CsvSource({
    "2, 1, 1", // one channel
    "7, 3, 1", // less than a block of rows
    "1500, 7, 1", // a last block that is not full
    "45000, 3, 1", // sums in several parts
    "5, 3000, 1", // rows that are wider than a block
    "4, 5, 2", // planes that are not worth a kernel
    "3, 5, 2100" // planes of several blocks
  })
  void batchNorm_ofEverySize_equalsDoublePrecision(long batch, long channels, long length) {
    Tensor x =
        Tensor.uniform(new Generator(1), -1, 1, DType.F64, batch, channels, length)
            .mul(Tensor.arange(channels).add(1).to(DType.F64).reshape(channels, 1))
            .add(Tensor.arange(channels).to(DType.F64).reshape(channels, 1));
    Tensor input = length == 1 ? x.reshape(batch, channels) : x;

    Tensor[] single = gradients(input, DType.F32, 1e-3);
    Tensor[] twice = gradients(input, DType.F64, 1e-3);

    for (int i = 0; i < single.length; i++) {
      double size = Math.max(1, twice[i].abs().max().item());
      assertThat(single[i].toDoubleArray())
          .containsExactly(twice[i].toDoubleArray(), within(2e-6 * size));
    }
  }

  private static Tensor[] gradients(Tensor x, DType dtype, double epsilon) {
    long channels = x.size(1);
    Tensor[] leaves = {
      x.to(dtype).detach(),
      Tensor.uniform(new Generator(2), 0.5, 2, DType.F64, channels).to(dtype),
      Tensor.uniform(new Generator(3), -1, 1, DType.F64, channels).to(dtype)
    };
    Tensor mean = leaves[2].mul(2);
    Tensor variance = leaves[1].mul(3);
    Tensor inference =
        Normalization.batchNormInference(leaves[0], mean, variance, leaves[1], leaves[2], epsilon);
    for (Tensor leaf : leaves) {
      leaf.requiresGrad(true);
    }
    Tensor y = Normalization.batchNorm(leaves[0], leaves[1], leaves[2], null, 0, epsilon);
    Tensor factor = Tensor.uniform(new Generator(4), -1, 1, DType.F64, x.shape().toArray());
    y.mul(factor.to(dtype)).sum().backward();
    return new Tensor[] {y, inference, leaves[0].grad(), leaves[1].grad(), leaves[2].grad()};
  }

  @ParameterizedTest
  @EnumSource
  void prepare_ofChannelsNextToEachOther_findsAKernel(MemoryFormat format) {
    Tensor x =
        format == MemoryFormat.CHANNELS_LAST
            ? Tensor.ones(2, 3, 4, 4).contiguous(format)
            : Tensor.ones(8, 3);
    View image = x.view();
    View channels = Tensor.ones(3).view();
    CpuKernelProvider provider = new CpuKernelProvider();

    assertThat(
            provider.prepare(
                call(
                    NormalizationOperators.BATCH_NORM,
                    format,
                    new View[] {image, channels, channels},
                    image,
                    channels,
                    channels)))
        .isNotNull();
    assertThat(
            provider.prepare(
                call(
                    NormalizationOperators.BATCH_NORM_BACKWARD,
                    format,
                    new View[] {image, image, channels, channels, channels},
                    image,
                    channels,
                    channels)))
        .isNotNull();
    assertThat(
            provider.prepare(
                call(
                    NormalizationOperators.BATCH_NORM_INFERENCE,
                    format,
                    new View[] {image, channels, channels, channels, channels},
                    image)))
        .isNotNull();
  }

  private static OpCall call(
      Operator operator, MemoryFormat format, View[] inputs, View... outputs) {
    return OpCall.of(operator, format, inputs, outputs, 1e-5);
  }
}
