package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of many 16-bit numbers, which must not be kept in 16 bits. */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class SixteenBitTest {
  private static final int N = 10_000;

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void sumsOfMany_areRightToTheLastDigit(DType type) {
    Tensor rows = Tensor.ones(type, 3, N);
    Tensor columns = Tensor.ones(type, N, 3);

    assertThat(rows.sum(false, 1).toDoubleArray()).containsOnly(rounded(N, type));
    assertThat(columns.sum(false, 0).toDoubleArray()).containsOnly(rounded(N, type));
    assertThat(rows.sum().item()).isEqualTo(rounded(3 * N, type));
    assertThat(rows.mean().item()).isEqualTo(1);
    assertThat(columns.mean(false, 0).toDoubleArray()).containsOnly(1);
    assertThat(rows.variance(0, false, 1).toDoubleArray()).containsOnly(0);
  }

  private static double rounded(double value, DType type) {
    return Tensor.scalar(value).to(type).item();
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void productsOfLongRows_areRightToTheLastDigit(DType type) {
    Tensor rows = Tensor.ones(type, 2, N);

    assertThat(rows.matmul(Tensor.ones(type, N, 3)).toDoubleArray()).containsOnly(rounded(N, type));
    assertThat(rows.linear(Tensor.ones(type, 3, N), Tensor.ones(type, 3)).toDoubleArray())
        .containsOnly(rounded(N + 1, type));
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void gradientsOfProducts_addToWhatIsThere(DType type) {
    Tensor x = Tensor.ones(type, 600, 2);
    Parameter weight = Parameter.of(Tensor.ones(type, 3, 2));
    Parameter bias = Parameter.of(Tensor.ones(type, 3));
    for (int step = 0; step < 2; step++) {
      try (StepScope scope = StepScope.open("products")) {
        x.linear(weight, bias).sum().backward();
      }
    }

    assertThat(weight.grad().toDoubleArray()).containsOnly(1200);
    assertThat(bias.grad().toDoubleArray()).containsOnly(1200);
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void softmaxOfMany_sumsToOne(DType type) {
    Tensor x = Tensor.ones(type, 2, 1024);

    assertThat(x.softmax(1).toDoubleArray()).containsOnly(1 / 1024.0);
    assertThat(x.softmax(1).sum(false, 1).toDoubleArray()).containsOnly(1);
    assertThat(x.logSumExp(1, false).toDoubleArray()[0])
        .isCloseTo(1 + Math.log(1024), within(0.03));
  }
}
