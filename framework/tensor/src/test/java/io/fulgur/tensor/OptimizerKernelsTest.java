package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The optimizers' arithmetic, fused (single precision) and composed (double precision), against the
 * formulas of PyTorch's documentation written out.
 */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class OptimizerKernelsTest {
  /** More than a block, and odd. */
  private static final int ELEMENTS = 4099;

  private static final DType[] TYPES = {DType.F32, DType.F64};

  private static double gradient(int element, int step) {
    return Math.sin(element * 0.7 + step);
  }

  private static View gradients(DType type, int step) {
    double[] values = new double[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      values[i] = gradient(i, step);
    }
    return Tensor.of(values, ELEMENTS).to(type).view();
  }

  private static Tensor start(DType type) {
    double[] values = new double[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      values[i] = Math.cos(i * 0.3);
    }
    return Tensor.of(values, ELEMENTS).to(type);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, false",
    "0, 0, 0.1, false",
    "0.9, 0, 0, false",
    "0.9, 0.5, 0, false",
    "0.9, 0, 0.1, true",
    "0.9, 0, 0.1, false"
  })
  void sgd_threeSteps_followsPyTorch(
      double momentum, double dampening, double weightDecay, boolean nesterov) {
    for (DType type : TYPES) {
      Tensor value = start(type);
      Tensor buffer = Tensor.zeros(type, ELEMENTS);
      for (int step = 0; step < 3; step++) {
        try (StepScope scope = StepScope.open("sgd")) {
          OptimizerKernels.sgdStep(
              gradients(type, step),
              value.view(),
              buffer.view(),
              0.1,
              momentum,
              dampening,
              weightDecay,
              nesterov,
              step == 0);
        }
      }

      double[] actual = value.toDoubleArray();
      for (int i = 0; i < ELEMENTS; i++) {
        double expected = sgd(i, momentum, dampening, weightDecay, nesterov);
        assertThat(actual[i]).isCloseTo(expected, within(type == DType.F32 ? 1e-6 : 1e-14));
      }
    }
  }

  private static double sgd(
      int element, double momentum, double dampening, double weightDecay, boolean nesterov) {
    double p = Math.cos(element * 0.3);
    double m = 0;
    for (int step = 0; step < 3; step++) {
      double g = gradient(element, step) + weightDecay * p;
      if (momentum != 0) {
        m = step == 0 ? g : momentum * m + (1 - dampening) * g;
        g = nesterov ? g + momentum * m : m;
      }
      p -= 0.1 * g;
    }
    return p;
  }

  @ParameterizedTest
  @CsvSource({"0, false", "0.1, false", "0.1, true"})
  void adam_threeSteps_followsPyTorch(double weightDecay, boolean decoupled) {
    for (DType type : TYPES) {
      Tensor value = start(type);
      Tensor first = Tensor.zeros(type, ELEMENTS);
      Tensor second = Tensor.zeros(type, ELEMENTS);
      for (int step = 1; step <= 3; step++) {
        try (StepScope scope = StepScope.open("adam")) {
          OptimizerKernels.adamStep(
              gradients(type, step),
              value.view(),
              first.view(),
              second.view(),
              0.01,
              0.9,
              0.999,
              1e-8,
              weightDecay,
              decoupled,
              step);
        }
      }

      double[] actual = value.toDoubleArray();
      for (int i = 0; i < ELEMENTS; i++) {
        double expected = adam(i, weightDecay, decoupled);
        assertThat(actual[i]).isCloseTo(expected, within(type == DType.F32 ? 2e-6 : 1e-13));
      }
    }
  }

  private static double adam(int element, double weightDecay, boolean decoupled) {
    double p = Math.cos(element * 0.3);
    double m = 0;
    double v = 0;
    for (int step = 1; step <= 3; step++) {
      double g = gradient(element, step);
      if (decoupled) {
        p -= 0.01 * weightDecay * p;
      } else {
        g += weightDecay * p;
      }
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      double unbiased = m / (1 - Math.pow(0.9, step));
      p -= 0.01 * unbiased / (Math.sqrt(v / (1 - Math.pow(0.999, step))) + 1e-8);
    }
    return p;
  }

  @Test
  void adam_ofVanishingGradients_staysFinite() {
    for (DType type : TYPES) {
      Tensor value = Tensor.ones(type, 3);
      OptimizerKernels.adamStep(
          Tensor.of(new double[] {0, 1e-30, -1e-30}, 3).to(type).view(),
          value.view(),
          Tensor.zeros(type, 3).view(),
          Tensor.zeros(type, 3).view(),
          0.1,
          0.9,
          0.999,
          1e-8,
          0,
          false,
          1);

      assertThat(value.toDoubleArray()).containsExactly(1, 1, 1);
    }
  }

  @Test
  void sumOfSquares_scaleAndClamp_ofARun_leaveTheRestAlone() {
    for (DType type : TYPES) {
      Tensor x = Tensor.of(new double[] {9, -3, 4, 9}, 4).to(type);
      View run = x.slice(0, 1, 3).view();

      assertThat(OptimizerKernels.sumOfSquares(run)).isEqualTo(25);
      OptimizerKernels.scale(run, 2);
      assertThat(x.toDoubleArray()).containsExactly(9, -6, 8, 9);
      OptimizerKernels.clamp(run, 7);
      assertThat(x.toDoubleArray()).containsExactly(9, -6, 7, 9);
    }
  }
}
