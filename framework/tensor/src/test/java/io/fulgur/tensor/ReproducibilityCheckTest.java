package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class ReproducibilityCheckTest {
  private int runs;

  /** A call that writes into memory of its own, of three numbers. */
  private static OpCall call(View output) {
    return new OpCall(
        Operators.COPY,
        Operators.NONE,
        new View[] {Tensor.zeros(3).view()},
        new View[] {output},
        ExecutionContext.NO_SCALARS);
  }

  private Kernel unsteady(View output) {
    return () -> HostCopy.write(new float[] {1, 2, runs++}, output);
  }

  @Test
  void runTwice_resultsDiffer_namesTheOperator() {
    View output = Tensor.zeros(3).view();
    try (ReproducibilityCheck check = ReproducibilityCheck.failing()) {
      assertThatThrownBy(() -> check.runTwice(call(output), unsteady(output)))
          .isInstanceOf(FulgurException.class)
          .hasMessageStartingWith(
              "[NotReproducible] copy does not compute the same each time: 1 of 3 numbers differed"
                  + " when copy")
          .hasMessageContaining("Leave out the plugin that computes it, or take another operator.")
          .hasMessageContaining("ReproducibilityCheckTest.java");
    }
  }

  @Test
  void runTwice_warningOnly_goesOn() {
    View output = Tensor.zeros(3).view();
    try (ReproducibilityCheck check = ReproducibilityCheck.warning()) {
      assertThatCode(() -> check.runTwice(call(output), unsteady(output)))
          .doesNotThrowAnyException();
    }
    assertThat(runs).isEqualTo(2);
  }

  @Test
  void runTwice_kernelReadsWhatItWrites_startsFromTheSame() {
    Tensor sum = Tensor.of(new float[] {1, 2, 3}, 3);
    Kernel add =
        () -> {
          float[] values = sum.toFloatArray();
          for (int i = 0; i < values.length; i++) {
            values[i] += 1;
          }
          HostCopy.write(values, sum.view());
        };
    try (ReproducibilityCheck check = ReproducibilityCheck.failing()) {
      check.runTwice(call(sum.view()), add);
    }
    assertThat(sum.toFloatArray()).containsExactly(2, 3, 4);
  }

  /** Only prepared calls are compared, each once. */
  @Test
  void failing_stepAfterStep_computesTheSameAsWithout() {
    Tensor x = Tensor.arange(64 * 32).to(DType.F32).sin().reshape(64, 32);
    Tensor y = Tensor.arange(32 * 16).to(DType.F32).cos().reshape(32, 16).requiresGrad(true);
    float[] without = step(x, y);
    try (ReproducibilityCheck ignored = ReproducibilityCheck.failing()) {
      StepScope.clearThread();
      assertThat(step(x, y)).isEqualTo(without);
      long prepared = Engine.defaultEngine().statistics().preparedKernels();
      assertThat(step(x, y)).isEqualTo(without);
      assertThat(Engine.defaultEngine().statistics().preparedKernels()).isEqualTo(prepared);
    }
  }

  private static float[] step(Tensor x, Tensor y) {
    y.zeroGrad();
    try (StepScope scope = StepScope.open("reproducibility")) {
      x.matmul(y).relu().square().mean().backward();
      return y.grad().toFloatArray();
    }
  }
}
