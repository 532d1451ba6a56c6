package io.fulgur.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.monitor.LearningRateMonitor;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.data.DataLoader;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    private long newBetweenEpochs;

    @Override
    public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
      if (trainer.currentEpoch() == WARM_EPOCHS + 1) {
        newBetweenEpochs = made() - newBetweenEpochs;
      }
      if (trainer.currentEpoch() == WARM_EPOCHS) {
        newBetweenEpochs = made();
        allocations = -statistics.allocations();
        contexts = -statistics.contexts();
        kernels = -statistics.preparedKernels();
        bytes = -threads.getCurrentThreadAllocatedBytes();
      }
    }

    private long made() {
      return statistics.allocations() + statistics.contexts() + statistics.preparedKernels();
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

  /** Everything that a user has who sets nothing, and what disturbs a loop most. */
  @Test
  void fit_steadyStateWithAllDefaults_preparesNothingAndMakesLittleGarbage(@TempDir Path folder) {
    Counters counters = new Counters();
    int samples = 8 * BATCHES + 3;
    silently(
        () ->
            Trainer.builder()
                .defaultRootDir(folder)
                .maxEpochs(WARM_EPOCHS + 2)
                .logEveryNSteps(5)
                .gradientClipVal(1)
                .accumulateGradBatches(2)
                .callbacks(
                    counters,
                    new LearningRateMonitor(),
                    EarlyStopping.builder().monitor("val_loss").patience(100).build())
                .build()
                .fit(new Classifier(), Classifier.shuffled(samples, 2), Classifier.ordered(44)));

    assertThat(counters.allocations).as("native allocations").isZero();
    assertThat(counters.contexts).as("native operator contexts").isZero();
    assertThat(counters.kernels).as("prepared kernels").isZero();
    assertThat(counters.bytes / (BATCHES + 1))
        .as("bytes of garbage a step")
        .isBetween(1L, MAX_BYTES_PER_STEP);
    assertThat(counters.newBetweenEpochs)
        .as("native work of an epoch with its validation and checkpoint")
        .isZero();
  }

  /** Keeps the progress display out of the build's output, without sparing it any work. */
  private static void silently(Runnable action) {
    PrintStream out = System.out;
    PrintStream error = System.err;
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
    try {
      action.run();
    } finally {
      System.setOut(out);
      System.setErr(error);
    }
  }
}
