package io.fulgur.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Sums what actions cost by their names; for any number of threads. */
final class ActionTimes {
  private final Map<String, Sum> sums = new HashMap<>();

  private static final class Sum {
    private long calls;
    private long totalNanos;
    private long selfNanos;
  }

  synchronized void add(String name, long totalNanos, long selfNanos) {
    Sum sum = sums.computeIfAbsent(name, ignored -> new Sum());
    sum.calls++;
    sum.totalNanos += totalNanos;
    sum.selfNanos += selfNanos;
  }

  synchronized boolean isEmpty() {
    return sums.isEmpty();
  }

  synchronized void clear() {
    sums.clear();
  }

  /** Returns everything, what costs most first, and by name where that is equal. */
  synchronized List<ActionTime> sorted(ToLongFunction<ActionTime> cost) {
    List<ActionTime> all = new ArrayList<>();
    sums.forEach(
        (name, sum) -> all.add(new ActionTime(name, sum.calls, sum.totalNanos, sum.selfNanos)));
    all.sort(Comparator.comparingLong(cost).reversed().thenComparing(ActionTime::name));
    return all;
  }
}
