package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.stopping.Timer;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerTest {
  /** Time that passes only while batches are worked on: 10 s for each. */
  private static final class Work implements Callback {
    private long seconds;

    long nanos() {
      return Duration.ofSeconds(seconds).toNanos();
    }

    @Override
    public void onTrainBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
      seconds += 10;
    }

    @Override
    public void onValidationBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
      seconds += 10;
    }

    @Override
    public void onTestBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
      seconds += 10;
    }

    @Override
    public void onPredictBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
      seconds += 10;
    }
  }

  private static Timer timer(Work work, int seconds, ScheduleInterval interval) {
    return Timer.builder()
        .duration(Duration.ofSeconds(seconds))
        .interval(interval)
        .nanoClock(work::nanos)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"12:34:56:65, 1162625", "00:00:00:01, 1", "400:00:00:00, 34560000", "PT90M, 5400"})
  void parseDuration_clockOrIso_isThatTime(String text, long seconds) {
    assertThat(Timer.parseDuration(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6:00:00", "60 minutes", "", "-1:00:00:00", "-PT1S", "1:2:3:4"})
  void parseDuration_anythingElse_isAnError(String text) {
    assertThatThrownBy(() -> Timer.builder().duration(text))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidOptions] \"%s\" is no time. Write days:hours:minutes:seconds, e.g. 00:12:00:00 for half a day."
                .formatted(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "10, 1", "11, 2", "39, 4", "1000, 8"})
  void fit_timeIsUp_endsAfterThatBatch(int seconds, int steps) {
    Work work = new Work();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(2)
            .limitValBatches(0)
            .callbacks(work, timer(work, seconds, ScheduleInterval.STEP))
            .build();
    trainer.fit(new BoringModule(), BoringData.module(4, 1));

    assertThat(trainer.globalStep()).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 4", "40, 4", "41, 8"})
  void fit_epochInterval_endsAfterThatEpoch(int seconds, int steps) {
    Work work = new Work();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(3)
            .limitValBatches(0)
            .callbacks(work, timer(work, seconds, ScheduleInterval.EPOCH))
            .build();
    trainer.fit(new BoringModule(), BoringData.module(4, 1));

    assertThat(trainer.globalStep()).isEqualTo(steps);
  }

  @Test
  void fit_minEpochsNotReached_goesOn() {
    Work work = new Work();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(5)
            .minEpochs(2)
            .callbacks(work, timer(work, 1, ScheduleInterval.STEP))
            .build();
    trainer.fit(new BoringModule(), BoringData.module(4, 0 + 1));

    assertThat(trainer.globalStep()).isEqualTo(8);
  }

  @Test
  void timeElapsed_everyStage_isMeasured() {
    Work work = new Work();
    Timer timer = Timer.builder().nanoClock(work::nanos).build();
    Trainer trainer = TestTrainers.quiet().maxEpochs(2).callbacks(work, timer).build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module(4, 3));

    // 2 epochs of 4 batches and 3 of validation; 2 more of the sanity check count nowhere.
    assertThat(timer.timeElapsed(RunningStage.TRAINING)).hasSeconds(140);
    assertThat(timer.timeElapsed(RunningStage.VALIDATING)).hasSeconds(60);
    assertThat(timer.timeElapsed(RunningStage.SANITY_CHECKING)).isZero();
    assertThat(timer.timeRemaining()).isEmpty();

    trainer.test(module, BoringData.module(4, 3));
    trainer.predict(module, BoringData.module(4, 2));

    assertThat(timer.timeElapsed(RunningStage.TESTING)).hasSeconds(30);
    assertThat(timer.timeElapsed(RunningStage.PREDICTING)).hasSeconds(20);
    assertThat(timer.timeElapsed(RunningStage.TRAINING)).hasSeconds(140);
  }

  @Test
  void fit_resumed_hasTheTimeThatWasLeft(@TempDir Path folder) {
    Work work = new Work();
    Path path = folder.resolve("half.ckpt");
    Trainer first =
        TestTrainers.quiet()
            .maxEpochs(1)
            .limitValBatches(0)
            .callbacks(work, timer(work, 60, ScheduleInterval.STEP))
            .build();
    first.fit(new BoringModule(), BoringData.module(4, 1));
    first.saveCheckpoint(path);
    Timer timer = timer(work, 60, ScheduleInterval.STEP);
    Trainer second =
        TestTrainers.quiet().maxEpochs(3).limitValBatches(0).callbacks(work, timer).build();
    second.fit(new BoringModule(), BoringData.module(4, 1), path);

    assertThat(second.globalStep()).isEqualTo(6);
    assertThat(timer.timeRemaining()).contains(Duration.ZERO);

    Trainer third =
        TestTrainers.quiet()
            .maxEpochs(3)
            .limitValBatches(0)
            .callbacks(work, timer(work, 40, ScheduleInterval.STEP))
            .build();
    third.fit(new BoringModule(), BoringData.module(4, 1), path);

    assertThat(third.globalStep()).as("nothing was left").isEqualTo(4);
  }

  @Test
  void maxTime_text_addsATimerThatEndsTraining() {
    Work work = new Work();
    Trainer trainer =
        TestTrainers.quiet()
            .maxTime("00:00:00:25")
            .limitValBatches(0)
            .nanoClock(work::nanos)
            .callback(work)
            .build();
    trainer.fit(new BoringModule(), BoringData.module(4, 1));

    assertThat(trainer.globalStep()).isEqualTo(3);
    assertThat(trainer.options().maxEpochs()).isEqualTo(TrainerOptions.UNLIMITED);
    assertThat(trainer.options().maxEpochsIsDefault()).isFalse();
  }

  @Test
  void maxTime_besideATimer_isIgnoredAndSaysSo() {
    Timer timer = Timer.builder().duration("00:01:00:00").build();
    Trainer[] made = new Trainer[1];

    assertThat(
            LogLines.of(
                Trainer.class,
                () ->
                    made[0] = TestTrainers.quiet().maxTime("00:00:00:00").callback(timer).build()))
        .contains("maxTime is ignored, for a Timer was given");
    assertThat(made[0].callbacks()).filteredOn(Timer.class::isInstance).containsExactly(timer);
  }

  /** A clock that is 2 s later at each reading. */
  @Test
  void valCheckInterval_time_validatesOnceThatMuchHasPassed() {
    long[] seconds = {0};
    int[] validations = {0};
    Callback count =
        new Callback() {
          @Override
          public void onValidationEnd(Trainer trainer, FulgurModule module) {
            validations[0]++;
          }
        };
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(1)
            .numSanityValSteps(0)
            .valCheckInterval("00:00:00:02")
            .nanoClock(() -> Duration.ofSeconds(seconds[0] += 2).toNanos())
            .callback(count)
            .build();
    trainer.fit(new BoringModule(), BoringData.module(5, 1));

    assertThat(validations[0]).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"10, 8", "20, 4", "25, 2", "90, 0"})
  void valCheckInterval_time_countsFromTheEndOfTheLastValidation(int interval, int expected) {
    Work work = new Work();
    int[] validations = {0};
    Callback count =
        new Callback() {
          @Override
          public void onValidationEnd(Trainer trainer, FulgurModule module) {
            validations[0]++;
          }
        };
    TestTrainers.quiet()
        .maxEpochs(2)
        .numSanityValSteps(0)
        .valCheckInterval(Duration.ofSeconds(interval))
        .nanoClock(work::nanos)
        .callbacks(work, count)
        .build()
        .fit(new BoringModule(), BoringData.module(4, 7));

    assertThat(validations[0]).isEqualTo(expected);
  }
}
