package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Consumer;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InitializersTest {
  private static final JsonNode CASES = Reference.read("initializers.json");

  @BeforeEach
  void seed() {
    Generator.defaultGenerator().seed(7);
  }

  @Test
  void linear_startsInTheRangeOfPyTorch() {
    Linear linear = new Linear(300, 400);
    assertLikeReference("linearWeight", linear.weight(), /* bounded= */ true);
    assertLikeReference("linearBias", linear.bias(), /* bounded= */ true);
  }

  @Test
  void xavier_equalsPyTorchInDistribution() {
    check("xavierUniform", t -> Initializers.xavierUniform(t, 1), /* bounded= */ true);
    check("xavierNormal", t -> Initializers.xavierNormal(t, 1), /* bounded= */ false);
  }

  @Test
  void kaiming_equalsPyTorchInDistribution() {
    double gain = Initializers.RELU_GAIN;
    check("kaimingUniform", t -> Initializers.kaimingUniform(t, gain), /* bounded= */ true);
    check("kaimingNormal", t -> Initializers.kaimingNormal(t, gain), /* bounded= */ false);
  }

  private static void check(String name, Consumer<Tensor> initializer, boolean bounded) {
    Tensor weight = Tensor.zeros(400, 300);
    initializer.accept(weight);
    assertLikeReference(name, weight, bounded);
  }

  private static void assertLikeReference(String name, Tensor actual, boolean bounded) {
    double[] values = actual.toDoubleArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    double reference = CASES.get(name).get("standardDeviation").asDouble();
    // The standard error of a deviation of n values is about 1 / √(2n).
    double percent = 5 * 100 / Math.sqrt(2.0 * values.length);
    assertThat(deviation).isCloseTo(reference, Percentage.withPercentage(percent + 0.3));
    assertThat(Math.abs(mean)).isLessThan(5 * reference / Math.sqrt(values.length));
    if (bounded) {
      double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
      assertThat(largest)
          .isCloseTo(CASES.get(name).get("largest").asDouble(), Percentage.withPercentage(2));
    }
  }

  @Test
  void layers_afterTheSameSeed_startEqual() {
    float[] first = new Linear(3, 2).weight().toFloatArray();
    Generator.defaultGenerator().seed(7);
    assertThat(new Linear(3, 2).weight().toFloatArray()).containsExactly(first);
    assertThat(new Linear(3, 2).weight().toFloatArray()).isNotEqualTo(first);
  }

  @Test
  void constants_fillTheTarget() {
    Tensor target = Tensor.zeros(2);
    Initializers.ones(target);
    assertThat(target.toFloatArray()).containsExactly(1, 1);
    Initializers.constant(target, -2.5);
    assertThat(target.toFloatArray()).containsExactly(-2.5f, -2.5f);
    Initializers.zeros(target);
    assertThat(target.toFloatArray()).containsExactly(0, 0);
  }

  @Test
  void fans_ofVector_areRefused() {
    assertThatThrownBy(() -> Initializers.xavierUniform(Tensor.zeros(3), 1))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidArgument] [3] has no fan-in and fan-out: at least two dimensions are needed,"
                + " and no size may be 0. Use uniform or normal.");
  }

  @Test
  void uniform_ofReversedBounds_isRefused() {
    assertThatThrownBy(() -> Initializers.uniform(Tensor.zeros(3), 1, -1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("low=1.0, high=-1.0");
  }
}
