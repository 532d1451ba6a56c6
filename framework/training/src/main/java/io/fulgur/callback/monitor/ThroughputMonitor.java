package io.fulgur.callback.monitor;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Logs how much data passes in a second, over a window of batches, whenever step values go to the
 * loggers.
 *
 * <p>Under {@code train/device/samples_per_sec}, {@code train/device/batches_per_sec}, {@code
 * train/device/items_per_sec} where the length of a batch is known, {@code
 * train/device/flops_per_sec}, {@code train/device/mfu} (model FLOPs utilisation) where the peak of
 * the device was given, and the sums {@code train/time} in seconds, {@code train/batches}, {@code
 * train/samples} and {@code train/lengths}; with {@code validate/} and {@code test/} in front for
 * those. Validation within a fit does not count into the time of training; the time in which the
 * loop waits for data does.
 *
 * <p>The floating-point operations of a batch, forward and backward, are those of the first batch
 * of its number of samples and its length, as {@link io.fulgur.nn.FlopCounter} counts them; a
 * profiler does not see the operators of that batch. The rates rest on when batches end, and over a
 * window need no waiting for the device. Follows {@code
 * lightning.pytorch.callbacks.ThroughputMonitor}, which logs rates once a window is full only.
 *
 * @since 0.1
 */
public final class ThroughputMonitor implements Callback {
  private static final LogOptions STEPS = LogOptions.onStep().onEpoch(false);

  private final ToLongFunction<Batch> samples;
  private final @Nullable ToLongFunction<Batch> length;
  private final int windowSize;
  private final boolean countFlops;
  private final double peakFlops;
  private final LongSupplier nanoClock;
  private final Map<RunningStage, Meter> meters = new EnumMap<>(RunningStage.class);

  /** What is measured of one stage. */
  private static final class Meter {
    private final String prefix;
    private final ThroughputWindow window;
    private final BatchFlops flops;

    /** When it began, moved on by what does not count. */
    private long beganNanos;

    private long pausedNanos;

    Meter(String prefix, ThroughputWindow window, BatchFlops flops, long nanos) {
      this.prefix = prefix;
      this.window = window;
      this.flops = flops;
      this.beganNanos = nanos;
    }
  }

  ThroughputMonitor(ThroughputMonitorBuilder asked) {
    this.samples = asked.samples;
    this.length = asked.length;
    this.windowSize = asked.windowSize;
    this.countFlops = asked.countFlops;
    this.peakFlops = asked.peakFlops;
    this.nanoClock = asked.nanoClock;
  }

  /** Returns a builder: the size of batches, a window of 100 of them, operations counted. */
  public static ThroughputMonitorBuilder builder() {
    return new ThroughputMonitorBuilder();
  }

  // ---------------------------------------------------------------- stages

  private void begin(RunningStage stage, String prefix) {
    Meter earlier = meters.get(stage);
    BatchFlops flops = earlier == null ? new BatchFlops() : earlier.flops;
    meters.put(
        stage, new Meter(prefix, new ThroughputWindow(windowSize), flops, nanoClock.getAsLong()));
  }

  @Override
  public void onTrainStart(Trainer trainer, FulgurModule module) {
    begin(RunningStage.TRAINING, "train/");
  }

  @Override
  public void onValidationStart(Trainer trainer, FulgurModule module) {
    if (trainer.isSanityChecking()) {
      return;
    }
    begin(RunningStage.VALIDATING, "validate/");
    Meter training = meters.get(RunningStage.TRAINING);
    if (training != null) {
      training.pausedNanos = nanoClock.getAsLong();
    }
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    Meter training = meters.get(RunningStage.TRAINING);
    if (training != null && !trainer.isSanityChecking()) {
      training.beganNanos += nanoClock.getAsLong() - training.pausedNanos;
    }
  }

  @Override
  public void onTestStart(Trainer trainer, FulgurModule module) {
    begin(RunningStage.TESTING, "test/");
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    abandonCounts();
  }

  @Override
  public void teardown(Trainer trainer, FulgurModule module, RunKind kind) {
    abandonCounts();
    meters.clear();
  }

  /** A batch that was left out, or has failed, will not end. */
  private void abandonCounts() {
    meters.values().forEach(meter -> meter.flops.abandon());
  }

  // ---------------------------------------------------------------- batches

  private void start(RunningStage stage, Batch batch) {
    Meter meter = meters.get(stage);
    if (countFlops && meter != null) {
      meter.flops.begin(samples.applyAsLong(batch), lengthOf(batch));
    }
  }

  private void end(Trainer trainer, RunningStage stage, Batch batch) {
    Meter meter = meters.get(stage);
    if (meter == null) {
      return;
    }
    long size = samples.applyAsLong(batch);
    long items = lengthOf(batch);
    long flops = countFlops ? meter.flops.end(size, items) : 0;
    meter.window.add(nanoClock.getAsLong() - meter.beganNanos, size, items, flops);
    if (trainer.isLogDue()) {
      meter.window.forEach(
          length != null,
          peakFlops,
          (name, value) -> trainer.log(meter.prefix + name, value, STEPS));
    }
  }

  private long lengthOf(Batch batch) {
    return length == null ? 0 : length.applyAsLong(batch);
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    start(RunningStage.TRAINING, batch);
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    end(trainer, RunningStage.TRAINING, batch);
  }

  @Override
  public void onValidationBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
    if (!trainer.isSanityChecking()) {
      start(RunningStage.VALIDATING, batch);
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
    if (!trainer.isSanityChecking()) {
      end(trainer, RunningStage.VALIDATING, batch);
    }
  }

  @Override
  public void onTestBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
    start(RunningStage.TESTING, batch);
  }

  @Override
  public void onTestBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    end(trainer, RunningStage.TESTING, batch);
  }
}
