package io.fulgur.callback.spike;

import io.fulgur.callback.MonitorMode;
import io.fulgur.error.OptionMistakes;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link SpikeDetection}; the defaults are Lightning's.
 *
 * @since 0.1
 */
public final class SpikeDetectionBuilder {
  private MonitorMode mode = MonitorMode.MIN;
  private int window = 10;
  private long warmup = 1;
  private @Nullable Double atol;
  private @Nullable Double rtol = 2.0;
  private boolean finiteOnly = true;
  private @Nullable Path path;
  private boolean skipExcluded;

  SpikeDetectionBuilder() {}

  /** Says which losses are better; {@link MonitorMode#MIN} by default. */
  public SpikeDetectionBuilder mode(MonitorMode better) {
    mode = better;
    return this;
  }

  /** Sets of how many losses the mean is; 10 by default. */
  public SpikeDetectionBuilder window(int losses) {
    window = losses;
    return this;
  }

  /** Sets how many batches of the training are no spikes; 1 by default. */
  public SpikeDetectionBuilder warmup(long batches) {
    warmup = batches;
    return this;
  }

  /** Sets how far from the mean a spike is; by default there is no such bound. */
  public SpikeDetectionBuilder atol(double distance) {
    atol = distance;
    return this;
  }

  /** Sets how far from the mean a spike is, in multiples of the mean; 2 by default. */
  public SpikeDetectionBuilder rtol(double multiple) {
    rtol = multiple;
    return this;
  }

  /** Has no bound in multiples of the mean; {@link #atol} must be set then. */
  public SpikeDetectionBuilder withoutRtol() {
    rtol = null;
    return this;
  }

  /** Takes a loss that is NaN or infinite as a spike (the default), or passes over it. */
  public SpikeDetectionBuilder finiteOnly(boolean only) {
    finiteOnly = only;
    return this;
  }

  /**
   * Sets the file for the batches, or its folder if the name does not end with {@code .json}; by
   * default {@code skip_batches.json} in the trainer's {@code defaultRootDir}.
   */
  public SpikeDetectionBuilder excludeBatchesPath(Path file) {
    path = file;
    return this;
  }

  /** Leaves out the batches that the file lists when a fit begins; not by default. */
  public SpikeDetectionBuilder skipExcludedBatches(boolean skip) {
    skipExcluded = skip;
    return this;
  }

  /**
   * Makes the callback.
   *
   * @throws io.fulgur.error.FulgurException that lists everything wrong with the options
   */
  public SpikeDetection build() {
    OptionMistakes mistakes = new OptionMistakes("SpikeDetection");
    mistakes.require(window >= 1, "window is " + window + ", but must be at least 1.");
    mistakes.require(warmup >= 0, "warmup is " + warmup + ", but must be at least 0.");
    mistakes.require(
        isTolerance(atol), "atol is " + atol + ", but must be a finite number above 0.");
    mistakes.require(
        isTolerance(rtol), "rtol is " + rtol + ", but must be a finite number above 0.");
    mistakes.require(
        atol != null || rtol != null,
        "Neither atol nor rtol is set, so that every loss worse than the one before were a spike.");
    mistakes.throwIfAny();
    return new SpikeDetection(
        new SpikeRule.Limits(mode, window, warmup, atol, rtol, finiteOnly), path, skipExcluded);
  }

  private static boolean isTolerance(@Nullable Double value) {
    return value == null || (value > 0 && Double.isFinite(value));
  }
}
