package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("UnusedMethod") // The trainer calls them.
class ResumeTest {
  @TempDir Path folder;

  /** Has an optimizer with state, a schedule, and draws random numbers at every step. */
  static class Stateful extends BoringModule {
    private final Dropout dropout = new Dropout(0.3);

    @Override
    public Tensor loss(Batch batch) {
      return forward(dropout.call(batch.get(BoringData.FEATURES))).square().mean();
    }

    @Override
    protected OptimizerPlan plan() {
      Adam adam = Adam.of(parameters()).learningRate(0.01);
      return OptimizerPlan.of(adam)
          .withScheduler(new ExponentialLR(adam, 0.9))
          .withScheduler(new ExponentialLR(adam, 0.99), ScheduleInterval.STEP, 3);
    }
  }

  private static DataModule shuffled() {
    return DataModule.of(
        DataLoader.builder(BoringData.dataset(20)).batchSize(3).shuffle(true).build(),
        BoringData.loader(3));
  }

  private static TrainerBuilder trainer(int epochs) {
    return TestTrainers.quiet().maxEpochs(epochs).accumulateGradBatches(2);
  }

  private static Map<String, double[]> weights(FulgurModule module) {
    Map<String, double[]> values = new LinkedHashMap<>();
    module.stateDict().forEach((name, tensor) -> values.put(name, tensor.toDoubleArray()));
    return values;
  }

