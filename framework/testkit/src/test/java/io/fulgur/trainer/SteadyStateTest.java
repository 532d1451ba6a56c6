package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.DataLoader;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a step costs once the kernels of its kind are prepared. */
class SteadyStateTest {
  private static final int WARM_EPOCHS = 3;
  private static final int BATCHES = 200;
  private static final long MAX_BYTES_PER_STEP = 20_000;

  /** Reads counters at the start of each epoch. */
  private static final class Counters implements Callback {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final EngineStatistics statistics = Engine.defaultEngine().statistics();
    private long allocations;
    private long contexts;
    private long kernels;
    private long bytes;

    @Override
    public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
      if (trainer.currentEpoch() == WARM_EPOCHS) {
        allocations = -statistics.allocations();
        contexts = -statistics.contexts();
        kernels = -statistics.preparedKernels();
        bytes = -threads.getCurrentThreadAllocatedBytes();
      }
    }

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      if (trainer.currentEpoch() == WARM_EPOCHS) {
        bytes += threads.getCurrentThreadAllocatedBytes();
        allocations += statistics.allocations();
        contexts += statistics.contexts();
        kernels += statistics.preparedKernels();
      }
    }
  }

  @Test
  void fit_steadyState_preparesNothingAndMakesLittleGarbage() {
    Counters counters = new Counters();
    Trainer trainer =
        TestTrainers.quiet(new RecordingLogger())
            .maxEpochs(WARM_EPOCHS + 1)
            .gradientClipVal(1)
            .callback(counters)
            .build();
    trainer.fit(
        new BoringModule(),
        DataLoader.builder(BoringData.dataset(8 * BATCHES)).batchSize(8).build());

    assertThat(counters.allocations).as("native allocations").isZero();
    assertThat(counters.contexts).as("native operator contexts").isZero();
    assertThat(counters.kernels).as("prepared kernels").isZero();
    assertThat(counters.bytes / BATCHES)
        .as("bytes of garbage a step")
        .isBetween(1L, MAX_BYTES_PER_STEP);
  }
}
