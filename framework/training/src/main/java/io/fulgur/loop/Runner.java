package io.fulgur.loop;

import io.fulgur.BatchLimit;
import io.fulgur.PredictOptions;
import io.fulgur.ResumeOptions;
import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogConnector;
import io.fulgur.log.RunStatus;
import io.fulgur.module.BoundModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ModuleBinder;
import io.fulgur.module.StepOutput;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.ReproducibilityCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a trainer is asked for: makes what the loops of a run share, and has one of them
 * do the work.
 *
 * @since 0.1
 */
public final class Runner {
  private final Trainer trainer;
  private final TrainerParts parts;
  private final RunState state;
  private final LogConnector log;
  private final StepKeys keys = new StepKeys();
  private List<Callback> callbacks;
  private @Nullable RunContext current;

  /** Makes the runner of a trainer. */
  public Runner(Trainer trainer, TrainerParts parts, RunState state, LogConnector log) {
    this.trainer = trainer;
    this.parts = parts;
    this.state = state;
    this.log = log;
    this.callbacks = parts.callbacks();
  }

  /** Returns the callbacks of the current or last run. */
  public List<Callback> callbacks() {
    return callbacks;
  }

  /** Returns the first checkpoint callback; null if there is none. */
  public @Nullable CheckpointCallback checkpointCallback() {
    for (Callback callback : callbacks) {
      if (callback instanceof CheckpointCallback found) {
        return found;
      }
    }
    return null;
  }

  /**
   * Fits a module.
   *
   * @param resume where to go on and with what; null to begin
   */
  public void fit(FulgurModule module, DataModule data, @Nullable ResumeOptions resume) {
    // If they are not known, the first checkpoint would be too late to tell.
    data.hyperparameters();
    run(
        RunKind.FIT,
        module,
        data,
        context -> {
          ResumeOptions from = resume == null ? CheckpointPaths.ofItself(trainer) : resume;
          Path path = from == null ? null : CheckpointPaths.resolveForFit(from.ckptPath(), trainer);
          if (from == null || path == null) {
            new FitLoop(context).run(null);
            return Boolean.TRUE;
          }
          try (Checkpoint checkpoint = load(context, path)) {
            new FitLoop(context).run(new RestoredCheckpoint(checkpoint, from, context, callbacks));
          }
          return Boolean.TRUE;
        });
  }

  /** Validates or tests a module. */
  public List<Map<String, Double>> evaluate(
      RunKind kind, FulgurModule module, DataModule data, @Nullable String ckptPath) {
    TrainerOptions options = trainer.options();
    boolean testing = kind == RunKind.TEST;
    return run(
        kind,
        module,
        data,
        context -> {
          BatchLimit limit = testing ? options.limitTestBatches() : options.limitValBatches();
          if (limit.isZero()) {
            return List.of();
          }
          prepareWeights(context, ckptPath);
          List<DataLoader> loaders =
              testing ? context.sources().testLoaders() : context.sources().validationLoaders();
          requireLoaders(loaders, kind);
          String label = testing ? "test" : "validation";
          int[] batches =
              context
                  .loaders()
                  .evaluation(
                      loaders,
                      limit,
                      testing ? "limitTestBatches" : "limitValBatches",
                      label,
                      /* sequential= */ false);
          if (testing) {
            state.testBatches = batches;
          } else {
            state.validationBatches = batches;
          }
          return new EvaluationLoop(context)
              .run(testing ? RunningStage.TESTING : RunningStage.VALIDATING);
        });
  }

  /** Predicts with a module. */
  public List<StepOutput> predict(FulgurModule module, DataModule data, PredictOptions how) {
    BatchLimit limit = trainer.options().limitPredictBatches();
    return run(
        RunKind.PREDICT,
        module,
        data,
        context -> {
          if (limit.isZero()) {
            return List.of();
          }
          prepareWeights(context, how.ckptPath());
          List<DataLoader> loaders = context.sources().predictLoaders();
          requireLoaders(loaders, RunKind.PREDICT);
          state.predictBatches =
              context
                  .loaders()
                  .evaluation(
                      loaders, limit, "limitPredictBatches", "prediction", /* sequential= */ false);
          return new PredictionLoop(context, how.returnsPredictions()).run();
        });
  }

  private static Checkpoint load(RunContext context, Path path) {
    try (Profiler.Region region = context.region(Actions.LOAD_CHECKPOINT)) {
      return context.parts().checkpointIO().load(path);
    }
  }

  private static Checkpoint loadWeights(RunContext context, Path path) {
    try (Profiler.Region region = context.region(Actions.LOAD_CHECKPOINT)) {
      return context.parts().checkpointIO().loadWeights(path);
    }
  }