  private static void assertSame(FulgurModule a, FulgurModule b) {
    Map<String, double[]> expected = weights(b);
    weights(a).forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  /** Saves a checkpoint at one moment. */
  static class Saver implements Callback {
    private final Path path;
    private final String when;
    private final int epoch;

    Saver(Path path, String when, int epoch) {
      this.path = path;
      this.when = when;
      this.epoch = epoch;
    }

    private void save(Trainer trainer, String moment) {
      if (when.equals(moment) && trainer.currentEpoch() == epoch && !trainer.isSanityChecking()) {
        trainer.saveCheckpoint(path);
      }
    }

    @Override
    public Order order() {
      return Order.CHECKPOINT;
    }

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      save(trainer, "epoch");
    }

    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      save(trainer, "validation");
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
      if (batchIndex == 3) {
        save(trainer, "batch");
      }
    }
  }

  /** A run without interruption that leaves a checkpoint, and one that goes on from it. */
  @ParameterizedTest
  @ValueSource(strings = {"epoch", "validation", "batch"})
  void fit_fromACheckpoint_givesTheNumbersOfAnUninterruptedRun(String when) {
    Path path = folder.resolve("a.ckpt");
    Fulgur.seedEverything(7);
    Stateful whole = new Stateful();
    Trainer uninterrupted = trainer(4).callback(new Saver(path, when, 1)).build();
    uninterrupted.fit(whole, shuffled());

    Fulgur.seedEverything(99);
    Stateful resumed = new Stateful();
    Trainer trainer = trainer(4).build();
    trainer.fit(resumed, shuffled(), path);

    assertSame(resumed, whole);
    assertThat(trainer.globalStep()).isEqualTo(uninterrupted.globalStep());
    assertThat(trainer.currentEpoch()).isEqualTo(4);
    assertThat(trainer.totalBatches()).isEqualTo(uninterrupted.totalBatches());
    assertThat(trainer.loggingStep()).isEqualTo(uninterrupted.loggingStep());
    assertThat(trainer.lrSchedulers().get(0).learningRates())
        .isEqualTo(uninterrupted.lrSchedulers().get(0).learningRates());
  }

  @Test
  void fit_sameSeedTwice_givesTheSameNumbers() {
    Fulgur.seedEverything(7);
    Stateful first = new Stateful();
    trainer(2).build().fit(first, shuffled());
    Fulgur.seedEverything(7);
    Stateful second = new Stateful();
    trainer(2).build().fit(second, shuffled());

    assertSame(second, first);
  }

  @Test
  void fit_withOrWithoutSanityCheck_givesTheSameNumbers() {
    Fulgur.seedEverything(7);
    Stateful with = new Stateful();
    trainer(2).numSanityValSteps(2).build().fit(with, shuffled());
    Fulgur.seedEverything(7);
    Stateful without = new Stateful();
    trainer(2).numSanityValSteps(0).build().fit(without, shuffled());

    assertSame(without, with);
  }

  private Path saved(int epochs) {
    Path path = folder.resolve("a.ckpt");
    Trainer trainer = trainer(epochs).build();
    trainer.fit(new Stateful(), shuffled());
    trainer.saveCheckpoint(path);
    return path;
  }

  @Test
  void validate_withACheckpoint_usesItsWeights() {
    Path path = folder.resolve("a.ckpt");
    Stateful trained = new Stateful();
    Trainer trainer = trainer(1).build();
    trainer.fit(trained, shuffled());
    trainer.saveCheckpoint(path, /* weightsOnly= */ true);
    Stateful fresh = new Stateful();
    trainer(1).build().validate(fresh, shuffled(), path.toString());

    assertSame(fresh, trained);
  }

  @Test
  void fit_fromWeightsOnly_isAnError() {
    Path path = folder.resolve("a.ckpt");
    Trainer trainer = trainer(1).build();
    trainer.fit(new Stateful(), shuffled());
    trainer.saveCheckpoint(path, /* weightsOnly= */ true);

    assertThatThrownBy(() -> trainer(2).build().fit(new Stateful(), shuffled(), path))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("weights only");
  }

  @Test
  void fit_fromACheckpointPastMaxEpochs_isAnError() {
    Path path = saved(3);

    assertThatThrownBy(() -> trainer(2).build().fit(new Stateful(), shuffled(), path))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("has been trained for 3 epochs, but maxEpochs is 2");
  }

  @Test
  void fit_fromACheckpointOfAnotherArchitecture_saysSo() {
    Path path = saved(1);
    BoringModule other =
        new BoringModule() {
          private final Linear more = new Linear(2, 2);

          @Override
          public Tensor forward(Tensor input) {
            return more.call(super.forward(input));
          }
        };

    assertThatThrownBy(() -> trainer(2).build().fit(other, shuffled(), path))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll("a.ckpt", "the weights could not be restored", "more.weight");
  }

  @Test
  void fit_fromBest_withoutACheckpointCallback_isAnError() {
    assertThatThrownBy(() -> trainer(2).build().fit(new Stateful(), shuffled(), "best"))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll("[NoCheckpoint]", "ckptPath is \"best\"");
  }

  @Test
  void fit_fromACheckpoint_restoresCallbacks() {
    class Counter implements Callback {
      private long count;

      @Override
      public void onTrainBatchEnd(
          Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
        count++;
      }

      @Override
      public State state() {
        return State.builder().put("count", count).build();
      }

      @Override
      public void loadState(State state) {
        count = state.longValue("count");
      }
    }
    Path path = folder.resolve("a.ckpt");
    Trainer first = trainer(1).callback(new Counter()).build();
    first.fit(new Stateful(), shuffled());
    first.saveCheckpoint(path);
    Counter counter = new Counter();
    trainer(2).callback(counter).build().fit(new Stateful(), shuffled(), path);

    assertThat(counter.count).isEqualTo(14);
  }

  @Test
  void fit_fromACheckpoint_givesModulesBackWhatTheyAdded() {
    class Adds extends Stateful {
      private double found;

      @On(Hook.SAVE_CHECKPOINT)
      void save(Checkpoint.Builder checkpoint) {
        checkpoint.state("mine", State.builder().put("value", 1.5).build());
      }

      @On(Hook.LOAD_CHECKPOINT)
      void load(Checkpoint checkpoint) {
        found = checkpoint.state("mine").doubleValue("value");
      }
    }
    Path path = folder.resolve("a.ckpt");
    Trainer first = trainer(1).build();
    first.fit(new Adds(), shuffled());
    first.saveCheckpoint(path);
    Adds resumed = new Adds();
    trainer(2).build().fit(resumed, shuffled(), path);

    assertThat(resumed.found).isEqualTo(1.5);
  }

  @Test
  void saveCheckpoint_beforeAnyRun_isAnError() {
    assertThatThrownBy(() -> trainer(1).build().saveCheckpoint(folder.resolve("a.ckpt")))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[NotRunning]");
  }
}
