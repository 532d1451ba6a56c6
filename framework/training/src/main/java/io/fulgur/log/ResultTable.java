package io.fulgur.log;

import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Everything logged by one loop, or for one dataloader of it. */
final class ResultTable {
  private final Map<Moment, Map<String, LoggedValue>> byMoment = new EnumMap<>(Moment.class);
  private final List<LoggedValue> all = new ArrayList<>();

  /**
   * Returns who logs a name, or null if that is not known: also where it is known from a checkpoint
   * only, and is logged with other options since.
   */
  @Nullable LoggedValue find(Moment moment, String name, LogOptions options) {
    Map<String, LoggedValue> named = byMoment.get(moment);
    LoggedValue found = named == null ? null : named.get(name);
    if (named != null && found != null && found.isRestored() && !found.options.equals(options)) {
      named.remove(name);
      all.remove(found);
      return null;
    }
    return found;
  }

  void add(Moment moment, String name, LoggedValue value) {
    byMoment.computeIfAbsent(moment, ignored -> new HashMap<>()).put(name, value);
    all.add(value);
  }

  /** Returns the values in the order in which they were first logged. */
  List<LoggedValue> all() {
    return all;
  }

  /** Hands out each value with the moment at which it is logged, in the order of {@link #all}. */
  void forEach(BiConsumer<Moment, LoggedValue> consumer) {
    for (LoggedValue logged : all) {
      byMoment.forEach(
          (moment, named) -> {
            if (named.get(logged.name) == logged) {
              consumer.accept(moment, logged);
            }
          });
    }
  }

  /** Returns the name under which a metric was logged since the last reset, or null. */
  @Nullable String nameOf(Metric metric) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).metric() == metric) {
        return all.get(i).name;
      }
    }
    return null;
  }

  /** Adds the reduced values. */
  void collect(Map<String, Double> result) {
    for (LoggedValue logged : all) {
      if (logged.hasEpochValue()) {
        result.put(logged.epochName, logged.reduced());
      }
    }
  }

  /** Computes what metrics have gathered, and resets them for what follows. */
  void settleMetrics() {
    for (LoggedValue logged : all) {
      logged.settleLatest();
      if (logged.metric() != null && logged.onEpoch) {
        logged.reduced();
      }
    }
    for (LoggedValue logged : all) {
      ScalarMetric metric = logged.metric();
      if (metric != null) {
        metric.reset();
      }
    }
  }

  /** Remembers what was gathered. */
  void mark() {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).mark();
    }
  }

  /** Forgets what was gathered; who has logged what stays known. */
  void reset() {
    // First all: one metric may be logged under several names.
    for (int i = 0; i < all.size(); i++) {
      all.get(i).settleLatest();
    }
    for (int i = 0; i < all.size(); i++) {
      all.get(i).reset();
    }
  }
}
