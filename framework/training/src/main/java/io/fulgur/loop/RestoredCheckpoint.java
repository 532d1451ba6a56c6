package io.fulgur.loop;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fulgur.ResumeOptions;
import io.fulgur.ResumePart;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.State;
import io.fulgur.data.DataLoader;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.Moment;
import io.fulgur.nn.LoadReport;
import io.fulgur.nn.schedule.LearningRateScheduler;
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
  private final ResumeOptions options;
  private final RunContext run;
  private final List<Callback> callbacks;

  RestoredCheckpoint(
      Checkpoint checkpoint, ResumeOptions options, RunContext run, List<Callback> callbacks) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.run = run;
    this.callbacks = callbacks;
  }

  /** Returns whether training goes on where it was, rather than from its start. */
  boolean restoresProgress() {
    return options.restores(ResumePart.PROGRESS);
  }

  private void restore(ResumePart part, Runnable action) {
    if (options.restores(part)) {
      checkpoint.restore(part.label(), action);
    }
  }

  /** Restores the weights, the data module and the callbacks. */
  void restoreModule() {
    requireStates();
    if (restoresProgress()) {
      checkEpochs();
    }
    run.hooks().run(Moment.LOAD_CHECKPOINT, checkpoint, Callback::onLoadCheckpoint);
    restore(ResumePart.WEIGHTS, this::restoreWeights);
    restore(ResumePart.DATA, this::restoreDataModule);
    restore(ResumePart.CALLBACKS, this::restoreCallbacks);
  }

  private void requireStates() {
    if (options.parts().equals(Set.of(ResumePart.WEIGHTS))) {
      return;
    }
    if (!checkpoint.hasState(CheckpointKeys.LOOPS)) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_MISMATCH,
          "%s holds weights only, so a fit cannot go on from it. To begin another training with its weights, pass ResumeOptions.from(path).only(ResumePart.WEIGHTS)."
              .formatted(checkpoint.description()));
    }
  }

  private void restoreWeights() {
    LoadReport report = run.module().loadStateDict(checkpoint.weights(), options.strictLoading());
    if (!report.missing().isEmpty()) {
      LOG.warn("{} lacks weights, which stay as they are: {}", checkpoint, report.missing());
    }
    if (!report.unexpected().isEmpty()) {
      LOG.warn("{} holds weights that the module lacks: {}", checkpoint, report.unexpected());
    }
  }

  private void checkEpochs() {
    int max = run.options().maxEpochs();
    int done = Progress.read(checkpoint.state(CheckpointKeys.LOOPS)).epoch();
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
    restore(ResumePart.PROGRESS, this::restoreLoops);
    restore(ResumePart.OPTIMIZERS, this::restoreOptimizers);
    restore(ResumePart.SCHEDULERS, this::restoreSchedulers);
    restore(
        ResumePart.PRECISION,
        () -> run.parts().precision().loadState(checkpoint.state(CheckpointKeys.PRECISION)));
    if (restoresProgress()) {
      LOG.info(
          "Going on from {}: epoch {}, step {}",
          checkpoint.description(),
          state.epoch,
          state.globalStep);
    } else {
      LOG.info("Beginning with {} of {}", options.parts(), checkpoint.description());
    }
  }

  private void restoreLoops() {
    Progress.read(checkpoint.state(CheckpointKeys.LOOPS)).restore(run.state());
    run.state().monitored = OptimizerStates.numbers(checkpoint.state(CheckpointKeys.MONITORED));
    run.metrics().load(checkpoint.state(CheckpointKeys.LOG), run.log());
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
    List<LearningRateScheduler> schedulers = run.state().schedulers();
    requireAsMany("learning-rate schedulers", saved, schedulers.size());
    for (int i = 0; i < schedulers.size(); i++) {
      schedulers.get(i).loadStateDict(OptimizerStates.numbers(saved.child(Integer.toString(i))));
    }
  }

  /**
   * Restores the place in the training data and in the random numbers, just before the first epoch.
   */
  void restorePosition(Optimization optimization) {
    if (checkpoint.hasState(CheckpointKeys.GRADIENTS)) {
      restore(ResumePart.PROGRESS, () -> restoreWindow(optimization));
    }
    if (checkpoint.hasState(CheckpointKeys.BATCH)) {
      restore(ResumePart.PROGRESS, () -> restoreBatch(optimization));
    }
    restore(ResumePart.DATA, this::restoreLoader);
    restoreRandom();
  }

  private void restoreWindow(Optimization optimization) {
    State saved = checkpoint.state(CheckpointKeys.GRADIENTS);
    GradientTensors.restore(run.module(), saved.child(Checkpoints.GRADIENTS).tensors());
    optimization.loadWindow(saved.child(Checkpoints.WINDOW));
  }

  private void restoreBatch(Optimization optimization) {
    State batch = checkpoint.state(CheckpointKeys.BATCH);
    run.state().skipBatch = batch.booleanValue(Checkpoints.SKIPPED);
    optimization.resume(batch.child(Checkpoints.PARTS));
    if (options.restores(ResumePart.RNG)) {
      run.restart().restoreRandomWithinBatch(batch.child(Checkpoints.RANDOM));
    }
  }

  private void restoreLoader() {
    State data = checkpoint.state(CheckpointKeys.DATA);
    if (data.hasChild(Checkpoints.LOADER)) {
      DataLoader train = run.loaders().train();
      train.loadState(data.child(Checkpoints.LOADER));
      if (!restoresProgress()) {
        train.restartEpoch();
      }
    }
  }

  /** Restores the random numbers of this thread. */
  void restoreRandom() {
    restore(ResumePart.RNG, () -> RestartPoint.restoreRandom(checkpoint.state(CheckpointKeys.RNG)));
  }
}
