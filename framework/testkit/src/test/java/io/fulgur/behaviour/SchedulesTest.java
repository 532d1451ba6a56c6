package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.OneCycleLR;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When learning-rate schedules go on. */
class SchedulesTest {
  /** Trains with one schedule. */
  static class OneSchedule extends BoringModule {
    private final Function<Optimizer, Scheduled> made;
    private Scheduled scheduled = Scheduled.of(new StepLR(SGD.of(parameters()), 1, 0.5));

    OneSchedule(Function<Optimizer, Scheduled> made) {
      this.made = made;
    }

    @Override
    protected OptimizerPlan plan() {
      SGD optimizer = SGD.of(parameters()).learningRate(0.01);
      scheduled = made.apply(optimizer);
      return OptimizerPlan.of(optimizer).withScheduler(scheduled);
    }

    LearningRateScheduler schedule() {
      return scheduled.scheduler();
    }
  }

  private static OneSchedule stepping(ScheduleInterval interval, int frequency) {
    return new OneSchedule(
        optimizer ->
            Scheduled.of(new StepLR(optimizer, 1, 0.9)).interval(interval).frequency(frequency));
  }

  private static OneSchedule plateau(ScheduleInterval interval, int frequency, String monitor) {
    return new OneSchedule(
        optimizer ->
            Scheduled.of(ReduceLROnPlateau.of(optimizer).build())
                .monitor(monitor)
                .interval(interval)
                .frequency(frequency));
  }

  private static TrainerBuilder trainer(int epochs) {
    return TestTrainers.quiet().maxEpochs(epochs).numSanityValSteps(0);
  }

  /** Epochs and batches count within the run and the epoch, and a step only where there was one. */
  @ParameterizedTest
  @CsvSource({
    "EPOCH, 1, 4, 2, 1, 4",
    "EPOCH, 2, 4, 2, 1, 2",
    "EPOCH, 3, 4, 2, 1, 1",
    "STEP, 1, 3, 2, 1, 6",
    "STEP, 2, 3, 5, 1, 6",
    "STEP, 3, 3, 2, 1, 0",
    "STEP, 1, 2, 7, 3, 6",
    "STEP, 2, 1, 7, 3, 1",
  })
  void schedule_countsEpochsOrBatches(
      ScheduleInterval interval, int frequency, int epochs, int batches, int window, long steps) {
    OneSchedule module = stepping(interval, frequency);
    trainer(epochs)
        .accumulateGradBatches(window)
        .build()
        .fit(module, BoringData.module(batches, 1));

    assertThat(module.schedule().steps()).isEqualTo(steps);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void schedule_ofEpochs_doesNotDependOnValidation(int checkValEveryNEpoch) {
    OneSchedule module = stepping(ScheduleInterval.EPOCH, 1);
    trainer(4)
        .checkValEveryNEpoch(checkValEveryNEpoch)
        .build()
        .fit(module, BoringData.module(2, 1));

    assertThat(module.schedule().steps()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"EPOCH, 1, 3", "EPOCH, 2, 1", "STEP, 1, 12", "STEP, 2, 6", "STEP, 4, 3"})
  void plateau_ofATrainingValue_countsEpochsOrBatches(
      ScheduleInterval interval, int frequency, long steps) {
    OneSchedule module = plateau(interval, frequency, "train_loss");
    trainer(3).build().fit(module, BoringData.loader(4));

    assertThat(module.schedule().steps()).isEqualTo(steps);
  }

  /** Validation of batches 2 and 4 is over before the schedule looks. */
  @Test
  void plateau_ofSteps_looksAfterTheValidationOfItsBatch() {
    OneSchedule module = plateau(ScheduleInterval.STEP, 2, "val_loss");
    trainer(1).valCheckInterval(2).build().fit(module, BoringData.module(4, 1));

    assertThat(module.schedule().steps()).isEqualTo(2);
  }

  /** Saves after a value was logged and before a schedule that follows it looks. */
  record Saving(ScheduleInterval before, Path path) implements Callback {
    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      if (before == ScheduleInterval.STEP && trainer.totalBatches() == 2) {
        trainer.saveCheckpoint(path);
      }
    }

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      if (before == ScheduleInterval.EPOCH && trainer.currentEpoch() == 0) {
        trainer.saveCheckpoint(path);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"EPOCH, 1, 2", "STEP, 2, 4"})
  void plateau_resumedFromBeforeItLooked_looksAllTheSame(
      ScheduleInterval interval, int frequency, long steps, @TempDir Path folder) {
    Path saved = folder.resolve("saved.ckpt");
    OneSchedule whole = plateau(interval, frequency, "val_loss");
    trainer(2)
        .valCheckInterval(2)
        .callback(new Saving(interval, saved))
        .build()
        .fit(whole, BoringData.module(4, 1));
    OneSchedule resumed = plateau(interval, frequency, "val_loss");
    trainer(2).valCheckInterval(2).build().fit(resumed, BoringData.module(4, 1), saved);

    assertThat(whole.schedule().steps()).isEqualTo(steps);
    assertThat(resumed.schedule().steps()).isEqualTo(steps);
  }

  static class LoggingLast extends OneSchedule {
    LoggingLast() {
      super(
          optimizer ->
              Scheduled.of(ReduceLROnPlateau.of(optimizer).patience(0).factor(0.5).build())
                  .monitor("late"));
    }

    @On(Hook.TRAIN_EPOCH_END)
    void logLate() {
      log("late", currentEpoch() == 0 ? 1 : 2);
    }
  }

