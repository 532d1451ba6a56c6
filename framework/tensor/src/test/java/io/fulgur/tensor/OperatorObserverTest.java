package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.OperatorObserver.Observation;
import io.fulgur.tensor.functional.Activations;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorObserverTest {
  /** Writes down what it is told of. */
  private static final class Recorder implements OperatorObserver {
    private final List<String> told = new ArrayList<>();
    private final boolean saysEverything;

    Recorder(boolean saysEverything) {
      this.saysEverything = saysEverything;
    }

    @Override
    public boolean called(OpCall call) {
      told.add("+" + call.operator());
      return saysEverything;
    }

    @Override
    public void returned(OpCall call) {
      told.add("-" + call.operator());
    }

    @Override
    public void copying(boolean toDevice, long sizeBytes) {
      told.add((toDevice ? "in " : "out ") + sizeBytes);
    }

    @Override
    public void copied() {
      told.add("copied");
    }
  }

  private static List<String> observe(boolean saysEverything, Runnable work) {
    Recorder recorder = new Recorder(saysEverything);
    try (Observation ignored = OperatorObserver.observe(recorder)) {
      work.run();
    }
    return recorder.told;
  }

  private static Runnable inScope(Runnable work) {
    return () -> {
      try (StepScope scope = StepScope.open("observed")) {
        work.run();
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void observe_calls_tellsTheStartAndTheEndOfEach(boolean scoped) {
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    Runnable work = () -> x.add(x).mul(x);

    assertThat(observe(true, scoped ? inScope(work) : work))
        .containsExactly("+add", "-add", "+mul", "-mul");
  }

  @Test
  void observe_theSameStepAgain_tellsOfPredictedCallsToo() {
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    Runnable step = inScope(() -> x.add(x));
    step.run();

    assertThat(observe(true, step)).containsExactly("+add", "-add");
    StepScope.clearThread();
  }

  @Test
  void observe_composedCall_tellsOfItsPartsInside() {
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    Runnable work = () -> Activations.celu(x, 0.5);
    List<String> outer = observe(true, work);
    List<String> all = observe(false, work);

    assertThat(outer).hasSize(2);
    assertThat(all).startsWith(outer.get(0)).endsWith(outer.get(1)).hasSizeGreaterThan(2);
  }

  @Test
  void observe_copies_tellsTheDirectionAndTheBytes() {
    assertThat(
            observe(
                true,
                () -> {
                  Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
                  x.toFloatArray();
                  Tensor.full(4.0, DType.F64, 1).item();
                }))
        .containsExactly(
            "in 12", "copied", "out 12", "copied", "in 8", "copied", "out 8", "copied");
  }

  @Test
  void observe_callThatFails_tellsItsEnd() {
    Recorder recorder = new Recorder(true);
    Operator failing =
        Operator.of(
            "failing",
            (attributes, inputs) ->
                new Operator.Output[] {new Operator.Output(DType.F32, Shape.of(1))},
            (call, inputs) -> {
              throw new IllegalStateException("no");
            });
    try (Observation ignored = OperatorObserver.observe(recorder)) {
      assertThatThrownBy(() -> Calls.call(failing, Operators.NONE, Tensor.of(new float[] {1}, 1)))
          .hasMessage("no");
    }

    assertThat(recorder.told).containsExactly("in 4", "copied", "+failing", "-failing");
  }

  @Test
  void close_anObservation_goesBackToTheOneBefore() {
    Tensor x = Tensor.of(new float[] {1}, 1);
    Recorder outer = new Recorder(true);
    try (Observation ignored = OperatorObserver.observe(outer)) {
      assertThat(observe(true, () -> x.add(x))).hasSize(2);
      x.mul(x);
    }
    x.add(x);

    assertThat(outer.told).containsExactly("+mul", "-mul");
  }
}
