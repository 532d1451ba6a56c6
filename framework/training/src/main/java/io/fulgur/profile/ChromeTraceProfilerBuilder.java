package io.fulgur.profile;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link ChromeTraceProfiler}.
 *
 * @since 0.1
 */
public final class ChromeTraceProfilerBuilder {
  private static final long DEFAULT_MAX_BYTES = 256L << 20;
  private static final int DEFAULT_ROW_LIMIT = 20;

  private @Nullable Path directory;
  private ProfilerSchedule schedule = ProfilerSchedule.ALWAYS;
  private boolean recordShapes;
  private long maxBytes = DEFAULT_MAX_BYTES;
  private int rowLimit = DEFAULT_ROW_LIMIT;
  private PrintStream out = System.out;
  private LongSupplier clock = System::nanoTime;

  ChromeTraceProfilerBuilder() {}

  /** Writes to this folder; the default is that of the run. */
  public ChromeTraceProfilerBuilder directory(Path folder) {
    directory = folder;
    return this;
  }

  /** Records some of the steps; all of them by default. */
  public ChromeTraceProfilerBuilder schedule(ProfilerSchedule steps) {
    schedule = steps;
    return this;
  }

  /** Writes the shapes and types of operators' inputs; false by default. */
  public ChromeTraceProfilerBuilder recordShapes(boolean record) {
    recordShapes = record;
    return this;
  }

  /**
   * Leaves out what comes after about so many bytes, and says so; 256 MiB by default, about two
   * million events.
   */
  public ChromeTraceProfilerBuilder maxBytes(long bytes) {
    maxBytes = bytes;
    return this;
  }

  /** Prints so many operators when a run is over, 20 by default; 0 prints no table. */
  public ChromeTraceProfilerBuilder rowLimit(int rows) {
    rowLimit = rows;
    return this;
  }

  /** Prints to this stream; the default is the standard output. */
  public ChromeTraceProfilerBuilder out(PrintStream stream) {
    out = stream;
    return this;
  }

  /** Tells the time in nanoseconds. */
  ChromeTraceProfilerBuilder clock(LongSupplier nanos) {
    clock = nanos;
    return this;
  }

  /**
   * Makes the profiler.
   *
   * @throws FulgurException if a number is too small
   */
  public ChromeTraceProfiler build() {
    if (maxBytes < 1 || rowLimit < 0) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "ChromeTraceProfiler has maxBytes %d, which must be at least 1, and rowLimit %d, which must be at least 0."
              .formatted(maxBytes, rowLimit));
    }
    return new ChromeTraceProfiler(
        new ChromeTraceProfiler.Options(
            directory, schedule, recordShapes, maxBytes, rowLimit, out, clock));
  }
}