  private void prepareWeights(RunContext context, @Nullable String ckptPath) {
    parts.precision().convertModule(context.module());
    if (ckptPath != null) {
      Path path = CheckpointPaths.resolve(ckptPath, trainer);
      try (Checkpoint checkpoint = loadWeights(context, path)) {
        checkpoint.restore(
            "the weights", () -> context.module().loadStateDict(checkpoint.weights()));
      }
    }
  }

  private static void requireLoaders(List<DataLoader> loaders, RunKind kind) {
    if (loaders.isEmpty()) {
      throw new FulgurException(
          ErrorId.NO_LOADER,
          "Trainer.%s was called, but the data has no loader for that. Give it one."
              .formatted(kind.label()));
    }
  }

  /** Returns whether the process was asked to end during the current or last run. */
  public boolean receivedSigterm() {
    RunContext context = current;
    return context != null && context.termination().isShuttingDown();
  }

  /** Tells how checkpoints are written what those of the present run are like. */
  public void prepareCheckpoints(boolean weightsOnly) {
    RunContext context = current;
    if (context != null) {
      parts.checkpointIO().prepare(() -> Checkpoints.own(context, callbacks, weightsOnly).build());
    }
  }

  /**
   * Calls the training step on each batch of an epoch without training.
   *
   * @throws FulgurException if no fit is going on
   */
  public void passOverTrainingData() {
    RunContext context = current;
    if (context == null || state.kind != RunKind.FIT || !context.loaders().hasTrain()) {
      throw new FulgurException(
          ErrorId.NOT_RUNNING,
          "passOverTrainingData() was called outside of a fit that trains, so there is no training data. Call it from a callback, e.g. in onFitEnd.");
    }
    if (context.bound().isManual()) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "passOverTrainingData() calls the training step without training, but %s is optimized by hand in it. Leave out what needs that, e.g. StochasticWeightAveraging with batch normalisation."
              .formatted(context.module().getClass().getSimpleName()));
    }
    new TrainingDataPass(context).run();
  }

  /** Writes a checkpoint of the present run. */
  public void saveCheckpoint(Path path, boolean weightsOnly) {
    RunContext context = current;
    if (context == null) {
      throw new FulgurException(
          ErrorId.NOT_RUNNING,
          "saveCheckpoint(\"%s\") was called before any run, so there is nothing to save. Call it from a callback or after fit."
              .formatted(path));
    }
    try (Profiler.Region region = context.region(Actions.SAVE_CHECKPOINT)) {
      Checkpoint checkpoint = Checkpoints.gather(context, callbacks, weightsOnly);
      parts.checkpointIO().save(checkpoint, path);
      if (state.kind == null) {
        parts.checkpointIO().flush();
      }
    }
  }

  private <T> T run(
      RunKind kind, FulgurModule module, DataModule data, Function<RunContext, T> work) {
    if (state.kind != null) {
      throw new FulgurException(
          ErrorId.ALREADY_RUNNING,
          "Trainer.%s was called while this trainer runs %s. Use another trainer for it."
              .formatted(kind.label(), state.kind.label()));
    }
    BoundModule bound = ModuleBinder.bind(module, kind);
    List<Callback> all = new ArrayList<>(parts.callbacks());
    if (!trainer.options().trial()) {
      all.addAll(bound.configureCallbacks(Callback.class));
    }
    callbacks = TrainerParts.ordered(all);
    bound.profile(parts.profiler());
    try (Termination termination = Termination.guard(kind.label(), this::finishAtOnce);
        ReproducibilityCheck check = Reproducibility.check(trainer.options().deterministic());
        ProfiledRun profiled = ProfiledRun.start(parts.profiler(), kind, trainer)) {
      RunContext context = context(bound, data, termination);
      current = context;
      return new RunLifecycle(trainer, context).run(kind, work);
    }
  }

  /** Finishes what runs on other threads where this one will do nothing more. */
  private void finishAtOnce() {
    try {
      log.finish(RunStatus.FAILED);
    } finally {
      parts.checkpointIO().flush();
    }
  }

  private RunContext context(BoundModule bound, DataModule data, Termination termination) {
    FulgurModule module = bound.module();
    ModuleMetrics metrics = new ModuleMetrics(module);
    return new RunContext(
        trainer.options(),
        parts,
        state,
        log,
        metrics,
        new HookDispatcher(trainer, bound, log, parts.profiler(), callbacks),
        bound,
        new OfferedToModule(state, log, metrics),
        data,
        new RunData(data, module, log),
        new Loaders(),
        keys,
        termination,
        new RestartPoint(module, metrics));
  }
}
