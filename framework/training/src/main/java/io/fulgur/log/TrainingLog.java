package io.fulgur.log;

import io.fulgur.checkpoint.State;
import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What was logged of a training epoch as a state, so that its means are those of the whole. */
final class TrainingLog {
  private TrainingLog() {}

  /** Makes the place of a value again. */
  @FunctionalInterface
  interface Definer {
    LoggedValue define(Moment moment, String name, LogOptions options);
  }

  /** How much of a training epoch is saved. */
  enum Extent {
    /** Who logs what, as the epoch is over. */
    NOTHING,
    /** What was gathered at the last mark. */
    AS_MARKED,
    /** What was gathered. */
    ALL
  }

  static State save(ResultTable table, Extent extent, Function<Metric, @Nullable String> names) {
    List<State> entries = new ArrayList<>();
    table.forEach(
        (moment, logged) -> {
          State.Builder entry =
              options(logged.options).put("moment", moment.name()).put("name", logged.name);
          if (extent == Extent.AS_MARKED) {
            logged.saveMarked(entry);
          } else if (extent == Extent.ALL) {
            logged.save(entry);
          }
          if (extent == Extent.ALL || (extent == Extent.AS_MARKED && logged.wasUsed())) {
            ScalarMetric gathering = logged.metric();
            String metric = gathering == null ? null : names.apply(gathering);
            if (metric != null) {
              entry.put("metric", metric);
            }
          }
          entries.add(entry.build());
        });
    State.Builder all = State.builder();
    for (int i = 0; i < entries.size(); i++) {
      all.child(Integer.toString(i), entries.get(i));
    }
    return all.build();
  }

  private static State.Builder options(LogOptions options) {
    State.Builder saved =
        State.builder()
            .put("progress_bar", options.inProgressBar())
            .put("reduction", options.reduction().name())
            .put("weight", (long) options.weight())
            .put("dataloader_index", options.withDataloaderIndex());
    putIfSaid(saved, "on_step", options.stepLevel());
    putIfSaid(saved, "on_epoch", options.epochLevel());
    putIfSaid(saved, "logger", options.loggerChoice());
    return saved;
  }

  private static void putIfSaid(State.Builder state, String name, @Nullable Boolean value) {
    if (value != null) {
      state.put(name, value);
    }
  }

  static void load(State saved, Map<String, ? extends Metric> metrics, Definer definer) {
    for (String key : saved.children()) {
      State entry = saved.child(key);
      LoggedValue logged =
          definer.define(
              Moment.valueOf(entry.stringValue("moment")),
              entry.stringValue("name"),
              new LogOptions.Chain(
                  said(entry, "on_step"),
                  said(entry, "on_epoch"),
                  entry.booleanValue("progress_bar"),
                  Reduction.valueOf(entry.stringValue("reduction")),
                  entry.intValue("weight"),
                  said(entry, "logger"),
                  entry.booleanValue("dataloader_index")));
      ScalarMetric metric = metric(entry, metrics);
      if (metric != null || !entry.has("metric")) {
        logged.load(entry, metric);
      }
    }
  }

  private static @Nullable Boolean said(State entry, String name) {
    return entry.has(name) ? (Boolean) entry.booleanValue(name) : null;
  }

  /** Returns the metric of a value, or null if it has none or the module has lost it. */
  private static @Nullable ScalarMetric metric(State entry, Map<String, ? extends Metric> metrics) {
    return entry.has("metric") && metrics.get(entry.stringValue("metric")) instanceof ScalarMetric m
        ? m
        : null;
  }
}
