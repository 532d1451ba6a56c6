package io.fulgur.progress;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows on the standard output how far a run is: on a terminal a bar for each epoch, else a line
 * when each is over.
 *
 * <pre>{@code
 * Epoch 0: 45%|####      | 29/64 [00:01<00:02, 21.0it/s, v_num=3, loss=0.312]
 * }</pre>
 *
 * <p>Beside it stand the version of the run, the loss, and what was logged with {@code
 * LogOptions.progressBar()}. Drawing is another thread's work: a batch costs the training thread
 * some nanoseconds, and each time that the terminal was drawn some microseconds.
 *
 * @since 0.1
 */
public final class ConsoleProgressDisplay implements ProgressDisplay {
  /** How often a terminal is drawn anew by default. */
  public static final int DEFAULT_REFRESH_INTERVAL_MILLIS = 100;

  private final LongSupplier nanos;
  private final int refreshIntervalMillis;
  private @Nullable Screen screen;
  private @Nullable Scene scene;
  private String version = "";
  private double loss = Double.NaN;

  /** Shows progress as the standard output allows. */
  public ConsoleProgressDisplay() {
    this(DEFAULT_REFRESH_INTERVAL_MILLIS);
  }

  /**
   * Shows progress as the standard output allows, drawing a terminal at most so often.
   *
   * @throws FulgurException if {@code refreshIntervalMillis} is not positive
   */
  public ConsoleProgressDisplay(int refreshIntervalMillis) {
    this(null, refreshIntervalMillis, System::nanoTime);
    if (refreshIntervalMillis < 1) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "refreshIntervalMillis of ConsoleProgressDisplay is %d, but must be at least 1. To show nothing, use enableProgressBar(false)."
              .formatted(refreshIntervalMillis));
    }
  }

  /**
   * @param screen where to show progress; null for the standard output
   * @param nanos the clock
   */
  ConsoleProgressDisplay(@Nullable Screen screen, int refreshIntervalMillis, LongSupplier nanos) {
    this.screen = screen;
    this.refreshIntervalMillis = refreshIntervalMillis;
    this.nanos = nanos;
  }

  /** {@inheritDoc} Among those that see what the module logged at the end of an epoch. */
  @Override
  public Order order() {
    return Order.MONITOR;
  }

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (screen == null) {
      screen =
          Terminals.isTerminal()
              ? new TerminalScreen(
                  System.out, Terminals.width(), Terminals.isUnicode(), refreshIntervalMillis)
              : new LineScreen(System.out);
    }
    version = kind == RunKind.FIT ? MetricText.version(trainer) : "";
    loss = Double.NaN;
  }

  // ---------------------------------------------------------------- training

  @Override
  public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
    begin("Epoch " + trainer.currentEpoch(), trainer.numTrainingBatches(), 0);
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    Scene now = scene;
    if (now == null) {
      // An epoch that goes on in its middle has not been announced.
      now = begin("Epoch " + trainer.currentEpoch(), trainer.numTrainingBatches(), batchIndex);
    }
    now.tally().done(batchIndex + 1L);
    if (now.wantsMetrics() || trainer.isLastBatch()) {
      loss = MetricText.loss(output);
      publish(trainer, now);
    }
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    end(trainer);
  }

  // ---------------------------------------------------------------- evaluation

  @Override
  public void onSanityCheckStart(Trainer trainer, FulgurModule module) {
    begin("Sanity check", sum(trainer, RunningStage.SANITY_CHECKING), 0);
  }

  @Override
  public void onSanityCheckEnd(Trainer trainer, FulgurModule module) {
    Scene now = scene;
    if (now != null && screen != null) {
      screen.clear(now);
    }
    scene = null;
  }

  @Override
  public void onValidationStart(Trainer trainer, FulgurModule module) {
    if (trainer.isSanityChecking()) {
      return;
    }
    long total = sum(trainer, RunningStage.VALIDATING);
    Scene now = scene;
    if (now == null) {
      begin("Validation", total, 0);
    } else {
      now.tally().pause();
      now.inner(new Tally("Validation", total, 0, nanos));
    }
  }

  @Override
  public void onValidationBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    count();
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    Scene now = scene;
    if (now != null && now.inner() != null) {
      now.inner(null);
      now.tally().resume();
      publish(trainer, now);
    } else if (!trainer.isSanityChecking()) {
      end(trainer);
    }
  }

  @Override
  public void onTestStart(Trainer trainer, FulgurModule module) {
    begin("Test", sum(trainer, RunningStage.TESTING), 0);
  }

  @Override
  public void onTestBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    count();
  }

  @Override
  public void onTestEnd(Trainer trainer, FulgurModule module) {
    end(trainer);
  }

  @Override
  public void onPredictStart(Trainer trainer, FulgurModule module) {
    begin("Prediction", sum(trainer, RunningStage.PREDICTING), 0);
  }

  @Override
  public void onPredictBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    count();
  }

  @Override
  public void onPredictEnd(Trainer trainer, FulgurModule module) {
    end(trainer);
  }

  /** {@inheritDoc} Ends the line, so that what is said of the failure starts on its own. */
  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    end(trainer);
  }

  // ---------------------------------------------------------------- scenes

  private Scene begin(String label, long total, long first) {
    Scene begun = new Scene(new Tally(label, total, first, nanos));
    begun.metrics(MetricText.of(version, Double.NaN, Map.of()));
    scene = begun;
    if (screen != null) {
      screen.begin(begun);
    }
    return begun;
  }

  private void end(Trainer trainer) {
    Scene now = scene;
    scene = null;
    if (now != null && screen != null) {
      now.inner(null);
      publish(trainer, now);
      screen.end(now);
    }
  }

  private void count() {
    Scene now = scene;
    if (now != null) {
      Tally inner = now.inner();
      (inner == null ? now.tally() : inner).increment();
    }
  }

  private void publish(Trainer trainer, Scene now) {
    now.metrics(MetricText.of(version, loss, trainer.progressBarMetrics()));
  }

  /** Returns the number of batches of all loaders together. */
  private static long sum(Trainer trainer, RunningStage stage) {
    long sum = 0;
    for (int batches : trainer.numBatches(stage)) {
      sum += batches;
    }
    return Math.min(sum, Tally.UNKNOWN);
  }
}
