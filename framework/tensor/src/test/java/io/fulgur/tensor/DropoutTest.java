package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class DropoutTest {
  private static final int ELEMENTS = 100_001;

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
  void dropout_zeroesThatShare_andScalesTheRest(double p) {
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      Tensor x = Tensor.full(3, type, ELEMENTS);

      double[] y = Functional.dropout(x, p, new Generator(1)).toDoubleArray();

      int zeros = 0;
      for (double value : y) {
        zeros += value == 0 ? 1 : 0;
        if (value != 0) {
          assertThat(value).isCloseTo(3 / (1 - p), within(1e-5));
        }
      }
      double deviation = Math.sqrt(p * (1 - p) / ELEMENTS);
      assertThat((double) zeros / ELEMENTS).isCloseTo(p, within(5 * deviation));
    }
  }

  @Test
  void neighbours_areDroppedIndependently() {
    double[] y = Functional.dropout(Tensor.ones(ELEMENTS), 0.5, new Generator(2)).toDoubleArray();
    int[] pairs = new int[4];
    for (int i = 0; i + 1 < ELEMENTS; i += 2) {
      pairs[(y[i] == 0 ? 0 : 2) + (y[i + 1] == 0 ? 0 : 1)]++;
    }

    for (int count : pairs) {
      assertThat(count).isCloseTo(ELEMENTS / 8, within(600));
    }
  }

  @Test
  void gradient_isTheMaskTimesTheScale() {
    Tensor x = Tensor.ones(5001).requiresGrad(true);
    Tensor y = Functional.dropout(x, 0.3, new Generator(3));

    y.mul(2).sum().backward();

    assertThat(x.grad().toFloatArray()).isEqualTo(y.mul(2).toFloatArray());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "BF16", "F16"})
  void sameState_givesTheSameMask_andTheNextCallAnother(DType type) {
    Tensor x = Tensor.ones(type, 1000);
    Generator generator = new Generator(4);
    long offset = generator.offset();
    double[] first = Functional.dropout(x, 0.5, generator).toDoubleArray();
    double[] second = Functional.dropout(x, 0.5, generator).toDoubleArray();
    generator.restore(4, offset);

    assertThat(Functional.dropout(x, 0.5, generator).toDoubleArray()).isEqualTo(first);
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void cachedCalls_drawAnewAtEachStep() {
    Generator generator = new Generator(5);
    double[][] steps = new double[3][];
    for (int i = 0; i < steps.length; i++) {
      try (StepScope scope = StepScope.open("dropout")) {
        steps[i] = Functional.dropout(Tensor.ones(1000), 0.5, generator).toDoubleArray();
      }
    }

    assertThat(steps[1]).isNotEqualTo(steps[0]);
    assertThat(steps[2]).isNotEqualTo(steps[1]).isNotEqualTo(steps[0]);
  }

  @Test
  void probabilityZeroAndOne_keepOrDropEverything() {
    Tensor x = Tensor.ones(100).requiresGrad(true);

    assertThat(Functional.dropout(x, 0, new Generator(1)).toFloatArray())
        .isEqualTo(x.toFloatArray());
    Tensor nothing = Functional.dropout(x, 1, new Generator(1));
    nothing.sum().backward();
    assertThat(nothing.toFloatArray()).containsOnly(0);
    assertThat(x.grad().toFloatArray()).containsOnly(0);
  }
}
