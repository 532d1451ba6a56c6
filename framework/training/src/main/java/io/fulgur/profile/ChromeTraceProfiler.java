package io.fulgur.profile;

import io.fulgur.RunKind;
import io.fulgur.profile.ProfilerSchedule.Phase;
import io.fulgur.tensor.OperatorObserver;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a trace of a run for <a href="https://ui.perfetto.dev">Perfetto</a>: actions, operators,
 * copies between Java arrays and tensors, the batches that workers make, and what loggers and
 * asynchronous checkpoints do, each thread on a line of its own. When the run is over, also if it
 * has failed, prints where the trace is and the operators that took most time.
 *
 * <pre>{@code
 * ChromeTraceProfiler.builder().schedule(ProfilerSchedule.of(5, 2, 10).repeat(1)).build()
 * }</pre>
 *
 * <p>The file is {@code fit-trace.json} in the folder of the run, or {@code fit-trace-v1.json}
 * where there is one; it is in the array form of the trace-event format. It is written while the
 * run goes on, at most 64 KiB late, and closed when the JVM is told to end. Steps that the {@link
 * ProfilerSchedule} leaves alone cost next to nothing. A step that is recorded takes about a
 * microsecond longer for each operator, which is part of what encloses it. Operators are those that
 * the thread of the run calls; of composed ones the parts are inside. Follows {@code
 * torch.profiler.profile}.
 *
 * @since 0.1
 */
public final class ChromeTraceProfiler implements Profiler {
  private static final String ACTION = "action";
  private static final String UNTITLED = "nothing yet";

  private final Options options;
  private final long process = ProcessHandle.current().pid();
  private final Tracks tracks = new Tracks(process);
  private final ActionTimes operators = new ActionTimes();
  private final OperatorTracer tracer;
  private OperatorObserver.@Nullable Observation observation;
  private String label = UNTITLED;
  private @Nullable Path path;
  private long step;

  /** Where events go; null while none are recorded. */
  private volatile @Nullable Recording recording;

  private @Nullable TraceFile file;

  /**
   * What is to be recorded, and how.
   *
   * @param directory where files go; null for the folder of the run
   * @param schedule which steps are recorded
   * @param recordShapes whether the shapes of operators' inputs are written
   * @param maxBytes about how large the file may become
   * @param rowLimit how many operators are printed
   * @param out where to
   * @param clock tells the time in nanoseconds
   */
  record Options(
      @Nullable Path directory,
      ProfilerSchedule schedule,
      boolean recordShapes,
      long maxBytes,
      int rowLimit,
      PrintStream out,
      LongSupplier clock) {}

  /** A time in which events are recorded. */
  private record Recording(TraceFile file, long sinceNanos) {}

  ChromeTraceProfiler(Options options) {
    this.options = options;
    this.tracer = new OperatorTracer(this::take, options.clock(), options.recordShapes());
  }

  /** Returns a builder that records every step. */
  public static ChromeTraceProfilerBuilder builder() {
    return new ChromeTraceProfilerBuilder();
  }

  /** Returns the newest trace; null before the first. */
  public @Nullable Path path() {
    return path;
  }

  /**
   * Returns the operators and copies that were recorded in the newest run, those first that took
   * most time without their parts.
   */
  public List<ActionTime> operators() {
    return operators.sorted(ActionTime::selfNanos);
  }

  // ---------------------------------------------------------------- the course of a run

  /**
   * Starts a file.
   *
   * @throws io.fulgur.error.FulgurException if it cannot be written
   */
  @Override
  public void setup(RunKind kind, Path runDirectory) {
    label = kind.label();
    operators.clear();
    step = 0;
    Path given = options.directory();
    path = RunFiles.unused(given == null ? runDirectory : given, label + "-trace", ".json");
    Track line = tracks.current();
    long origin = options.clock().getAsLong();
    file = new TraceFile(path, process, "fulgur " + label, line, options.maxBytes(), origin);
    enter(options.schedule().phase(0));
  }

  @Override
  public void endStep() {
    if (file != null) {
      step++;
      enter(options.schedule().phase(step));
    }
  }

  private void enter(Phase phase) {
    if (phase == Phase.WAIT) {
      stopObserving();
    } else if (observation == null) {
      observation = OperatorObserver.observe(tracer);
    }
    TraceFile target = file;
    Recording current = recording;
    if (phase == Phase.ACTIVE && current == null && target != null) {
      recording = new Recording(target, options.clock().getAsLong());
    } else if (phase != Phase.ACTIVE && current != null) {
      stopRecording(current);
    }
  }

  /** Writes what runs on this thread up to now. */
  private void stopRecording(Recording current) {
    long now = options.clock().getAsLong();
    for (OpenActions.Open each : tracks.current().open()) {
      add(current, each.action(), ACTION, each.startNanos(), now, null);
    }
    recording = null;
  }

  private void stopObserving() {
    OperatorObserver.Observation open = observation;
    if (open != null) {
      observation = null;
      open.close();
    }
  }

  @Override
  public void teardown() {
    TraceFile open = file;
    if (open == null) {
      return;
    }
    enter(Phase.WAIT);
    tracks.current().open().clear();
    file = null;
    open.close();
    options.out().print(summary());
    options.out().flush();
  }

  // ---------------------------------------------------------------- events

  @Override
  public void start(String action) {
    tracks.current().open().start(action, options.clock().getAsLong());
  }

  @Override
  public void stop(String action) {
    long now = options.clock().getAsLong();
    long start = tracks.current().open().stop(action);
    record(action, start, now);
  }

  @Override
  public void record(String action, long startNanos, long endNanos) {
    Recording current = recording;
    if (current != null) {
      add(current, action, ACTION, startNanos, endNanos, null);
    }
  }

  private void take(
      String name,
      String category,
      long startNanos,
      long endNanos,
      long selfNanos,
      TraceFile.@Nullable Arguments arguments) {
    Recording current = recording;
    if (current != null) {
      operators.add(name, endNanos - startNanos, selfNanos);
      add(current, name, category, startNanos, endNanos, arguments);
    }
  }

  /** Adds what of an event is in the recorded time. */
  private void add(
      Recording to,
      String name,
      String category,
      long startNanos,
      long endNanos,
      TraceFile.@Nullable Arguments arguments) {
    long start = Math.max(startNanos, to.sinceNanos());
    if (endNanos >= start) {
      to.file().add(tracks.current(), name, category, start, endNanos, arguments);
    }
  }

  /** Returns where the newest trace is, and the table of operators. */
  @Override
  public String summary() {
    List<ActionTime> all = operators();
    long sum = all.stream().mapToLong(ActionTime::selfNanos).sum();
    TimeTable table =
        new TimeTable("operator", "calls", "self ms", "self %", "total ms", "mean ms");
    all.stream()
        .limit(options.rowLimit())
        .forEach(
            each ->
                table.row(
                    each.name(),
                    Long.toString(each.calls()),
                    TimeTable.millis(each.selfNanos()),
                    TimeTable.percent(each.selfNanos(), sum),
                    TimeTable.millis(each.totalNanos()),
                    TimeTable.millis(each.meanNanos())));
    int left = all.size() - options.rowLimit();
    return "Trace of %s: %s, for https://ui.perfetto.dev\n%s%s"
        .formatted(
            label,
            path == null ? "none" : path.toAbsolutePath(),
            options.rowLimit() == 0 ? "" : table,
            left > 0 && options.rowLimit() > 0 ? left + " more operators\n" : "");
  }

  /** Returns {@code trace}, its name in configuration. */
  @Override
  public String toString() {
    return "trace";
  }
}
