package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that follow a logged value. */
class MonitoredScheduleTest {
  @TempDir Path folder;

  /** Logs a score that stops getting better after the second epoch. */
  private static final class Stalling extends BoringModule {
    private final String monitor;
    private final int frequency;

    Stalling(String monitor, int frequency) {
      this.monitor = monitor;
      this.frequency = frequency;
    }

    @Override
    protected void validationStep(Batch batch) {
      log("score", 1.0 / Math.min(2, currentEpoch() + 1));
    }

    @Override
    protected OptimizerPlan plan() {
      SGD optimizer = SGD.of(parameters()).learningRate(1e-3);
      ReduceLROnPlateau schedule = ReduceLROnPlateau.of(optimizer).patience(1).factor(0.5).build();
      return OptimizerPlan.of(optimizer).withScheduler(schedule, monitor, frequency);
    }
  }

  /** Notes the learning rate at the start of each epoch, and may save a checkpoint. */
  private static final class Watch implements Callback {
    final List<Double> rates = new ArrayList<>();
    private final Path path;
    private final String when;

    Watch(Path path, String when) {
      this.path = path;
      this.when = when;
    }

    /** Sees the schedules of an epoch before or after they have stepped. */
    @Override
    public Order order() {
      return when.equals("epoch") ? Order.ORDINARY : Order.MONITOR;
    }

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      save(trainer, "epoch");
      save(trainer, "monitored epoch");
    }

    @Override
    public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
      rates.add(trainer.lrSchedulers().get(0).learningRates().get(0));
    }

    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      save(trainer, "validation");
    }

    private void save(Trainer trainer, String moment) {
      if (when.equals(moment) && trainer.currentEpoch() == 2 && !trainer.isSanityChecking()) {
        trainer.saveCheckpoint(path);
      }
    }
  }

  private static DataModule data() {
    return DataModule.of(BoringData.loader(2), BoringData.loader(1));
  }

  private List<Double> rates(String monitor, int frequency, int epochs) {
    Watch watch = new Watch(folder, "never");
    TestTrainers.quiet()
        .maxEpochs(epochs)
        .callback(watch)
        .build()
        .fit(new Stalling(monitor, frequency), data());
    return watch.rates;
  }

  @Test
  void schedule_ofAValidatedValue_isReducedAfterTheEpochThatShowsThePlateau() {
    assertThat(rates("score", 1, 6)).containsExactly(1e-3, 1e-3, 1e-3, 1e-3, 5e-4, 5e-4);
  }

  @Test
  void schedule_ofAFrequency_looksOnlySoOften() {
    assertThat(rates("score", 2, 8))
        .containsExactly(1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 5e-4, 5e-4);
  }

  @Test
  void schedule_ofAValueThatIsNotLogged_saysWhatIs() {
    assertThatThrownBy(() -> rates("scor", 1, 1))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MONITOR_NOT_FOUND))
        .hasMessageContaining(
            "ReduceLROnPlateau monitors \"scor\", which was not logged by the end of the epoch.")
        .hasMessageContaining("Did you mean \"score\"?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoch", "monitored epoch", "validation"})
  void fit_fromACheckpoint_reducesWhenTheUninterruptedRunDoes(String when) {
    Path path = folder.resolve("a.ckpt");
    Watch whole = new Watch(path, when);
    TestTrainers.quiet().maxEpochs(7).callback(whole).build().fit(new Stalling("score", 1), data());
    Watch resumed = new Watch(path, "never");
    TestTrainers.quiet()
        .maxEpochs(7)
        .callback(resumed)
        .build()
        .fit(new Stalling("score", 1), data(), path);

    List<Double> expected = whole.rates.subList(7 - resumed.rates.size(), 7);
    assertThat(resumed.rates).hasSize(4).isEqualTo(expected);
  }
}
