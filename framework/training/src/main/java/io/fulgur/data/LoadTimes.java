package io.fulgur.data;

/**
 * What loading has cost, summed over batches.
 *
 * @param batches how many batches were served
 * @param waitedNanos how long their reader has waited for them
 * @param loadedNanos how long all threads together took to make them, and others not served yet
 * @since 0.1
 */
public record LoadTimes(long batches, long waitedNanos, long loadedNanos) {
  /** Nothing yet. */
  public static final LoadTimes NONE = new LoadTimes(0, 0, 0);

  /** Returns what has come since an earlier time. */
  public LoadTimes since(LoadTimes earlier) {
    return new LoadTimes(
        batches - earlier.batches,
        waitedNanos - earlier.waitedNanos,
        loadedNanos - earlier.loadedNanos);
  }

  /** Returns both together, e.g. of two epochs. */
  public LoadTimes plus(LoadTimes other) {
    return new LoadTimes(
        batches + other.batches, waitedNanos + other.waitedNanos, loadedNanos + other.loadedNanos);
  }
}
