package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BatchNormRecomputationTest {
  private static final List<Tensor> BATCHES =
      List.of(
          Tensor.of(new float[] {1, 10, 3, 20}, 2, 2),
          Tensor.of(new float[] {2, -4, 8, -8}, 2, 2),
          Tensor.of(new float[] {0, 0, 1, 6}, 2, 2));

  private static void pass(Module module) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      BATCHES.forEach(module::call);
    }
  }

  /** The means over batches of their means and of their unbiased variances, worked out by hand. */
  @Test
  void close_afterBatches_leavesTheMeanOfTheirStatistics() {
    BatchNorm1d norm = new BatchNorm1d(2);
    pass(norm);
    norm.eval();

    try (BatchNormRecomputation recomputation = BatchNormRecomputation.of(norm)) {
      assertThat(norm.isTraining()).isTrue();
      pass(norm);
    }

    assertThat(norm.isTraining()).isFalse();
    assertThat(norm.runningMean().toDoubleArray())
        .containsExactly(new double[] {(2 + 5 + 0.5) / 3, (15 - 6 + 3) / 3.0}, precision());
    assertThat(norm.runningVar().toDoubleArray())
        .containsExactly(new double[] {(2 + 18 + 0.5) / 3, (50 + 8 + 18) / 3.0}, precision());
    assertThat(norm.numBatchesTracked().toLongArray()).containsExactly(3);
  }

  @Test
  void call_afterClose_followsBatchesByTheMomentumAgain() {
    BatchNorm1d norm = new BatchNorm1d(2);
    BatchNormRecomputation.of(norm).close();
    norm.call(BATCHES.get(0));

    assertThat(norm.runningMean().toDoubleArray())
        .containsExactly(new double[] {0.1 * 2, 0.1 * 15}, precision());
  }

  @Test
  void isNeeded_modules_isSoWhereStatisticsAreKept() {
    assertThat(BatchNormRecomputation.isNeeded(new Sequential(new BatchNorm2d(2)))).isTrue();
    assertThat(
            BatchNormRecomputation.isNeeded(
                new BatchNorm1d(2, BatchNormOptions.defaults().trackRunningStats(false))))
        .isFalse();
    assertThat(BatchNormRecomputation.isNeeded(new Linear(2, 2))).isFalse();
  }

  private static Offset<Double> precision() {
    return Offset.offset(1e-6);
  }
}
