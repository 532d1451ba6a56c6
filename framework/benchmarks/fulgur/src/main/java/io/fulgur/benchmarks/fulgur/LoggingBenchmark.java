package io.fulgur.benchmarks.fulgur;

import io.fulgur.log.CsvLogger;
import io.fulgur.log.LogConnector;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.log.Moment;
import io.fulgur.log.RunFolder;
import io.fulgur.log.RunStatus;
import io.fulgur.log.TensorBoardLogger;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a step pays for ten logged values: five tensors at both levels, five numbers for the step,
 * two of them shown by the progress display.
 *
 * <p>With {@code workMicros} of 0 nothing happens between steps, so that at an interval of 1 the
 * loggers' own speed is what is measured; otherwise the thread that trains is busy for so long, and
 * what is above that is what logging costs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LoggingBenchmark {
  private static final int VALUES = 5;
  private static final LogOptions BOTH = LogOptions.onStep().onEpoch();
  private static final LogOptions SHOWN = LogOptions.onStep().progressBar();

  /** Where values go. */
  public enum Loggers {
    NONE,
    IDLE,
    FILES;

    List<Logger> make(Path folder) {
      RunFolder run = RunFolder.under(folder);
      return switch (this) {
        case NONE -> List.of();
        case IDLE -> List.of(new Idle(), new Idle());
        case FILES -> List.of(new TensorBoardLogger(run), new CsvLogger(run));
      };
    }
  }

  /** Keeps nothing. */
  private static final class Idle implements Logger {
    @Override
    public void logMetrics(Metrics metrics, long step) {}

    @Override
    public String name() {
      return "idle";
    }

    @Override
    public String version() {
      return "0";
    }
  }

  /** The loggers. */
  @Param public Loggers loggers = Loggers.NONE;

  /** After how many steps they are due. */
  @Param({"1", "50"})
  public int interval = 1;

  /** For how long each step does something else. */
  @Param({"0", "100"})
  public int workMicros;

  private final String[] tensorNames = new String[VALUES];
  private final String[] numberNames = new String[VALUES];
  private final Tensor[] tensors = new Tensor[VALUES];
  private Path folder = Path.of("");
  private LogConnector log = new LogConnector(List.of(), 1, Profiler.NONE);
  private long step;

  /** Makes what is logged. */
  @Setup
  public void start() throws IOException {
    for (int i = 0; i < VALUES; i++) {
      tensorNames[i] = "tensor" + i;
      numberNames[i] = "number" + i;
      tensors[i] = Tensor.scalar(i + 0.123);
    }
    folder = Files.createTempDirectory("logging");
    log = new LogConnector(loggers.make(folder), interval, Profiler.NONE);
    log.startRun();
  }

  /** Logs as a step does. */
  @Benchmark
  public void step() {
    log.startBatch(32, /* isAGuess= */ false);
    Moment before = log.enter(Moment.TRAINING_STEP);
    for (int i = 0; i < VALUES; i++) {
      log.log(tensorNames[i], tensors[i], BOTH);
      log.log(numberNames[i], step / 7.0, i < 2 ? SHOWN : LogOptions.defaults());
    }
    log.enter(before);
    log.endTrainingBatch(log.isDue(step), step, 0);
    step++;
    if (workMicros > 0) {
      long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(workMicros);
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
    }
  }

  /** Ends the run and removes what was written. */
  @TearDown
  public void end() throws IOException {
    log.finish(RunStatus.SUCCESS);
    List<Path> written;
    try (Stream<Path> found = Files.walk(folder)) {
      written = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : written) {
      Files.delete(each);
    }
  }
}
