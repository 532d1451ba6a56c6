package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A step long enough to be shared between threads against the same step in short parts. */
@ExtendWith(TensorHygiene.class)
class SharedOptimizerStepTest {
  /** Several pieces, and neither whole pieces nor whole blocks. */
  private static final int ELEMENTS = 700_003;

  private static final int PART = 50_001;

  /** The vectors of one run, which the step changes. */
  private record Vectors(Tensor gradient, Tensor value, Tensor first, Tensor second) {
    static Vectors make() {
      Generator generator = new Generator(7);
      return new Vectors(
          Tensor.normal(generator, 0, 1, DType.F32, ELEMENTS),
          Tensor.normal(generator, 0, 1, DType.F32, ELEMENTS),
          Tensor.zeros(ELEMENTS),
          Tensor.zeros(ELEMENTS));
    }

    void step(int from, int to, long number) {
      OptimizerKernels.adamStep(
          part(gradient, from, to),
          part(value, from, to),
          part(first, from, to),
          part(second, from, to),
          1e-2,
          0.9,
          0.999,
          1e-8,
          0.1,
          /* decoupled= */ true,
          number);
    }

    private static View part(Tensor vector, int from, int to) {
      return View.contiguous(vector.view().storage(), from, Shape.of(to - from));
    }
  }

  @Test
  void adam_sharedBetweenThreads_isBitwiseTheStepInParts() {
    Vectors whole = Vectors.make();
    Vectors parts = Vectors.make();
    for (long number = 1; number <= 5; number++) {
      whole.step(0, ELEMENTS, number);
      for (int from = 0; from < ELEMENTS; from += PART) {
        parts.step(from, Math.min(from + PART, ELEMENTS), number);
      }
    }

    assertThat(whole.value().toFloatArray()).isEqualTo(parts.value().toFloatArray());
    assertThat(whole.first().toFloatArray()).isEqualTo(parts.first().toFloatArray());
    assertThat(whole.second().toFloatArray()).isEqualTo(parts.second().toFloatArray());
  }
}
