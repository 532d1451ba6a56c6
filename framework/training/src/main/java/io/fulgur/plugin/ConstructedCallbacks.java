package io.fulgur.plugin;

import io.fulgur.callback.Callback;
import io.fulgur.callback.GradientAccumulationScheduler;
import io.fulgur.callback.ModelSummary;
import io.fulgur.callback.checkpoint.OnExceptionCheckpoint;
import io.fulgur.callback.monitor.DeviceStatsMonitor;
import io.fulgur.callback.prediction.CsvPredictionWriter;
import io.fulgur.callback.prediction.JsonLinesPredictionWriter;
import io.fulgur.error.OptionMistakes;
import io.fulgur.progress.ConsoleProgressDisplay;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a file needs to make the callbacks that have constructors rather than builders: a method for
 * each option, and {@code build()}.
 */
@SuppressWarnings("UnusedMethod") // Called by name.
final class ConstructedCallbacks {
  private ConstructedCallbacks() {}

  /** Makes a {@link ConsoleProgressDisplay}. */
  static final class Progress {
    private int interval = ConsoleProgressDisplay.DEFAULT_REFRESH_INTERVAL_MILLIS;

    public Progress refreshIntervalMillis(int millis) {
      interval = millis;
      return this;
    }

    public Callback build() {
      return new ConsoleProgressDisplay(interval);
    }
  }

  /** Makes a {@link ModelSummary}. */
  static final class Summary {
    private int depth = ModelSummary.DEFAULT_DEPTH;

    public Summary maxDepth(int levels) {
      depth = levels;
      return this;
    }

    public Callback build() {
      return new ModelSummary(depth);
    }
  }

  /** Makes a {@link DeviceStatsMonitor}. */
  static final class DeviceStats {
    private String[] wanted = {};

    public DeviceStats names(String... names) {
      wanted = names.clone();
      return this;
    }

    public Callback build() {
      return DeviceStatsMonitor.of(wanted);
    }
  }

  /** Makes an {@link OnExceptionCheckpoint}. */
  static final class OnException {
    private @Nullable Path folder;
    private @Nullable String fileName;

    public OnException folder(Path path) {
      folder = path;
      return this;
    }

    public OnException fileName(String name) {
      fileName = name;
      return this;
    }

    public Callback build() {
      Path where = required("OnExceptionCheckpoint", "folder", folder);
      String name = fileName;
      return name == null
          ? new OnExceptionCheckpoint(where)
          : new OnExceptionCheckpoint(where, name);
    }
  }

  /** Makes a callback that writes predictions to a file. */
  static final class Predictions {
    private final String name;
    private final Function<Path, Callback> constructor;
    private @Nullable Path file;

    private Predictions(String name, Function<Path, Callback> constructor) {
      this.name = name;
      this.constructor = constructor;
    }

    static Predictions csv() {
      return new Predictions("CsvPredictionWriter", CsvPredictionWriter::new);
    }

    static Predictions jsonLines() {
      return new Predictions("JsonLinesPredictionWriter", JsonLinesPredictionWriter::new);
    }

    public Predictions file(Path path) {
      file = path;
      return this;
    }

    public Callback build() {
      return constructor.apply(required(name, "file", file));
    }
  }

  /** Makes a {@link GradientAccumulationScheduler}. */
  static final class Accumulation {
    private Map<?, ?> scheduling = Map.of();

    public Accumulation scheduling(Map<?, ?> batchesByEpoch) {
      scheduling = batchesByEpoch;
      return this;
    }

    public Callback build() {
      OptionMistakes mistakes = new OptionMistakes("GradientAccumulationScheduler");
      Map<Integer, Integer> numbers = new HashMap<>();
      scheduling.forEach(
          (epoch, batches) -> {
            try {
              numbers.put(
                  Integer.parseInt(String.valueOf(epoch)),
                  Integer.parseInt(String.valueOf(batches)));
            } catch (NumberFormatException e) {
              mistakes.require(
                  false,
                  "scheduling holds %s: %s, but must hold whole numbers, \"epoch: batches\"."
                      .formatted(epoch, batches));
            }
          });
      mistakes.throwIfAny();
      return new GradientAccumulationScheduler(numbers);
    }
  }

  private static Path required(String owner, String option, @Nullable Path value) {
    OptionMistakes mistakes = new OptionMistakes(owner);
    mistakes.require(value != null, option + " is not set. Give a path.");
    mistakes.throwIfAny();
    return Objects.requireNonNull(value);
  }
}
