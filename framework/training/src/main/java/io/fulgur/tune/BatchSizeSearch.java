package io.fulgur.tune;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Finds the largest batch size that fits, by trying. */
final class BatchSizeSearch {
  private final BatchSizeFinderBuilder options;
  private final IntFunction<Attempt> attempts;
  private final List<BatchSizeTrial> trials = new ArrayList<>();

  /** The largest that fits; 0 before one does. */
  private int low;

  /** The smallest that does not fit; {@link Integer#MAX_VALUE} before one does not. */
  private int high = Integer.MAX_VALUE;

  /** Whether larger batches would hold no more samples. */
  private boolean allSamples;

  /**
   * What came of a batch size.
   *
   * @param outcome whether it fits
   * @param largest how many samples the largest batch had
   */
  record Attempt(BatchSizeTrial.Outcome outcome, int largest) {}

  /**
   * @param attempts tries a batch size
   */
  BatchSizeSearch(BatchSizeFinderBuilder options, IntFunction<Attempt> attempts) {
    this.options = options;
    this.attempts = attempts;
  }

  BatchSizeResult run() {
    int size = Math.min(options.initVal(), options.maxVal());
    while (size > low && size < high && trials.size() < options.maxTrials() && !allSamples) {
      attempt(size);
      size = next(size);
    }
    if (low == 0) {
      throw new FulgurException(
          ErrorId.TUNING_FAILED,
          "BatchSizeFinder found no batch size for which the memory suffices; the smallest it tried is %d. Start from a smaller initVal, use a smaller model, or give the JVM more memory (-Xmx, and -Dorg.bytedeco.javacpp.maxbytes for tensors)."
              .formatted(high));
    }
    boolean margin = options.mode() == BatchSizeMode.BINSEARCH && high != Integer.MAX_VALUE;
    int found = margin ? Math.max(1, (int) (low * (1 - options.margin()))) : low;
    return new BatchSizeResult(found, trials);
  }

  private void attempt(int size) {
    Attempt attempt = attempts.apply(size);
    trials.add(new BatchSizeTrial(size, attempt.outcome()));
    switch (attempt.outcome()) {
      case FITS -> low = size;
      case OUT_OF_MEMORY -> high = size;
      case ALL_SAMPLES -> {
        low = Math.max(low, attempt.largest());
        allSamples = true;
      }
    }
  }

  /** Returns what to try after a batch size; something outside of the interval for nothing. */
  private int next(int size) {
    if (low == 0) {
      return size / 2;
    }
    if (high == Integer.MAX_VALUE) {
      return (int) Math.min(2L * size, options.maxVal());
    }
    if (options.mode() == BatchSizeMode.POWER) {
      return low;
    }
    return low + (high - low) / 2;
  }
}
