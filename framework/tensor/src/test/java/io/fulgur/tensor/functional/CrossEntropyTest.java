package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import io.fulgur.tensor.cpu.CpuKernelProvider;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class CrossEntropyTest {
  private static final long IGNORED = 1;

  @ParameterizedTest
  @CsvSource({"7, 3000, 0.1", "20000, 10, 0.1", "300, 1025, 0", "9, 2, 1"})
  void rows_ofEverySize_equalDoublePrecision(long n, long classes, double smoothing) {
    Tensor logits = Tensor.uniform(new Generator(1), -9, 9, DType.F64, n, classes).add(1000);
    Tensor labels =
        Tensor.uniform(new Generator(2), 0, (double) classes, DType.F64, n).floor().to(DType.I64);
    Tensor weights = Tensor.uniform(new Generator(3), 0.5, 2, DType.F64, classes);

    Tensor[] single = gradient(logits.to(DType.F32), labels, weights, smoothing);
    Tensor[] twice = gradient(logits.to(DType.F32).to(DType.F64), labels, weights, smoothing);

    for (int i = 0; i < single.length; i++) {
      double size = Math.max(1, twice[i].abs().max().item());
      assertThat(single[i].toDoubleArray())
          .containsExactly(twice[i].toDoubleArray(), within(2e-6 * size));
    }
  }

  private static Tensor[] gradient(Tensor logits, Tensor labels, Tensor weights, double smoothing) {
    Tensor x = logits.detach().requiresGrad(true);
    CrossEntropy.Rows rows = CrossEntropy.rows(x, labels, weights, IGNORED, smoothing);
    Tensor factor = Tensor.uniform(new Generator(4), -1, 1, DType.F64, labels.size(0));
    rows.losses().mul(factor.to(x.dtype())).sum().backward();
    return new Tensor[] {rows.losses(), rows.weights(), rows.mean(), x.grad()};
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void rows_withNoNumberWhereTheLabelIsIgnored_giveZeros(DType dtype) {
    double nan = Double.NaN;
    Tensor x = Tensor.of(new double[] {nan, 1, 2, 3}, 2, 2).to(dtype).requiresGrad(true);

    CrossEntropy.Rows rows =
        CrossEntropy.rows(x, Tensor.of(new long[] {-100, 0}, 2), null, -100L, 0.5);
    rows.mean().backward();

    assertThat(rows.losses().toDoubleArray()[0]).isZero();
    assertThat(rows.weights().toDoubleArray()).containsExactly(0, 1);
    assertThat(x.grad().toDoubleArray()).startsWith(0, 0).doesNotContain(nan);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void mean_withNoLabelThatCounts_isNaN(DType dtype) {
    Tensor labels = Tensor.of(new long[] {2, 2}, 2);

    Tensor mean = CrossEntropy.rows(Tensor.ones(dtype, 2, 2), labels, null, 2L, 0).mean();

    assertThat(mean.item()).isNaN();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void rows_withALabelThatIsNoClass_tellWhere(DType dtype) {
    Tensor x = Tensor.ones(dtype, 3, 2);

    assertThatThrownBy(
            () -> CrossEntropy.rows(x, Tensor.of(new long[] {0, -1, 2}, 3), null, -1L, 0))
        .isInstanceOf(IndexException.class)
        .hasMessageContaining("crossEntropy: label 2 at index 2");
  }

  @Test
  void rows_withWeightsOfOtherClasses_areRejected() {
    Tensor labels = Tensor.of(new long[] {0}, 1);

    assertThatThrownBy(() -> CrossEntropy.rows(Tensor.ones(1, 2), labels, Tensor.ones(3), null, 0))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("crossEntropy of [1, 2] and [3]: there must be one weight");
  }

  @Test
  void prepare_ofWeightedRows_findsKernels() {
    View x = Tensor.ones(4, 3).view();
    View perRow = Tensor.ones(4).view();
    View labels = Tensor.of(new long[] {0, 1, 2, -1}, 4).view();
    View weights = Tensor.ones(3).view();
    CpuKernelProvider provider = new CpuKernelProvider();

    assertThat(
            provider.prepare(
                OpCall.of(
                    CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY,
                    -1L,
                    new View[] {x, labels, weights},
                    new View[] {perRow, perRow, x},
                    0.1)))
        .isNotNull();
    assertThat(
            provider.prepare(
                OpCall.of(
                    CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY_BACKWARD,
                    -1L,
                    new View[] {perRow, x, labels, weights},
                    new View[] {x},
                    0.1)))
        .isNotNull();
  }
}
