package io.fulgur.log;

import io.fulgur.tensor.Tensor;

/** What has been logged under one name and stays on the device: the newest and the epoch's. */
final class DeviceGathering {
  private final DeviceScalars scalars;
  private final Reduction reduction;
  private final int latestPlace;
  private final int gatheredPlace;
  private long count;
  private long markedCount;

  DeviceGathering(DeviceScalars scalars, Reduction reduction, boolean onStep, boolean onEpoch) {
    this.scalars = scalars;
    this.reduction = reduction;
    latestPlace = onStep ? scalars.newPlace() : -1;
    gatheredPlace = onEpoch ? scalars.newPlace() : -1;
  }

  void add(Tensor value, double weight) {
    if (latestPlace >= 0) {
      scalars.set(latestPlace, value);
    }
    if (gatheredPlace >= 0) {
      if (count++ == 0) {
        // Takes the place of the epoch's before, so that nothing has to be set to 0.
        scalars.start(gatheredPlace, value, reduction, weight);
      } else {
        scalars.reduce(gatheredPlace, value, reduction, weight);
      }
    }
  }

  /** Returns the newest value of a step. */
  double latest() {
    return latestPlace < 0 ? Double.NaN : scalars.get(latestPlace);
  }

  /** Returns the epoch's value so far, if there is one; of a mean the sum of weighted values. */
  double gathered() {
    return scalars.get(gatheredPlace);
  }

  /** Returns how many values of the epoch were gathered. */
  long count() {
    return count;
  }

  /** Remembers what was gathered; the values themselves the scalars do. */
  void mark() {
    markedCount = count;
  }

  /** Returns what {@link #latest} returned at the last mark. */
  double markedLatest() {
    return latestPlace < 0 ? Double.NaN : scalars.marked(latestPlace);
  }

  /** Returns what {@link #gathered} returned at the last mark. */
  double markedGathered() {
    return scalars.marked(gatheredPlace);
  }

  /** Returns what {@link #count} returned at the last mark. */
  long markedCount() {
    return markedCount;
  }

  void reset() {
    count = 0;
  }
}