  static class Failing extends OneSchedule {
    Failing() {
      super(
          optimizer ->
              Scheduled.of(ReduceLROnPlateau.of(optimizer).build()).monitor("never_logged"));
    }

    @On(Hook.TRAIN_BATCH_START)
    void fail() {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void plateau_ofAValueLoggedAtTheEndOfTheEpoch_seesThatEpochs() {
    LoggingLast module = new LoggingLast();
    trainer(2).build().fit(module, BoringData.loader(2));

    assertThat(module.schedule().steps()).isEqualTo(2);
    assertThat(module.schedule().learningRates().get(0)).isEqualTo(0.005);
  }

  @ParameterizedTest
  @CsvSource({"EPOCH, epoch", "STEP, batch"})
  void plateau_ofAMissingValue_strict_isAnError(ScheduleInterval interval, String what) {
    OneSchedule module = plateau(interval, 1, "val_los");

    assertThatThrownBy(() -> trainer(1).build().fit(module, BoringData.module(2, 1)))
        .hasMessageContaining("[MonitorNotFound]")
        .hasMessageContaining("\"val_los\", which was not logged by the end of the " + what);
  }

  @ParameterizedTest
  @CsvSource({"EPOCH", "STEP"})
  void plateau_ofAMissingValue_notStrict_warnsOnceAndNeverSteps(ScheduleInterval interval) {
    OneSchedule module =
        new OneSchedule(
            optimizer ->
                Scheduled.of(ReduceLROnPlateau.of(optimizer).build())
                    .monitor("missing")
                    .interval(interval)
                    .strict(false));
    String lines = LogLines.of(() -> trainer(3).build().fit(module, BoringData.loader(2)));

    assertThat(lines).containsOnlyOnce("ReduceLROnPlateau does not step: \"missing\"");
    assertThat(module.schedule().steps()).isZero();
  }

  @Test
  void plateau_ofAnEpochThatNeverEnds_isNoError() {
    OneSchedule module = new Failing();

    assertThatThrownBy(() -> trainer(1).build().fit(module, BoringData.loader(2)))
        .hasMessage("on purpose");
  }

  /** What a checkpoint holds of schedules: those of the epoch have gone on, at every moment. */
  @Test
  void schedule_atTheEndOfAnEpoch_hasGoneOn() {
    OneSchedule module = stepping(ScheduleInterval.EPOCH, 1);
    List<Long> steps = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule of) {
            steps.add(module.schedule().steps());
          }
        };
    trainer(3).callback(watch).build().fit(module, BoringData.loader(2));

    assertThat(steps).containsExactly(1L, 2L, 3L);
  }

  /** At the end of the validation of batch 4, a plateau of steps has seen 3 of them. */
  @ParameterizedTest
  @CsvSource({"true, 3", "false, 4"})
  void schedule_ofSteps_atTheEndOfValidation_plateauIsOneBehind(boolean plateau, long expected) {
    OneSchedule module =
        plateau
            ? plateau(ScheduleInterval.STEP, 1, "train_loss")
            : stepping(ScheduleInterval.STEP, 1);
    List<Long> steps = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onValidationEnd(Trainer trainer, FulgurModule of) {
            steps.add(module.schedule().steps());
          }
        };
    trainer(1).callback(watch).build().fit(module, BoringData.module(4, 1));

    assertThat(steps).containsExactly(expected);
  }

  /** The step that was pending when the checkpoint was saved is made up for. */
  @Test
  void plateau_ofSteps_resumedFromTheEndOfAValidation_losesNoStep(@TempDir Path folder) {
    Path path = folder.resolve("middle.ckpt");
    Callback saving =
        new Callback() {
          @Override
          public void onValidationEnd(Trainer trainer, FulgurModule of) {
            if (trainer.totalBatches() == 2) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    DataModule data = BoringData.module(4, 1);
    OneSchedule whole = plateau(ScheduleInterval.STEP, 1, "val_loss");
    trainer(1).valCheckInterval(1).callback(saving).build().fit(whole, data);
    OneSchedule resumed = plateau(ScheduleInterval.STEP, 1, "val_loss");
    trainer(1).valCheckInterval(1).build().fit(resumed, data, path);

    assertThat(whole.schedule().steps()).isEqualTo(4);
    assertThat(resumed.schedule().steps()).isEqualTo(4);
    assertThat(resumed.schedule().stateDict()).isEqualTo(whole.schedule().stateDict());
  }

  @Test
  void lrSchedulerStep_overridden_decidesWhatHappens() {
    List<Double> monitored = new ArrayList<>();
    OneSchedule module =
        new OneSchedule(
            optimizer -> Scheduled.of(ReduceLROnPlateau.of(optimizer).build()).monitor("score")) {
          @Override
          protected void validationStep(Batch batch) {
            log("score", 7);
          }

          @Override
          protected void lrSchedulerStep(ReduceLROnPlateau scheduler, double value) {
            monitored.add(value);
          }
        };
    trainer(2).build().fit(module, BoringData.module(2, 1));

    assertThat(monitored).containsExactly(7.0, 7.0);
    assertThat(module.schedule().steps()).isZero();
  }

  @Test
  void oneCycle_ofEpochs_warns() {
    OneSchedule module =
        new OneSchedule(
            optimizer ->
                Scheduled.of(OneCycleLR.of(optimizer, 0.1, 10).cycleMomentum(false).build()));
    String lines = LogLines.of(() -> trainer(1).build().fit(module, BoringData.loader(2)));

    assertThat(lines).contains("OneCycleLR goes on with epochs here");
  }
}
