package io.fulgur.data;

import org.jspecify.annotations.Nullable;

/**
 * Tells whether training waits for its data, and what to do about it.
 *
 * <pre>{@code
 * String advice = LoadingAdvice.of(loader, batches.times().since(afterWarmUp), elapsedNanos);
 * }</pre>
 *
 * @since 0.1
 */
public final class LoadingAdvice {
  /** Below this part of a loop's time, waiting is not worth a word. */
  private static final double WORTH_TELLING = 0.2;

  /** Nobody changes a loader to get back less than this. */
  private static final long LEAST_WAITED_NANOS = 1_000_000_000;

  /** Fewer batches measure the start of threads and the compiler's work rather than loading. */
  private static final int FEWEST_BATCHES = 20;

  /** Handing a batch over to another thread takes tens of microseconds. */
  private static final double LEAST_MAKING_NANOS = 100_000;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private LoadingAdvice() {}

  /**
   * Returns what to change, in one sentence or two; null if the loop has waited for less than a
   * fifth of its time or less than a second in all, a batch is made faster than a worker could hand
   * it over, or too few were measured to tell.
   *
   * <p>With workers enough, a batch is ready when it is asked for: as many are needed as a batch
   * takes longer to make than to be trained on. No more are suggested than there are processors.
   *
   * @param loader what is read from
   * @param times of some batches, best without the first few
   * @param elapsedNanos how long the loop took for these batches, waiting included
   */
  public static @Nullable String of(DataLoader loader, LoadTimes times, long elapsedNanos) {
    return of(loader, times, elapsedNanos, Runtime.getRuntime().availableProcessors());
  }

  static @Nullable String of(
      DataLoader loader, LoadTimes times, long elapsedNanos, int processors) {
    double share = (double) times.waitedNanos() / Math.max(1, elapsedNanos);
    if (times.batches() < FEWEST_BATCHES
        || share < WORTH_TELLING
        || times.waitedNanos() < LEAST_WAITED_NANOS) {
      return null;
    }
    double making = (double) times.loadedNanos() / times.batches();
    if (making < LEAST_MAKING_NANOS) {
      return null;
    }
    double using = Math.max(1, (double) (elapsedNanos - times.waitedNanos()) / times.batches());
    long needed = Math.max(1, (long) Math.ceil(making / using));
    return "The loop has waited %.1f s for data, %.0f %% of its time: making a batch of %s takes %.2f ms, using it %.2f ms. %s"
        .formatted(
            times.waitedNanos() / NANOS_PER_SECOND,
            100 * share,
            loader,
            making / NANOS_PER_MILLI,
            using / NANOS_PER_MILLI,
            remedy(loader.workers(), Math.min(needed, processors), needed > processors));
  }

  private static String remedy(int workers, long suggested, boolean tooFewProcessors) {
    String cheaper =
        "make loading cheaper: prepare the data once (DataBundle), or keep it in memory"
            + " (ArrayDataset.copyOf)";
    if (suggested <= workers) {
      return "It has workers(%d), and more would not help on this machine; ".formatted(workers)
          + cheaper
          + ".";
    }
    return "It has workers(%d); set workers(%d)".formatted(workers, suggested)
        + (tooFewProcessors ? ", as many as there are processors, and " + cheaper + "." : ".");
  }
}
