package io.fulgur.log;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything logged by one loop, or for one dataloader of it. */
final class ResultTable {
  private final Map<Moment, Map<String, LoggedValue>> byMoment = new EnumMap<>(Moment.class);
  private final List<LoggedValue> all = new ArrayList<>();

  @Nullable LoggedValue find(Moment moment, String name) {
    Map<String, LoggedValue> named = byMoment.get(moment);
    return named == null ? null : named.get(name);
  }

  void add(Moment moment, String name, LoggedValue value) {
    byMoment.computeIfAbsent(moment, ignored -> new HashMap<>()).put(name, value);
    all.add(value);
  }

  /** Returns the values in the order in which they were first logged. */
  List<LoggedValue> all() {
    return all;
  }

  /** Forgets what was gathered; who has logged what stays known. */
  void reset() {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).reset();
    }
  }
}
