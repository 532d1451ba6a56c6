package io.fulgur.loop;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.State;
import io.fulgur.log.Moment;
import io.fulgur.nn.schedule.LearningRateScheduler;
import java.util.List;

/** Gathers what a run needs to go on. */
final class Checkpoints {
  static final String LOADER = "loader";
  static final String MODULE = "module";
  static final String WINDOW = "window";
  static final String GRADIENTS = "gradients";
  static final String PARTS = "parts";
  static final String RANDOM = "rng";
  static final String SKIPPED = "skipped";
  static final ObjectMapper JSON = new ObjectMapper();

  private Checkpoints() {}

  static Checkpoint gather(RunContext run, List<Callback> callbacks, boolean weightsOnly) {
    Checkpoint.Builder checkpoint = own(run, callbacks, weightsOnly);
    run.hooks().run(Moment.SAVE_CHECKPOINT, checkpoint, Callback::onSaveCheckpoint);
    return checkpoint.build();
  }

  /** Gathers all but what callbacks and the module add when they are asked. */
  static Checkpoint.Builder own(RunContext run, List<Callback> callbacks, boolean weightsOnly) {
    RunState state = run.state();
    Checkpoint.Builder checkpoint =
        Checkpoint.builder()
            .epoch(state.epoch)
            .globalStep(state.globalStep)
            .weights(run.restart().weights())
            .hyperparameters(run.bound().hyperparameters())
            .dataModuleHyperparameters(run.data().hyperparameters());
    if (!weightsOnly && state.plan != null) {
      checkpoint.state(CheckpointKeys.LOOPS, Progress.of(run).toState());
      checkpoint.state(
          CheckpointKeys.MONITORED, OptimizerStates.numbers(MonitoredSchedules.known(run)));
      checkpoint.state(CheckpointKeys.LOG, run.metrics().state(run.log(), run.restart()));
      checkpoint.state(CheckpointKeys.OPTIMIZERS, optimizers(run));
      State window = run.restart().window(state.optimization);
      if (!window.isEmpty()) {
        checkpoint.state(CheckpointKeys.GRADIENTS, window);
      }
      boolean withinBatch = state.place == Place.WITHIN_BATCH;
      if (withinBatch) {
        checkpoint.state(CheckpointKeys.BATCH, batch(run));
      }
      checkpoint.state(CheckpointKeys.LR_SCHEDULERS, schedulers(state));
      checkpoint.state(CheckpointKeys.RNG, run.restart().random(withinBatch));
      checkpoint.state(CheckpointKeys.DATA, data(run));
      checkpoint.state(CheckpointKeys.PRECISION, run.parts().precision().state());
      checkpoint.state(CheckpointKeys.CALLBACKS, callbacks(callbacks));
    }
    return checkpoint;
  }

  private static State batch(RunContext run) {
    Optimization optimization = run.state().optimization;
    State.Builder batch =
        State.builder()
            .put(SKIPPED, run.state().skipBatch)
            .child(RANDOM, run.restart().randomWithinBatch());
    if (optimization != null) {
      batch.child(PARTS, optimization.partsState());
    }
    return batch.build();
  }

  private static State optimizers(RunContext run) {
    State.Builder all = State.builder();
    for (int i = 0; i < run.state().optimizers.size(); i++) {
      all.child(
          Integer.toString(i),
          OptimizerStates.toState(
              run.state().optimizers.get(i).stateDict(run.module().namedParameters())));
    }
    return all.build();
  }

  private static State schedulers(RunState state) {
    State.Builder all = State.builder();
    List<LearningRateScheduler> schedulers = state.schedulers();
    for (int i = 0; i < schedulers.size(); i++) {
      all.child(Integer.toString(i), OptimizerStates.numbers(schedulers.get(i).stateDict()));
    }
    return all.build();
  }

  private static State data(RunContext run) {
    State.Builder data = State.builder();
    if (run.loaders().hasTrain()) {
      Progress progress = Progress.of(run);
      data.child(LOADER, run.loaders().trainState(progress.epoch(), progress.batches()));
    }
    return data.put(MODULE, JSON.valueToTree(run.data().saveState())).build();
  }

  private static State callbacks(List<Callback> callbacks) {
    State.Builder all = State.builder();
    for (Callback callback : callbacks) {
      State state = callback.state();
      if (!state.isEmpty()) {
        all.child(callback.stateKey(), state);
      }
    }
    return all.build();
  }
}
