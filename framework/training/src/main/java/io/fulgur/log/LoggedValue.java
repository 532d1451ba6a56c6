package io.fulgur.log;

import io.fulgur.checkpoint.State;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One name logged at one moment: its names at each level, its places in the stores, and what has
 * been gathered of the epoch.
 */
final class LoggedValue {
  /** Where the newest value is. */
  private enum Latest {
    /** In this object. */
    READ,
    /** On the device. */
    ON_DEVICE,
    /** In the metric, which computes it when asked. */
    IN_METRIC
  }

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

  private Latest where = Latest.READ;
  private double latest;
  private double gathered;
  private double weights;

  /** How many values were gathered here, those on the device not counted. */
  private long count;

  /** What is gathered on the device; null unless a tensor was logged that stays there. */
  private @Nullable DeviceGathering device;

  /** What the epoch's value is of, if it is not gathered here; null if it is. */
  private @Nullable ScalarMetric metric;

  /** Whether {@link #gathered} is what the metric computes. */
  private boolean computed;

  /** What had been gathered at the last mark. */
  private double gatheredBefore;

  private double weightsBefore;
  private long countBefore;

  /** The value of a step that was still to be sent off at the last mark, and where it is. */
  private boolean freshBefore;

  private boolean latestOnDeviceBefore;
  private double latestBefore;

  private boolean restored;

  /** Whether a value was logged since the last step was sent off. */
  boolean fresh;

  LoggedValue(
      String name,
      int dataloader,
      LogOptions options,
      boolean onStep,
      boolean onEpoch,
      MetricStores stores) {
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
    int index = name.lastIndexOf(LogGatherer.DATALOADER_INFIX);
    return index < 0 ? name + suffix : name.substring(0, index) + suffix + name.substring(index);
  }

  // ---------------------------------------------------------------- adding

  void add(double value, double weight) {
    latest = value;
    where = Latest.READ;
    fresh = true;
    restored = false;
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

  /** Takes a value that stays on the device until somebody asks. */
  void add(Tensor value, double weight, DeviceScalars scalars) {
    if (device == null) {
      device = new DeviceGathering(scalars, options.reduction(), onStep, onEpoch);
    }
    device.add(value, weight);
    where = Latest.ON_DEVICE;
    fresh = true;
    restored = false;
    if (onEpoch) {
      weights += weight;
    }
  }

  /** Takes a metric, which gathers by itself; its batch alone is computed when somebody asks. */
  void add(ScalarMetric value) {
    metric = value;
    where = Latest.IN_METRIC;
    fresh = true;
    restored = false;
    computed = false;
    count++;
  }

  // ---------------------------------------------------------------- what was added

  /** Returns the metric that was logged since the last reset, or null. */
  @Nullable ScalarMetric metric() {
    return metric;
  }

  /** Returns whether this was restored, and nothing was logged yet in this run. */
  boolean isRestored() {
    return restored;
  }

  /** Returns whether something was logged since the last reset. */
  boolean isUsed() {
    return count > 0 || countOnDevice() > 0;
  }

  private long countOnDevice() {
    return device == null ? 0 : device.count();
  }

  boolean hasEpochValue() {
    return onEpoch && isUsed();
  }

  /** Returns whether the newest value costs nothing. */
  boolean isLatestRead() {
    return where == Latest.READ;
  }

  /** Returns the newest value of a step. */
  double latest() {
    if (where == Latest.ON_DEVICE && device != null) {
      latest = device.latest();
    } else if (where == Latest.IN_METRIC && metric != null) {
      latest = metric.batchValue();
    }
    where = Latest.READ;
    return latest;
  }

  /** Reads the newest value of a step from a metric that is about to be reset. */
  void settleLatest() {
    if (onStep && where == Latest.IN_METRIC) {
      latest();
    }
  }

  double reduced() {
    ScalarMetric of = metric;
    if (of != null) {
      // Computed once: that of a ranking sorts all scores of the epoch.
      if (!computed) {
        gathered = of.compute();
        computed = true;
      }
      return gathered;
    }
    double value = allGathered();
    return options.reduction() == Reduction.MEAN ? value / weights : value;
  }

  private double allGathered() {
    if (device == null || device.count() == 0) {
      return gathered;
    }
    return together(gathered, count, device.gathered());
  }

  private double together(double here, long countHere, double there) {
    return switch (options.reduction()) {
      case MEAN, SUM -> here + there;
      case MIN -> countHere == 0 ? there : Math.min(here, there);
      case MAX -> countHere == 0 ? there : Math.max(here, there);
    };
  }

  // ---------------------------------------------------------------- starting anew

  void reset() {
    if (metric != null) {
      metric.reset();
      metric = null;
      computed = false;
    }
    if (device != null) {
      device.reset();
    }
    gathered = 0;
    weights = 0;
    count = 0;
    fresh = false;
  }

  /** Remembers what was gathered; only between the steps of a batch there are values of steps. */
  void mark() {
    gatheredBefore = gathered;
    weightsBefore = weights;
    countBefore = count;
    freshBefore = fresh && onStep;
    if (freshBefore) {
      latestOnDeviceBefore = where == Latest.ON_DEVICE;
      latestBefore = latestOnDeviceBefore ? Double.NaN : latest();
    }
    if (device != null) {
      device.mark();
    }
  }

  /** Returns whether something had been gathered at the last mark. */
  boolean wasUsed() {
    return countBefore > 0 || countOnDeviceBefore() > 0;
  }

  private long countOnDeviceBefore() {
    return device == null ? 0 : device.markedCount();
  }

  /** Adds what {@link #save} would have at the last mark. */
  void saveMarked(State.Builder state) {
    if (wasUsed()) {
      double all =
          device == null || device.markedCount() == 0
              ? gatheredBefore
              : together(gatheredBefore, countBefore, device.markedGathered());
      state
          .put("gathered", all)
          .put("weights", weightsBefore)
          .put("count", countBefore + countOnDeviceBefore());
    }
    if (freshBefore) {
      DeviceGathering there = latestOnDeviceBefore ? device : null;
      state.put("latest", there == null ? latestBefore : there.markedLatest());
    }
  }

  /** Adds what was gathered, and the value of a step that is still to be sent off. */
  void save(State.Builder state) {
    if (isUsed()) {
      state
          .put("gathered", allGathered())
          .put("weights", weights)
          .put("count", count + countOnDevice());
    }
    if (fresh && onStep) {
      state.put("latest", latest());
    }
  }

  /** Goes on with what was gathered, in a metric if there is one. */
  void load(State state, @Nullable ScalarMetric of) {
    metric = of;
    restored = true;
    if (state.has("count")) {
      gathered = state.doubleValue("gathered");
      weights = state.doubleValue("weights");
      count = state.longValue("count");
    }
    if (state.has("latest")) {
      latest = state.doubleValue("latest");
      fresh = true;
    }
  }
}
