package io.fulgur.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.profile.StepTimes;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import io.fulgur.testkit.RecordingLogger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time passes only where a test says so: in samples, steps and validation. */
@ExtendWith(CleanThread.class)
class TrainingTimesTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong now = new AtomicLong();
  private final RecordingLogger logger = new RecordingLogger();

  private long stepMillis = 1;

  /** Each training step takes a while, and validation long. */
  private class Slow extends BoringModule {
    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      now.addAndGet(stepMillis * MILLI);
      return super.trainingLoss(batch, batchIndex);
    }

    @Override
    protected void validationStep(Batch batch) {
      now.addAndGet(1000 * MILLI);
      super.validationStep(batch);
    }
  }

  private DataLoader loader(int batches, long sampleMillis) {
    Dataset samples =
        BoringData.dataset(batches)
            .map(
                sample -> {
                  now.addAndGet(sampleMillis * MILLI);
                  return sample;
                });
    return DataLoader.builder(samples).clock(now::get).build();
  }

  private TrainerBuilder trainer() {
    return Trainer.builder()
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .logger(logger)
        .logEveryNSteps(2)
        .nanoClock(now::get)
        .maxEpochs(2);
  }

  @Test
  void times_ofAFit_areThoseOfTrainingBatchesAlone() {
    Trainer trainer = trainer().build();
    trainer.fit(new Slow(), loader(4, 3), BoringData.loader(2));

    StepTimes times = trainer.times();
    assertThat(times).isEqualTo(new StepTimes(8, 32 * MILLI, 24 * MILLI));
    assertThat(times.modelNanos()).isEqualTo(8 * MILLI);
    assertThat(times.dataFraction()).isEqualTo(0.75);
    assertThat(times.stepMillis()).isEqualTo(4);
  }

  @Test
  void times_ofASecondFit_startAfresh() {
    Trainer trainer = trainer().build();
    assertThat(trainer.times()).isEqualTo(StepTimes.NONE);
    assertThat(StepTimes.NONE.dataFraction() + StepTimes.NONE.stepMillis()).isZero();
    trainer.fit(new Slow(), loader(4, 3));
    trainer.fit(new Slow(), loader(4, 3));

    assertThat(trainer.times()).isEqualTo(StepTimes.NONE);
  }

  @Test
  void fit_loggers_getTheTimesWhenStepsAreDueAndOfEachEpoch() {
    trainer().build().fit(new Slow(), loader(4, 3), BoringData.loader(2));

    assertThat(logger.times())
        .containsExactly(
            steps(1, 4, 0.75),
            steps(3, 4, 0.75),
            epoch(3),
            steps(5, 4, 0.75),
            steps(7, 4, 0.75),
            epoch(7));
  }

  private static RecordingLogger.Entry steps(long step, double millis, double fraction) {
    return new RecordingLogger.Entry(
        step, Map.of("time/step_ms", millis, "time/data_fraction", fraction));
  }

  private static RecordingLogger.Entry epoch(long step) {
    return new RecordingLogger.Entry(
        step, Map.of("time/epoch_step_ms", 4.0, "time/epoch_data_fraction", 0.75));
  }

  /** They are in nobody's results, and leave what users log under such a name alone. */
  @Test
  void fit_metricsOfUsers_areNotMixedWithTheTimes() {
    class Own extends Slow {
      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        log("time/step_ms", -1.0, LogOptions.onStep());
        return super.trainingLoss(batch, batchIndex);
      }
    }
    Trainer trainer = trainer().maxEpochs(1).build();
    trainer.fit(new Own(), loader(4, 3), BoringData.loader(2));

    assertThat(logger.times())
        .filteredOn(entry -> entry.values().containsKey("time/step_ms"))
        .allSatisfy(entry -> assertThat(entry.values()).containsEntry("time/step_ms", -1.0))
        .hasSize(2);
    assertThat(trainer.callbackMetrics()).doesNotContainKey("time/data_fraction");
    assertThat(trainer.loggedMetrics()).doesNotContainKey("time/data_fraction");
    assertThat(trainer.validate(new Slow(), BoringData.loader(2)).get(0))
        .containsOnlyKeys("val_loss");
  }

  @Test
  void fit_withoutLogger_stillMeasures() {
    Trainer trainer = Trainer.builder().barebones(true).nanoClock(now::get).maxEpochs(1).build();
    trainer.fit(new Slow(), loader(4, 3));

    assertThat(trainer.times()).isEqualTo(new StepTimes(4, 16 * MILLI, 12 * MILLI));
  }

  // ---------------------------------------------------------------- advice

  private static String said(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return caught.toString(UTF_8);
  }

  @Test
  void fit_stepsWaitForData_advisesOnce() {
    stepMillis = 20;
    String said = said(() -> trainer().build().fit(new Slow(), loader(40, 60)));

    assertThat(said)
        .containsOnlyOnce("The loop has waited 1.8 s for data, 75 % of its time")
        .contains("making a batch of DataLoader of", "takes 60.00 ms, using it 20.00 ms")
        .contains("It has workers(0); set workers(");
  }

  /** What counts are the batches after the first ten, over all epochs. */
  @ParameterizedTest
  @CsvSource({"14, 0", "15, 1"})
  void fit_waitsForASecond_isWhatItTakesToAdvise(long sampleMillis, int times) {
    String said = said(() -> trainer().build().fit(new Slow(), loader(40, sampleMillis)));

    assertThat(said.split("The loop has waited", -1)).hasSize(times + 1);
  }

  @Test
  void fit_longEpoch_advisesBeforeItsEnd() {
    StringBuilder seen = new StringBuilder();
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    Callback looking =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            if (batchIndex == 63 || batchIndex == 64) {
              seen.append(caught.toString(UTF_8).contains("has waited") ? 'y' : 'n');
            }
          }
        };
    System.setErr(new PrintStream(caught, true, UTF_8));
    try {
      trainer().maxEpochs(1).callback(looking).build().fit(new Slow(), loader(70, 60));
    } finally {
      System.setErr(before);
    }

    assertThat(seen).hasToString("ny");
  }

  /** The first batches start threads and are not compiled yet. */
  @Test
  void fit_onlyTheFirstBatchesAreSlow_advisesNothing() {
    AtomicLong samples = new AtomicLong();
    Dataset data =
        BoringData.dataset(60)
            .map(
                sample -> {
                  now.addAndGet(samples.incrementAndGet() <= 10 ? 1000 * MILLI : MILLI / 8);
                  return sample;
                });
    DataLoader slowAtFirst = DataLoader.builder(data).clock(now::get).build();

    assertThat(said(() -> trainer().maxEpochs(1).build().fit(new Slow(), slowAtFirst)))
        .doesNotContain("has waited");
  }

  @Test
  void fit_fewBatches_advisesNothing() {
    assertThat(said(() -> trainer().maxEpochs(1).build().fit(new Slow(), loader(20, 3000))))
        .doesNotContain("has waited");
  }

  @Test
  void of_batchesThatCostNextToNothing_null() {
    DataLoader loader = loader(100, 0);
    List<LoadTimes> cheapAndDear =
        List.of(
            new LoadTimes(20_000, 1800 * MILLI, 1800 * MILLI),
            new LoadTimes(20_000, 2200 * MILLI, 2200 * MILLI));

    assertThat(cheapAndDear)
        .extracting(times -> LoadingAdvice.of(loader, times, 4000 * MILLI, 4) != null)
        .containsExactly(false, true);
  }
}
