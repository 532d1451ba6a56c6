package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.testing.TensorHygiene;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class StepScopeTest {
  @Test
  void use_afterScope_namesOperatorAndKeep() {
    Tensor sum = inScope(() -> Tensor.ones(2, 3).add(Tensor.ones(2, 3)));

    assertThatThrownBy(() -> sum.toFloatArray())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("result of add F32[2, 3]")
        .hasMessageContaining("keep()")
        .hasMessageContaining("StepScopeTest.java");
  }

  @Test
  void keep_afterScope_hasTheValues() {
    Tensor kept = inScope(() -> Tensor.ones(2).add(1).keep());

    assertThat(kept.toFloatArray()).containsExactly(2, 2);
  }

  @Test
  void secondStep_ofTheSameKind_allocatesAndPreparesNothing() {
    EngineStatistics statistics = Engine.defaultEngine().statistics();
    Parameter weight = Parameter.of(Tensor.ones(4, 3));
    step(weight);
    step(weight);
    long allocations = statistics.allocations();
    long prepared = statistics.preparedKernels();
    long unpredicted = StepScope.unpredictedCalls();
    long predicted = StepScope.predictedCalls();

    for (int i = 0; i < 5; i++) {
      step(weight);
    }

    assertThat(statistics.allocations()).isEqualTo(allocations);
    assertThat(statistics.preparedKernels()).isEqualTo(prepared);
    assertThat(StepScope.unpredictedCalls()).isEqualTo(unpredicted);
    assertThat(StepScope.predictedCalls()).isGreaterThan(predicted);
  }

  @Test
  void free_makesTensorsOnTheMemoryUnusable() {
    Tensor kept = Tensor.ones(2).keep();
    Tensor alias = kept.detach();

    kept.view().storage().free();

    assertThatThrownBy(() -> alias.toFloatArray()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hostBytes_ofNothing_isEmpty() {
    ByteBuffer bytes = Tensor.ones(2).view().storage().hostBytes(4, 0);

    assertThat(bytes).isNotNull();
    assertThat(bytes.hasRemaining()).isFalse();
  }

  private static Tensor inScope(Supplier<Tensor> code) {
    try (StepScope scope = StepScope.open("step")) {
      return code.get();
    }
  }

  private static void step(Parameter weight) {
    try (StepScope scope = StepScope.open("step")) {
      weight.zeroGrad();
      Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      x.linear(weight, null).relu().square().mean().backward();
    }
  }

  /** Each square's gradient is a product of a product. */
  @Test
  void backward_throughManyOperators_reusesTheMemoryOfItsIntermediateResults() {
    int operators = 40;
    int elements = 1 << 12;
    Tensor leaf = Tensor.full(0.5, DType.F32, elements).requiresGrad(true);
    StepScope.clearThread();
    try (StepScope scope = StepScope.open("chain")) {
      Tensor x = leaf;
      for (int i = 0; i < operators; i++) {
        x = x.square();
      }
      x.sum().backward();
    }

    long block = 4L * elements;
    assertThat(StepScope.pooledBytes()).isLessThan((operators + 6) * block);
    StepScope.clearThread();
  }

  @Test
  void gradientsThatAreCaptured_areAliveAfterwards() {
    try (StepScope scope = StepScope.open("captured")) {
      Tensor x = Tensor.full(3, DType.F32, 2, 2).requiresGrad(true);
      Tensor y = x.add(1);
      Tensor z = y.mul(y).add(y).sub(x);
      Tensor[] gradients = Autograd.grad(z.sum(), x, y);

      assertThat(gradients[0].toFloatArray()).containsOnly(8f);
      assertThat(gradients[1].toFloatArray()).containsOnly(9f);
    }
  }

  @Test
  void stepsOfEverChangingShapes_keepABoundedAmountOfMemory() {
    StepScope.clearThread();
    long largest = 0;
    for (int length = 1; length < 4000; length += 37) {
      try (StepScope scope = StepScope.open("varying")) {
        Tensor x = Tensor.full(length, DType.F32, length);
        assertThat(x.add(x).square().max().item()).isEqualTo(4.0 * length * length);
      }
      largest = Math.max(largest, 3L * 4 * length + 4);
    }

    // Blocks are up to an eighth larger than what is asked for.
    assertThat(StepScope.pooledBytes()).isLessThan(5 * largest);
    StepScope.clearThread();
  }

  @Test
  void threadThatEnds_leavesItsKernelsToBeClosed() throws InterruptedException {
    EngineStatistics statistics = Engine.defaultEngine().statistics();
    long open = statistics.preparedKernels() - statistics.closedKernels();
    Thread thread =
        new Thread(
            () -> {
              try (StepScope scope = StepScope.open("ends")) {
                Tensor.ones(3).add(1).square();
              }
            });
    thread.start();
    thread.join();

    for (int i = 0;
        i < 1000 && statistics.preparedKernels() - statistics.closedKernels() > open;
        i++) {
      System.gc();
      Thread.onSpinWait();
    }
    // Fewer, if the collector has also found what an earlier test had left.
    assertThat(statistics.preparedKernels() - statistics.closedKernels()).isLessThanOrEqualTo(open);
  }
}
