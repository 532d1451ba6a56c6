package io.fulgur.loop;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.State;
import io.fulgur.data.LoaderState;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.Moment;
import io.fulgur.tensor.Generator;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A checkpoint that a fit goes on from. Its parts are restored as soon as there is where to. */
final class RestoredCheckpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final Checkpoint checkpoint;
  private final RunContext run;
  private final List<Callback> callbacks;

  RestoredCheckpoint(Checkpoint checkpoint, RunContext run, List<Callback> callbacks) {
    this.checkpoint = checkpoint;
    this.run = run;
    this.callbacks = callbacks;
  }

  /** Restores the weights, the data module and the callbacks. */
  void restoreModule() {
    State loops = checkpoint.state(CheckpointKeys.LOOPS);
    checkEpochs(loops);
    run.hooks().run(Moment.LOAD_CHECKPOINT, checkpoint, Callback::onLoadCheckpoint);
    checkpoint.restore("the weights", () -> run.module().loadStateDict(checkpoint.weights()));
    checkpoint.restore("the data module", this::restoreDataModule);
    checkpoint.restore("the callbacks", this::restoreCallbacks);
  }

  private void checkEpochs(State loops) {
    int max = run.options().maxEpochs();
    int done = loops.intValue("epochs_processed");
    if (max != TrainerOptions.UNLIMITED && done > max) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_MISMATCH,
          "%s has been trained for %d epochs, but maxEpochs is %d. Raise maxEpochs to train on."
              .formatted(checkpoint.description(), done, max));
    }
  }

  private void restoreDataModule() {
    State data = checkpoint.state(CheckpointKeys.DATA);
    Map<String, Object> saved =
        Checkpoints.JSON.convertValue(data.node(Checkpoints.MODULE), new TypeReference<>() {});
    if (!saved.isEmpty()) {
      run.data().loadState(saved);
    }
  }

  private void restoreCallbacks() {
    State saved = checkpoint.state(CheckpointKeys.CALLBACKS);
    Set<String> missing = new LinkedHashSet<>(saved.children());
    for (Callback callback : callbacks) {
      if (missing.remove(callback.stateKey())) {
        callback.loadState(saved.child(callback.stateKey()));
      }
    }
    if (!missing.isEmpty()) {
      LOG.warn(
          "{} holds the state of callbacks that this trainer does not have: {}. Add them to go on"
              + " with them",
          checkpoint.description(),
          missing);
    }
  }

  /** Restores optimizers, schedulers, counters and the precision. */
  void restoreProgress() {
    RunState state = run.state();
    checkpoint.restore("the loops", () -> restoreLoops(checkpoint.state(CheckpointKeys.LOOPS)));
    // Checkpoints of before metrics were saved have none.
    if (checkpoint.hasState(CheckpointKeys.LOG)) {
      State saved = checkpoint.state(CheckpointKeys.LOG);
      checkpoint.restore("the metrics", () -> run.metrics().load(saved, run.log()));
    }
    checkpoint.restore("the optimizers", this::restoreOptimizers);
    checkpoint.restore("the learning-rate schedulers", this::restoreSchedulers);
    checkpoint.restore(
        "the precision",
        () -> run.parts().precision().loadState(checkpoint.state(CheckpointKeys.PRECISION)));
    LOG.info(
        "Going on from {}: epoch {}, step {}",
        checkpoint.description(),
        state.epoch,
        state.globalStep);
  }

  private void restoreLoops(State loops) {
    RunState state = run.state();
    state.epochsProcessed = loops.intValue("epochs_processed");
    // A checkpoint saved while the end of an epoch was announced is one of the next epoch.
    boolean atEnd = state.epochsProcessed > loops.intValue("epochs_completed");
    state.epoch = state.epochsProcessed;
    state.batchesInEpoch = atEnd ? 0 : loops.intValue("batches_in_epoch");
    state.lastBatch = !atEnd && loops.booleanValue("last_batch");
    state.totalBatches = loops.longValue("total_batches");
    state.batchesThatStepped = loops.longValue("batches_that_stepped");
    state.globalStep = loops.longValue("global_step");
    state.optimizerSteps = Arrays.copyOf(loops.longs("optimizer_steps"), state.optimizers.size());
    state.evaluationSteps = loops.longs("evaluation_steps");
    state.monitored =
        loops.hasChild(Checkpoints.MONITORED)
            ? OptimizerStates.numbers(loops.child(Checkpoints.MONITORED))
            : Map.of();
    state.stepPending = false;
    if (state.batchesInEpoch > 0 && loops.has(Checkpoints.ACCUMULATE)) {
      state.accumulateGradBatches = loops.intValue(Checkpoints.ACCUMULATE);
    }
  }

  private void restoreOptimizers() {
    State saved = checkpoint.state(CheckpointKeys.OPTIMIZERS);
    requireAsMany("optimizers", saved, run.state().optimizers.size());
    for (int i = 0; i < run.state().optimizers.size(); i++) {
      run.state()
          .optimizers
          .get(i)
          .loadStateDict(
              OptimizerStates.fromState(saved.child(Integer.toString(i))),
              run.module().namedParameters());
    }
  }

  private void requireAsMany(String what, State saved, int present) {
    int count = saved.children().size();
    if (count != present) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_MISMATCH,
          "It was saved with %d %s, but @ConfigureOptimizers made %d. Make as many as then, or load the weights only."
              .formatted(count, what, present));
    }
  }

  private void restoreSchedulers() {
    State saved = checkpoint.state(CheckpointKeys.LR_SCHEDULERS);
    requireAsMany("learning-rate schedulers", saved, run.state().schedulers.size());
    for (int i = 0; i < run.state().schedulers.size(); i++) {
      run.state()
          .schedulers
          .get(i)
          .loadStateDict(OptimizerStates.numbers(saved.child(Integer.toString(i))));
    }
  }

  /**
   * Restores the place in the training data and in the random numbers, just before the first epoch.
   */
  void restorePosition() {
    State data = checkpoint.state(CheckpointKeys.DATA);
    if (data.hasChild(Checkpoints.LOADER)) {
      State loader = data.child(Checkpoints.LOADER);
      run.loaders()
          .train()
          .load(
              new LoaderState(
                  loader.longValue("seed"),
                  loader.longValue("epoch"),
                  loader.longValue("batches")));
    }
    State random = checkpoint.state(CheckpointKeys.RNG);
    Generator.defaultGenerator().restore(random.longValue("seed"), random.longValue("offset"));
  }
}
