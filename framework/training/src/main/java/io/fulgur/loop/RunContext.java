package io.fulgur.loop;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.TrainerOptions;
import io.fulgur.data.Batch;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.HostBatch;
import io.fulgur.log.LogConnector;
import io.fulgur.module.BoundModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/**
 * What the loops of one run share.
 *
 * @param options the trainer's options
 * @param parts the trainer's parts
 * @param state where the trainer stands
 * @param log what is logged
 * @param metrics the metrics of the module
 * @param hooks who is called when
 * @param bound the module
 * @param offered what the module is offered
 * @param data the data module
 * @param sources where loaders and batches come from
 * @param loaders how much of which loader is used
 * @param keys kinds of step scopes
 * @param termination what ends the run from outside
 * @param restart where a checkpoint goes on that is saved where a run cannot
 */
record RunContext(
    TrainerOptions options,
    TrainerParts parts,
    RunState state,
    LogConnector log,
    ModuleMetrics metrics,
    HookDispatcher hooks,
    BoundModule bound,
    OfferedToModule offered,
    DataModule data,
    RunData sources,
    Loaders loaders,
    StepKeys keys,
    Termination termination,
    RestartPoint restart) {
  FulgurModule module() {
    return bound.module();
  }

  /** Makes the tensors of a batch, within the step's scope. */
  Batch transfer(HostBatch host, int dataloaderIndex) {
    try (Profiler.Region region = region(Actions.TRANSFER_BATCH)) {
      Batch batch = sources.transferred(host, dataloaderIndex);
      host.recycle();
      return sources.changed(parts.precision().convertBatch(batch), dataloaderIndex);
    }
  }

  /** Starts an action for the profiler; returns null, which may be closed as well, without one. */
  Profiler.@Nullable Region region(String action) {
    Profiler profiler = parts.profiler();
    return profiler == Profiler.NONE ? null : profiler.region(action);
  }

  /** Starts an epoch of a loader. */
  BatchIterator batches(DataLoader loader) {
    Profiler profiler = parts.profiler();
    return profiler == Profiler.NONE
        ? loader.iterator()
        : loader.iterator((start, end) -> profiler.record(Actions.LOAD_BATCH, start, end));
  }

  /** Returns the next batch; null at the end. */
  @Nullable HostBatch next(BatchIterator batches) {
    try (Profiler.Region region = region(Actions.fetch(state.stage))) {
      return batches.hasNext() ? batches.next() : null;
    }
  }

  /**
   * Stops recording gradients, for an evaluation or a prediction; alone also switches off switching
   * it on again, unless the options allow that.
   */
  Autograd.NoGrad withoutGradients() {
    boolean strict = options.inferenceMode() && state.kind != RunKind.FIT;
    return strict ? Autograd.inferenceMode() : Autograd.noGrad();
  }

  /** Remembers how things are: a checkpoint goes on here until a part of a batch is done. */
  void mark() {
    restart.beginTraining(state.optimization);
    log.mark();
  }

  /**
   * Tells that a part of what is done on a batch is about to be done that cannot be taken back: a
   * checkpoint goes on after it from now on.
   */
  void take(int part) {
    restart.end();
    state.parts.take(part);
    state.place = Place.WITHIN_BATCH;
  }

  /**
   * Counts the batch that is being trained on, when all has been done that belongs to its steps: a
   * checkpoint goes on after it from now on.
   *
   * @param stepped whether optimizers step on this batch
   */
  void countBatch(int index, boolean stepped) {
    if (state.place != Place.AFTER_BATCH) {
      restart.end();
      state.batchesInEpoch = index + 1;
      state.totalBatches++;
      state.stepPending = stepped;
      state.place = Place.AFTER_BATCH;
    }
  }

  /** Enters a stage and returns the one before. */
  RunningStage enter(RunningStage stage) {
    RunningStage before = state.stage;
    state.stage = stage;
    return before;
  }
}
