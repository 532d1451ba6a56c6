package io.fulgur.crossvalidation;

import io.fulgur.data.Dataset;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;

/**
 * One division of samples into those to train on and those held out.
 *
 * @since 0.1
 */
public final class Fold {
  private final int index;
  private final Dataset dataset;
  private final long[] train;
  private final long[] heldOut;

  private Fold(int index, Dataset dataset, long[] train, long[] heldOut) {
    this.index = index;
    this.dataset = dataset;
    this.train = train;
    this.heldOut = heldOut;
  }

  /**
   * Makes a fold.
   *
   * @param index its number, counted from 0
   * @param dataset all samples
   * @param train indices of those to train on
   * @param heldOut indices of those held out
   * @throws FulgurException if there are none of either, or one is in both
   */
  public static Fold of(int index, Dataset dataset, long[] train, long[] heldOut) {
    long[] sorted = train.clone();
    Arrays.sort(sorted);
    if (train.length == 0 || heldOut.length == 0) {
      throw invalid(
          "Fold %d has %d samples to train on and %d held out. Both need at least one."
              .formatted(index, train.length, heldOut.length));
    }
    for (long sample : heldOut) {
      if (Arrays.binarySearch(sorted, sample) >= 0) {
        throw invalid(
            "Sample %d is held out in fold %d and trained on as well. Leave it out of one of them."
                .formatted(sample, index));
      }
    }
    return new Fold(index, dataset, train.clone(), heldOut.clone());
  }

  private static FulgurException invalid(String message) {
    return new FulgurException(ErrorId.INVALID_ARGUMENT, message);
  }

  /** Returns the number of this fold, counted from 0. */
  public int index() {
    return index;
  }

  /** Returns the samples to train on; a transform must be fitted to these alone. */
  public Dataset train() {
    return dataset.subset(train);
  }

  /** Returns the samples held out. */
  public Dataset heldOut() {
    return dataset.subset(heldOut);
  }

  /** Returns the indices of the samples to train on. */
  public long[] trainIndices() {
    return train.clone();
  }

  /** Returns the indices of the samples held out. */
  public long[] heldOutIndices() {
    return heldOut.clone();
  }

  /** Returns e.g. {@code Fold 0: 455 samples to train on, 114 held out}. */
  @Override
  public String toString() {
    return "Fold %d: %d samples to train on, %d held out"
        .formatted(index, train.length, heldOut.length);
  }
}
