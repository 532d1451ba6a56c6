package io.fulgur.callback.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.FlopCounter;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import io.fulgur.testkit.RecordingLogger;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Training steps take two seconds, and validation steps ten. */
@ExtendWith(CleanThread.class)
class ThroughputMonitorTest {
  private static final long SECOND = 1_000_000_000;

  /** Forward and backward of 4 samples: the products for the outputs and for the weights. */
  private static final double FLOPS = 2 * (2.0 * 4 * 32 * 2);

  private final AtomicLong now = new AtomicLong(7);
  private final RecordingLogger logger = new RecordingLogger();

  private final class Timed extends BoringModule {
    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      now.addAndGet(2 * SECOND);
      return super.trainingLoss(batch, batchIndex);
    }

    @Override
    protected void validationStep(Batch batch) {
      now.addAndGet(10 * SECOND);
      super.validationStep(batch);
    }

    @Override
    protected void testStep(Batch batch) {
      now.addAndGet(5 * SECOND);
      super.testStep(batch);
    }
  }

  private static DataLoader loader(int batches) {
    return DataLoader.builder(BoringData.dataset(4 * batches)).batchSize(4).build();
  }

  private TrainerBuilder trainer(ThroughputMonitorBuilder monitor) {
    return Trainer.builder()
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .logger(logger)
        .maxEpochs(1)
        .callback(monitor.nanoClock(now::get).build());
  }

  private Map<String, Double> at(String prefix, long step) {
    Map<String, Double> found = new TreeMap<>();
    logger.entries(prefix + "time").stream()
        .filter(entry -> entry.step() == step)
        .forEach(entry -> found.putAll(entry.values()));
    found.keySet().removeIf(name -> !name.startsWith(prefix));
    return found;
  }

  @Test
  void fit_logIntervals_logsRatesOverTheWindow() {
    trainer(
            ThroughputMonitor.builder()
                .windowSize(3)
                .length(batch -> batch.size() * 32L)
                .peakFlops(1024))
        .logEveryNSteps(2)
        .build()
        .fit(new Timed(), loader(6));

    assertThat(logger.entries("train/time"))
        .extracting(RecordingLogger.Entry::step)
        .containsExactly(1L, 3L, 5L);
    assertThat(at("train/", 5))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "train/time", 12.0,
                "train/batches", 6.0,
                "train/samples", 24.0,
                "train/lengths", 768.0,
                "train/device/batches_per_sec", 0.5,
                "train/device/samples_per_sec", 2.0,
                "train/device/items_per_sec", 64.0,
                "train/device/flops_per_sec", FLOPS / 2,
                "train/device/mfu", FLOPS / 2 / 1024));
  }

  @Test
  void fit_firstBatch_hasSumsOnly() {
    trainer(ThroughputMonitor.builder().countFlops(false))
        .logEveryNSteps(1)
        .build()
        .fit(new Timed(), loader(2));

    assertThat(at("train/", 0)).containsOnlyKeys("train/time", "train/batches", "train/samples");
    assertThat(at("train/", 1))
        .containsOnlyKeys(
            "train/time",
            "train/batches",
            "train/samples",
            "train/device/batches_per_sec",
            "train/device/samples_per_sec");
  }

  @Test
  void fit_validationBetweenBatches_doesNotCount() {
    trainer(ThroughputMonitor.builder())
        .logEveryNSteps(1)
        .valCheckInterval(2)
        .build()
        .fit(new Timed(), loader(4), loader(3));

    assertThat(at("train/", 3))
        .containsEntry("train/time", 8.0)
        .containsEntry("train/device/batches_per_sec", 0.5);
    assertThat(at("validate/", 2))
        .containsEntry("validate/time", 30.0)
        .containsEntry("validate/device/samples_per_sec", 0.4);
  }

  /** The sizes of batches differ, and each is counted once. */
  @Test
  void fit_lastBatchSmaller_countsItsOwnOperations() {
    DataLoader uneven = DataLoader.builder(BoringData.dataset(10)).batchSize(4).build();
    trainer(ThroughputMonitor.builder()).logEveryNSteps(1).build().fit(new Timed(), uneven);

    assertThat(at("train/", 2).get("train/device/flops_per_sec"))
        .isCloseTo((FLOPS + FLOPS / 2) / 4, within(1e-9));
  }

  @Test
  void test_logs_doNotShowUpInResults() {
    Trainer trainer = trainer(ThroughputMonitor.builder()).logEveryNSteps(2).build();

    assertThat(trainer.test(new Timed(), loader(4)).get(0)).containsOnlyKeys("test_loss");
    assertThat(at("test/", 3))
        .containsEntry("test/time", 20.0)
        .containsEntry("test/device/flops_per_sec", FLOPS / 2 / 5);
  }

  @Test
  void batchSize_function_saysWhatASampleIs() {
    trainer(ThroughputMonitor.builder().batchSize(batch -> 100))
        .logEveryNSteps(2)
        .build()
        .fit(new Timed(), loader(2));

    assertThat(at("train/", 1)).containsEntry("train/samples", 200.0);
  }

  /** Whoever observes operators around a run must be told again afterwards. */
  @Test
  void fit_batchLeftOutOrFailing_stopsCounting() {
    Callback skipping =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            trainer.skipRestOfEpoch();
          }
        };
    class Failing extends BoringModule {
      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        throw new IllegalStateException("on purpose");
      }
    }
    Tensor x = Tensor.of(new float[] {1}, 1);
    try (FlopCounter outer = FlopCounter.start()) {
      trainer(ThroughputMonitor.builder()).callback(skipping).build().fit(new Timed(), loader(2));
      x.reshape(1, 1).matmul(x.reshape(1, 1));
      assertThat(outer.flops()).isEqualTo(2);

      Trainer failing = trainer(ThroughputMonitor.builder()).build();
      assertThatThrownBy(() -> failing.fit(new Failing(), loader(2))).hasMessage("on purpose");
      x.reshape(1, 1).matmul(x.reshape(1, 1));
      assertThat(outer.flops()).isEqualTo(4);
    }
  }

  @Test
  void build_numbersTooSmall_isAnErrorThatListsThem() {
    assertThatThrownBy(() -> ThroughputMonitor.builder().windowSize(1).peakFlops(-1).build())
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            """
            [InvalidOptions] ThroughputMonitor has options that cannot be:
            1) windowSize is 1; it must be at least 2, for a rate lies between two batches.
            2) peakFlops is -1.0; it must be positive, or 0 if it is not known.""");
  }
}
