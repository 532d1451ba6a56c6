package io.fulgur.nn.schedule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A schedule made of others, whose state holds theirs by their index. */
abstract class CompositeScheduler extends LearningRateScheduler {
  private final List<LearningRateScheduler> schedulers;

  CompositeScheduler(String name, List<LearningRateScheduler> schedulers) {
    super(first(name, schedulers).optimizer());
    this.schedulers = List.copyOf(schedulers);
    for (int i = 0; i < schedulers.size(); i++) {
      LearningRateScheduler scheduler = schedulers.get(i);
      require(
          scheduler.optimizer() == optimizer(),
          "%s: schedules 0 and %d are of different optimizers; make all of them for one."
              .formatted(name, i));
      require(
          !(scheduler instanceof ReduceLROnPlateau),
          "%s: schedule %d is a ReduceLROnPlateau, which follows a monitored value; step it apart."
              .formatted(name, i));
    }
  }

  private static LearningRateScheduler first(String name, List<LearningRateScheduler> schedulers) {
    require(!schedulers.isEmpty(), name + " was given no schedules. Pass one at least.");
    return schedulers.get(0);
  }

  final List<LearningRateScheduler> schedulers() {
    return schedulers;
  }

  @Override
  protected final void save(Map<String, Double> state) {
    for (int i = 0; i < schedulers.size(); i++) {
      String prefix = i + ".";
      schedulers.get(i).stateDict().forEach((key, value) -> state.put(prefix + key, value));
    }
  }

  @Override
  protected final boolean accepts(Map<String, Double> state) {
    for (int i = 0; i < schedulers.size(); i++) {
      if (!schedulers.get(i).fits(part(state, i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected final void load(Map<String, Double> state) {
    for (int i = 0; i < schedulers.size(); i++) {
      schedulers.get(i).restore(part(state, i));
    }
  }

  private static Map<String, Double> part(Map<String, Double> state, int index) {
    String prefix = index + ".";
    Map<String, Double> part = new LinkedHashMap<>();
    state.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            part.put(key.substring(prefix.length()), value);
          }
        });
    return part;
  }
}
