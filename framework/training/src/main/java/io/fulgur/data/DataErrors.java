package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Errors of loading, in terms of the user's data set and sample. */
final class DataErrors {
  private DataErrors() {}

  static void checkIndex(long index, long size, String what) {
    if (index < 0 || index >= size) {
      throw new FulgurException(
          ErrorId.INDEX_OUT_OF_RANGE,
          size == 0
              ? "%s is %d, but there are no samples.".formatted(what, index)
              : "%s is %d. It must be from 0 to %d.".formatted(what, index, size - 1));
    }
  }

  static void checkPositive(String option, long value) {
    if (value <= 0) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS, "%s is %d. It must be positive.".formatted(option, value));
    }
  }

  static FulgurException empty(String what) {
    return new FulgurException(
        ErrorId.EMPTY_DATASET,
        "%s has no samples. Check the path, the filter or the split that it is made from."
            .formatted(what));
  }

  static FulgurException allDropped(long samples, int batchSize) {
    return new FulgurException(
        ErrorId.NO_BATCHES,
        ("dropLast(true) leaves no batch of %d samples at batchSize(%d). Use a batchSize of "
                + "at most %d, or dropLast(false).")
            .formatted(samples, batchSize, samples));
  }

  /** Returns the sample, which user code may have left out in spite of its signature. */
  static Sample checkNotNull(@Nullable Sample sample, Dataset dataset, long index) {
    if (sample == null) {
      throw new FulgurException(
          ErrorId.NULL_SAMPLE,
          ("%s is null. Every index from 0 to size() - 1 must give a sample; leave samples "
                  + "out with subset(...).")
              .formatted(describe(dataset, index)));
    }
    return sample;
  }

  static FulgurException sampleFailed(
      Dataset dataset, long index, EpochContext epoch, Throwable cause) {
    return new FulgurException(
        ErrorId.DATASET_FAILED,
        "%s failed in epoch %d. Mend it, or leave it out with subset(...).\n   %s"
            .formatted(describe(dataset, index), epoch.epoch(), cause),
        cause);
  }

  static FulgurException bulkFailed(
      Dataset dataset, long[] indices, EpochContext epoch, Throwable cause) {
    return new FulgurException(
        ErrorId.DATASET_FAILED,
        ("One of the samples %s of %s failed in epoch %d. Mend it, or leave it out with "
                + "subset(...).\n   %s")
            .formatted(Arrays.toString(indices), name(dataset), epoch.epoch(), cause),
        cause);
  }

  /** Returns the error of a sampler; one that tells all itself as it is. */
  static FulgurException samplerFailed(Object sampler, EpochContext epoch, RuntimeException cause) {
    return cause instanceof FulgurException known
        ? known
        : new FulgurException(
            ErrorId.DATASET_FAILED,
            "The sampler %s failed in epoch %d. Mend it.\n   %s"
                .formatted(name(sampler), epoch.epoch(), cause),
            cause);
  }

  static FulgurException iterationFailed(
      IterableDataset dataset, long position, EpochContext epoch, Throwable cause) {
    return new FulgurException(
        ErrorId.DATASET_FAILED,
        "Sample %d of %s failed in epoch %d. Mend it, or let the iterator pass over it.\n   %s"
            .formatted(position, name(dataset), epoch.epoch(), cause),
        cause);
  }

  /** Returns e.g. {@code get(1033) of Digits (sample 17 of the loader)}. */
  static String describe(Dataset dataset, long index) {
    Dataset inner = dataset;
    long innerIndex = index;
    while (inner instanceof DerivedDataset derived) {
      DerivedDataset.Origin origin = derived.origin(innerIndex);
      inner = origin.dataset();
      innerIndex = origin.index();
    }
    String where = "Sample " + innerIndex + " of " + name(inner);
    return innerIndex == index ? where : where + " (number " + index + " of what the loader reads)";
  }

  /** Returns what to call a data set, sampler or module of the user. */
  static String name(Object dataset) {
    if (dataset instanceof DerivedDataset
        || dataset instanceof MappedIterableDataset
        || dataset instanceof ShuffledIterableDataset
        || dataset instanceof StreamDataset
        || dataset instanceof ChunkSampler) {
      return dataset.toString();
    }
    String name = dataset.getClass().getSimpleName();
    return name.isEmpty() ? dataset.getClass().getName() : name;
  }
}
