package io.fulgur.profile;

import io.fulgur.RunKind;
import io.fulgur.checkpoint.AtomicFiles;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sums how long each action of a run took, and prints a table of it when the run is over, also if
 * it has failed.
 *
 * <p>Columns: how often an action ran, its mean and its total time, and which part that is of the
 * run's. Actions contain others, and those of other threads run beside, so the parts add up to more
 * than all. Follows {@code lightning.pytorch.profilers.SimpleProfiler}.
 *
 * @since 0.1
 */
public final class SimpleProfiler implements Profiler {
  private final @Nullable Path directory;
  private final PrintStream out;
  private final LongSupplier clock;
  private final ThreadLocal<OpenActions> open = ThreadLocal.withInitial(OpenActions::new);
  private final ActionTimes times = new ActionTimes();
  private String label = "nothing yet";
  private boolean running;
  private long startNanos;
  private long endNanos;

  /** Prints to the standard output. */
  public SimpleProfiler() {
    this(System.out);
  }

  /** Prints to a stream. */
  public SimpleProfiler(PrintStream out) {
    this(null, out, System::nanoTime);
  }

  /**
   * Writes to a file in a folder, e.g. {@code fit-profile.txt}; where there is one, to {@code
   * fit-profile-v1.txt}.
   */
  public SimpleProfiler(Path directory) {
    this(directory, System.out, System::nanoTime);
  }

  /**
   * @param directory where the table is written to; null to print it
   * @param clock tells the time in nanoseconds
   */
  SimpleProfiler(@Nullable Path directory, PrintStream out, LongSupplier clock) {
    this.directory = directory;
    this.out = out;
    this.clock = clock;
    this.startNanos = clock.getAsLong();
    this.endNanos = startNanos;
  }

  /** Starts to measure a run, from nothing. */
  @Override
  public void setup(RunKind kind, Path runDirectory) {
    label = kind.label();
    running = true;
    times.clear();
    startNanos = clock.getAsLong();
    endNanos = startNanos;
  }

  @Override
  public void start(String action) {
    open.get().start(action, clock.getAsLong());
  }

  @Override
  public void stop(String action) {
    long now = clock.getAsLong();
    record(action, open.get().stop(action), now);
  }

  @Override
  public void record(String action, long start, long end) {
    times.add(action, end - start, end - start);
  }

  @Override
  public void teardown() {
    endNanos = clock.getAsLong();
    running = false;
    open.get().clear();
    String text = summary();
    Path folder = directory;
    if (folder == null) {
      out.print(text);
      out.flush();
    } else {
      AtomicFiles.writeString(RunFiles.unused(folder, label + "-profile", ".txt"), text);
    }
  }

  /** Returns the times of all actions, those that took most first. */
  public List<ActionTime> actions() {
    return times.sorted(ActionTime::totalNanos);
  }

  /** Returns the table of the run that was set up last. */
  @Override
  public String summary() {
    long elapsed = (running ? clock.getAsLong() : endNanos) - startNanos;
    TimeTable table = new TimeTable("action", "calls", "mean ms", "total ms", "%");
    for (ActionTime each : actions()) {
      table.row(
          each.name(),
          Long.toString(each.calls()),
          TimeTable.millis(each.meanNanos()),
          TimeTable.millis(each.totalNanos()),
          TimeTable.percent(each.totalNanos(), elapsed));
    }
    return "Profile of %s, %s ms in all\n%s".formatted(label, TimeTable.millis(elapsed), table);
  }

  /** Returns {@code simple}, its name in configuration. */
  @Override
  public String toString() {
    return "simple";
  }
}
