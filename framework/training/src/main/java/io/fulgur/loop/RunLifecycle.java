package io.fulgur.loop;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.TerminationException;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.log.RunStatus;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.ThreadPolicy;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets a run up, has a loop do the work, and tears it down, also when it fails. */
final class RunLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final Trainer trainer;
  private final RunContext run;
  private final RunState state;
  private final HookDispatcher hooks;
  private final DataModule data;
  private final LogConnector log;
  private final CheckpointIO checkpoints;

  RunLifecycle(Trainer trainer, RunContext run) {
    this.trainer = trainer;
    this.run = run;
    this.state = run.state();
    this.hooks = run.hooks();
    this.data = run.data();
    this.log = run.log();
    this.checkpoints = run.parts().checkpointIO();
  }

  <T> T run(RunKind kind, Function<RunContext, T> work) {
    state.kind = kind;
    state.module = run.module();
    state.interrupted = false;
    log.startRun();
    // A run within another run of the same module has been set up by that.
    boolean nested = run.bound().attach(run.offered());
    boolean tornDown = false;
    boolean wasInterrupted = false;
    boolean pinned = ThreadPolicy.current().pin();
    try {
      setUp(kind, nested);
      T result = work.apply(run);
      tornDown = true;
      onData("teardown", () -> data.teardown(kind));
      if (!nested) {
        hooks.run(Moment.TEARDOWN, kind, Callback::teardown);
      }
      checkpoints.flush();
      log.finish(RunStatus.SUCCESS);
      return result;
    } catch (Throwable failure) {
      // What saves and finishes must not be cut short by the interrupt that ended the run.
      wasInterrupted = Thread.interrupted();
      state.interrupted = wasInterrupted || failure instanceof TerminationException;
      hooks.runException(failure);
      alsoOnFailure(failure, () -> tellHowToGoOn(kind, failure));
      alsoOnFailure(failure, () -> data.onException(failure));
      alsoOnFailure(failure, checkpoints::flush);
      alsoOnFailure(failure, () -> log.finish(RunStatus.FAILED));
      if (!tornDown) {
        alsoOnFailure(failure, () -> onData("teardown", () -> data.teardown(kind)));
        if (!nested) {
          alsoOnFailure(failure, () -> hooks.run(Moment.TEARDOWN, kind, Callback::teardown));
        }
      }
      throw failure;
    } finally {
      if (pinned) {
        ThreadPolicy.current().unpin();
      }
      log.enter(Moment.NONE);
      log.endRun();
      run.bound().detach();
      state.manualSteps = null;
      state.stage = RunningStage.IDLE;
      state.kind = null;
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void setUp(RunKind kind, boolean nested) {
    onData("prepareData", data::prepareData);
    if (!nested) {
      hooks.run(Moment.PREPARE_DATA);
    }
    onData("setup", () -> data.setup(kind));
    if (!nested) {
      hooks.run(Moment.SETUP, kind, Callback::setup);
      hooks.run(Moment.CONFIGURE_MODEL);
    }
  }

  /** Calls a method of the data module, measured. */
  private void onData(String method, Runnable call) {
    try (Profiler.Region region = run.region(Actions.DATA_MODULE + method)) {
      call.run();
    }
  }

  private void tellHowToGoOn(RunKind kind, Throwable failure) {
    if (kind != RunKind.FIT || !(failure instanceof TerminationException)) {
      return;
    }
    if (state.totalBatches == 0) {
      LOG.info("Training was ended before its first batch: there is nothing to go on from");
      return;
    }
    Path last = CheckpointPaths.newestLast(trainer);
    if (last == null) {
      LOG.warn(
          "Training was ended at epoch {}, step {}, and has no checkpoint to go on from",
          state.epoch,
          state.globalStep);
    } else {
      LOG.info(
          "Training was ended at epoch {}, step {}. To go on: trainer.fit(module, data,"
              + " Path.of(\"{}\"))",
          state.epoch,
          state.globalStep,
          last);
    }
  }

  /** Does what must be done after a failure without hiding it behind another. */
  private static void alsoOnFailure(Throwable failure, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }
}
