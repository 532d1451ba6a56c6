package io.fulgur.log;

/**
 * One name logged at one moment: its names at each level, its places in the stores, and what has
 * been gathered of the epoch.
 */
final class LoggedValue {
  final String name;
  final LogOptions options;
  final boolean onStep;
  final boolean onEpoch;

  /** The loader whose result this belongs to; -1 if it belongs to all. */
  final int dataloader;

  final String stepName;
  final String epochName;
  final int stepInCallbacks;
  final int epochInCallbacks;
  final int plainInCallbacks;
  final int stepInProgress;
  final int epochInProgress;
  final int stepInLogged;
  final int epochInLogged;

  private double latest;
  private double gathered;
  private double weights;
  private long count;

  /** Whether a value was logged since the last step was sent off. */
  boolean fresh;

  LoggedValue(
      String name,
      int dataloader,
      LogOptions options,
      boolean onStep,
      boolean onEpoch,
      Stores stores) {
    this.name = name;
    this.dataloader = dataloader;
    this.options = options;
    this.onStep = onStep;
    this.onEpoch = onEpoch;
    boolean both = onStep && onEpoch;
    stepName = both ? forked(name, "_step") : name;
    epochName = both ? forked(name, "_epoch") : name;
    stepInCallbacks = stores.callback().place(stepName);
    epochInCallbacks = stores.callback().place(epochName);
    plainInCallbacks = stores.callback().place(name);
    stepInProgress = stores.progress().place(stepName);
    epochInProgress = stores.progress().place(epochName);
    stepInLogged = stores.logged().place(stepName);
    epochInLogged = stores.logged().place(epochName);
  }

  /** Puts a suffix before the number of the dataloader. */
  private static String forked(String name, String suffix) {
    int index = name.lastIndexOf(LogConnector.DATALOADER_INFIX);
    return index < 0 ? name + suffix : name.substring(0, index) + suffix + name.substring(index);
  }

  void add(double value, double weight) {
    latest = value;
    fresh = true;
    if (!onEpoch) {
      return;
    }
    switch (options.reduction()) {
      case MEAN -> gathered += value * weight;
      case SUM -> gathered += value;
      // Math.min and max pass a NaN on, so that it does not go unseen.
      case MIN -> gathered = count == 0 ? value : Math.min(gathered, value);
      case MAX -> gathered = count == 0 ? value : Math.max(gathered, value);
    }
    weights += weight;
    count++;
  }

  boolean hasEpochValue() {
    return onEpoch && count > 0;
  }

  double latest() {
    return latest;
  }

  double reduced() {
    return options.reduction() == Reduction.MEAN ? gathered / weights : gathered;
  }

  void reset() {
    gathered = 0;
    weights = 0;
    count = 0;
    fresh = false;
  }

  /** Where values can be looked up. */
  record Stores(MetricStore callback, MetricStore progress, MetricStore logged) {}
}
