package io.fulgur.trainer;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.profile.StepTimes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened in a run: losses, and what a logger was given. As loggers have a thread of their
 * own, a moment of the run is found among the latter by a call that passes the same way.
 */
final class RunEvents implements Logger {
  final List<String> losses = new ArrayList<>();
  private final List<String> logged = new ArrayList<>();
  private final List<Integer> moments = new ArrayList<>();

  @Override
  public synchronized void logMetrics(Metrics metrics, long step) {
    Map<String, Double> values = new LinkedHashMap<>(metrics.toMap());
    values.keySet().removeAll(StepTimes.NAMES);
    logged.add(step + " " + values);
  }

  @Override
  public synchronized void afterSaveCheckpoint(CheckpointCallback callback) {
    moments.add(logged.size());
  }

  synchronized List<String> logged() {
    return List.copyOf(logged);
  }

  /** Returns what was logged after a moment, counted from 0. */
  synchronized List<String> loggedAfter(int moment) {
    return List.copyOf(logged.subList(moments.get(moment), logged.size()));
  }

  List<String> lossesAfter(int count) {
    return losses.subList(count, losses.size());
  }

  @Override
  public String name() {
    return "events";
  }

  @Override
  public String version() {
    return "0";
  }
}
