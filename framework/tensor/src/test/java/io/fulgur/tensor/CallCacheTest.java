package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the call cache must not do: compute anything else than the same code without it. Each test
 * runs user code in scopes, where calls are predicted, and compares with running it outside.
 */
@ExtendWith(TensorHygiene.class)
class CallCacheTest {
  private static final EngineStatistics STATISTICS = Engine.defaultEngine().statistics();

  private static float[] inScope(Object kind, Supplier<Tensor> code) {
    try (StepScope scope = StepScope.open(kind)) {
      return code.get().toFloatArray();
    }
  }

  private static Tensor vector(float... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void branch_dependingOnData_followsTheDataAtEveryStep() {
    for (int step = 0; step < 12; step++) {
      float x = step % 3 - 1;
      Supplier<Tensor> code =
          () -> {
            Tensor doubled = vector(x, 2).mul(2);
            Tensor branched = doubled.sum().item() > 2 ? doubled.exp() : doubled.add(1).square();
            return branched.sub(vector(1, 1));
          };

      assertThat(inScope("step", code)).containsExactly(code.get().toFloatArray());
    }
  }

  @Test
  void branch_takenBefore_preparesNothing() {
    runBranch(true);
    runBranch(false);
    long prepared = STATISTICS.preparedKernels();

    for (int i = 0; i < 10; i++) {
      runBranch(i % 2 == 0);
    }

    assertThat(STATISTICS.preparedKernels()).isEqualTo(prepared);
  }

  private static void runBranch(boolean first) {
    inScope(
        "step",
        () -> {
          Tensor x = vector(1, 2).add(1);
          return (first ? x.relu() : x.square().add(2)).mul(3);
        });
  }

  @Test
  void lastBatch_smaller_isComputedWithItsOwnShape() {
    Parameter weight = Parameter.of(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int rows : new int[] {4, 4, 1}) {
        Supplier<Tensor> code =
            () -> Tensor.full(rows, DType.F32, rows, 3).linear(weight, null).add(1);

        assertThat(inScope("step", code))
            .hasSize(2 * rows)
            .containsExactly(code.get().toFloatArray());
      }
    }
  }

  @Test
  void sameCall_repeatedOnTheSameInputs_givesDistinctResults() {
    for (int step = 0; step < 3; step++) {
      try (StepScope scope = StepScope.open("step")) {
        Tensor x = vector(1, 2);
        Tensor first = x.add(1);
        Tensor second = x.add(1);
        first.fill(0);

        assertThat(second.toFloatArray()).containsExactly(2, 3);
      }
    }
  }

  @Test
  void scalar_changingAtEachStep_isSeenWithoutPreparingAgain() {
    inScope("step", () -> vector(1, 2).mul(1));
    long prepared = STATISTICS.preparedKernels();

    for (int step = 2; step < 6; step++) {
      double factor = step;
      assertThat(inScope("step", () -> vector(1, 2).mul(factor))).containsExactly(step, 2f * step);
    }

    assertThat(STATISTICS.preparedKernels()).isEqualTo(prepared);
  }

  @Test
  void noGrad_nestedInAStep_changesOnlyWhatIsRecorded() {
    Parameter weight = Parameter.of(vector(3, 4));
    for (int step = 0; step < 3; step++) {
      try (StepScope scope = StepScope.open("step")) {
        Tensor recorded = weight.mul(weight);
        Tensor plain;
        try (Autograd.NoGrad off = Autograd.noGrad()) {
          try (Autograd.NoGrad on = Autograd.enableGrad()) {
            assertThat(weight.mul(2).requiresGrad()).isTrue();
          }
          plain = weight.mul(weight);
        }
        weight.zeroGrad();
        recorded.add(plain).sum().backward();

        assertThat(plain.requiresGrad()).isFalse();
        assertThat(grad(weight)).containsExactly(6, 8);
      }
    }
  }

