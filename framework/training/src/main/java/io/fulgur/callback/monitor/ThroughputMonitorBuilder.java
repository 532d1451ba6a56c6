package io.fulgur.callback.monitor;

import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.error.OptionMistakes;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link ThroughputMonitor}.
 *
 * @since 0.1
 */
public final class ThroughputMonitorBuilder {
  private static final int DEFAULT_WINDOW = 100;

  ToLongFunction<Batch> samples = Batch::size;
  @Nullable ToLongFunction<Batch> length;
  int windowSize = DEFAULT_WINDOW;
  boolean countFlops = true;
  double peakFlops;
  LongSupplier nanoClock = System::nanoTime;

  ThroughputMonitorBuilder() {}

  /** Says how many samples a batch has; {@link Batch#size()} by default. */
  public ThroughputMonitorBuilder batchSize(ToLongFunction<Batch> function) {
    samples = function;
    return this;
  }

  /** Says how many items a batch has, e.g. tokens; without it items are not logged. */
  public ThroughputMonitorBuilder length(ToLongFunction<Batch> function) {
    length = function;
    return this;
  }

  /** Takes the rates over so many batches; 100 by default, at least 2. */
  public ThroughputMonitorBuilder windowSize(int batches) {
    windowSize = batches;
    return this;
  }

  /** Counts floating-point operations (the default), or does not. */
  public ThroughputMonitorBuilder countFlops(boolean count) {
    countFlops = count;
    return this;
  }

  /**
   * Says how many floating-point operations the device can do in a second, so that the part that is
   * used can be told; 0, the default, if that is not known.
   */
  public ThroughputMonitorBuilder peakFlops(double operationsPerSecond) {
    peakFlops = operationsPerSecond;
    return this;
  }

  /** Measures time with this instead of {@link System#nanoTime()}, for tests. */
  public ThroughputMonitorBuilder nanoClock(LongSupplier clock) {
    nanoClock = clock;
    return this;
  }

  /**
   * Makes the callback.
   *
   * @throws FulgurException if a number is too small
   */
  public ThroughputMonitor build() {
    OptionMistakes mistakes = new OptionMistakes("ThroughputMonitor");
    mistakes.require(
        windowSize >= 2,
        "windowSize is %d; it must be at least 2, for a rate lies between two batches."
            .formatted(windowSize));
    mistakes.require(
        peakFlops >= 0 && Double.isFinite(peakFlops),
        "peakFlops is %s; it must be positive, or 0 if it is not known.".formatted(peakFlops));
    mistakes.throwIfAny();
    return new ThroughputMonitor(this);
  }
}