  @Test
  void exception_inMidStep_leavesTheNextStepWhole() {
    Parameter weight = Parameter.of(Tensor.ones(2, 3));
    for (int step = 0; step < 4; step++) {
      if (step % 2 == 1) {
        assertThatThrownBy(
                () ->
                    inScope("step", () -> Tensor.ones(4, 3).mul(2).linear(Tensor.ones(2, 5), null)))
            .isInstanceOf(ShapeException.class);
      }
      assertThat(inScope("step", () -> Tensor.ones(4, 3).mul(2).linear(weight, null)))
          .containsOnly(6);
    }
    assertThat(StepScope.isOpen()).isFalse();
  }

  @Test
  void label_outOfRangeInOneStep_leavesTheNextStepWhole() {
    Tensor logits = Tensor.zeros(2, 4);
    for (long label : new long[] {1, 7, 2}) {
      Supplier<Tensor> code = () -> CrossEntropy.mean(logits, Tensor.of(new long[] {0, label}, 2));
      if (label == 7) {
        assertThatThrownBy(() -> inScope("step", code)).hasMessageContaining("label 7");
      } else {
        assertThat(inScope("step", code)[0]).isCloseTo((float) Math.log(4), within());
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }

  @Test
  void twoLoops_takingTurnsInOneThread_keepTheirResultsApart() {
    Parameter a = Parameter.of(vector(1, 2));
    Parameter b = Parameter.of(vector(10, 20));
    for (int step = 0; step < 4; step++) {
      assertThat(inScope("a", () -> a.mul(2).add(1))).containsExactly(3, 5);
      assertThat(inScope("b", () -> b.mul(2).add(1))).containsExactly(21, 41);
    }
  }

  @Test
  void scope_nestedInAnother_leavesTheOuterTensorsAlone() {
    for (int step = 0; step < 3; step++) {
      try (StepScope outer = StepScope.open("outer")) {
        Tensor before = vector(1, 2).add(1);
        assertThat(inScope("inner", () -> vector(5, 6).add(1))).containsExactly(6, 7);

        assertThat(before.add(0).toFloatArray()).containsExactly(2, 3);
      }
    }
  }

  @Test
  void threads_runningTheSameSteps_doNotDisturbEachOther() throws Exception {
    Parameter weight = Parameter.of(Tensor.of(new float[] {1, 0, 0, 1}, 2, 2));
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> loops = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        loops.add(
            () -> {
              for (int step = 0; step < 200; step++) {
                float x = thread * 1000 + step;
                float[] out =
                    inScope(
                        "step", () -> Tensor.of(new float[] {x, 1}, 1, 2).matmul(weight).add(1));
                if (out[0] != x + 1 || out[1] != 2) {
                  return false;
                }
              }
              return true;
            });
      }
      for (Future<Boolean> result : pool.invokeAll(loops)) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void kinds_inEndlessNumber_areForgottenAgain() {
    for (int kind = 0; kind < 3 * CallCache.MAX_ENTRIES; kind++) {
      assertThat(inScope("kind " + kind, () -> vector(1, 2).add(1))).containsExactly(2, 3);
    }
    // The calls themselves were the same all along.
    assertThat(ExecutionContext.current().cache.size()).isLessThan(4);
  }

  @Test
  void calls_inEndlessNumber_areEvictedAndStillRight() {
    int shapes = CallCache.MAX_CALLS + 10;
    long closed = STATISTICS.closedKernels();
    for (int n = 1; n <= shapes; n++) {
      try (StepScope scope = StepScope.open("step")) {
        Tensor x = Tensor.ones(1).expand(n);
        Calls.call(Operators.COPY, Operators.NONE, x);
      }
    }

    assertThat(ExecutionContext.current().cache.size()).isLessThanOrEqualTo(CallCache.MAX_CALLS);
    assertThat(STATISTICS.closedKernels() - closed).isPositive();
    assertThat(inScope("step", () -> Tensor.ones(1).expand(3).contiguous()))
        .containsExactly(1, 1, 1);
  }

  private static float[] grad(Tensor leaf) {
    Tensor grad = leaf.grad();
    return grad == null ? new float[0] : grad.toFloatArray();
  }
}
