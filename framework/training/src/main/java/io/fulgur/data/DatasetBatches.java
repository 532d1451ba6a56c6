package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Batches of a data set with indices. */
record DatasetBatches(
    Dataset dataset,
    BatchSampler sampler,
    Collate collate,
    HostArrays arrays,
    StatefulParts parts,
    boolean samplerKnowsPlace)
    implements EpochSource {
  static DatasetBatches of(Dataset dataset, BatchSampler sampler, Collate collate) {
    return new DatasetBatches(
        dataset,
        sampler,
        collate,
        new HostArrays(),
        StatefulParts.of(dataset, sampler),
        !StatefulParts.of(sampler).isEmpty());
  }

  @Override
  public String kind() {
    return "a data set by index";
  }

  @Override
  public State state() {
    return parts.state();
  }

  @Override
  public void loadState(State state) {
    parts.load(state, DataErrors.name(dataset));
  }

  @Override
  public OptionalLong length() {
    return sampler.length();
  }

  @Override
  public EpochPlan open(EpochContext epoch, EpochStart start) {
    Iterator<long[]> batches = begin(epoch, start);
    return new EpochPlan(epoch, start.batches(), /* toSkip= */ 0) {
      @Override
      @Nullable Supplier<HostBatch> read() {
        long[] indices = indices(batches, epoch);
        if (indices == null) {
          return null;
        }
        check(indices);
        return () -> gather(dataset, indices, epoch, collate, arrays);
      }

      @Override
      SourceMark mark() {
        State.Builder now = IteratorPlace.of(batches, samplerKnowsPlace);
        return now == null && parts.isEmpty()
            ? SourceMark.NONE
            : SourceMark.of(parts.state(), now == null ? null : now.build());
      }
    };
  }

  private Iterator<long[]> begin(EpochContext epoch, EpochStart start) {
    Iterator<long[]> batches;
    try {
      batches = sampler.batches(epoch);
    } catch (RuntimeException e) {
      throw DataErrors.samplerFailed(sampler, epoch, e);
    }
    State place = start.position();
    if (place != null) {
      IteratorPlace.restore(batches, place, sampler);
      return batches;
    }
    for (long i = 0; i < start.batches() && indices(batches, epoch) != null; i++) {
      // Passed over.
    }
    return batches;
  }

  private long @Nullable [] indices(Iterator<long[]> batches, EpochContext epoch) {
    try {
      return batches.hasNext() ? batches.next() : null;
    } catch (RuntimeException e) {
      throw DataErrors.samplerFailed(sampler, epoch, e);
    }
  }

  private void check(long[] indices) {
    if (indices.length == 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The batch sampler %s gave a batch without indices. Leave empty batches out."
              .formatted(DataErrors.name(sampler)));
    }
    long size = dataset.size();
    for (long index : indices) {
      if (index < 0 || index >= size) {
        DataErrors.checkIndex(
            index,
            size,
            "An index that " + DataErrors.name(sampler) + " gave for " + DataErrors.name(dataset));
      }
    }
  }

  /** Reads samples and makes a batch of them. */
  static HostBatch gather(
      Dataset dataset, long[] indices, EpochContext epoch, Collate collate, HostArrays arrays) {
    if (collate == StackCollate.INSTANCE && dataset instanceof BulkDataset bulk) {
      return readBulk(bulk, indices, epoch, arrays).ofSamples(indices);
    }
    List<Sample> samples = new ArrayList<>(indices.length);
    for (long index : indices) {
      samples.add(read(dataset, index, epoch));
    }
    return collate(samples, indices, collate, arrays);
  }

  private static HostBatch readBulk(
      BulkDataset dataset, long[] indices, EpochContext epoch, HostArrays arrays) {
    try {
      return dataset.getBatch(indices, arrays);
    } catch (Exception | AssertionError | LinkageError e) {
      throw DataErrors.bulkFailed(dataset, indices, epoch, e);
    }
  }

  private static Sample read(Dataset dataset, long index, EpochContext epoch) {
    Sample sample;
    try {
      sample = dataset.get(index, epoch.random(index));
    } catch (Exception | AssertionError | LinkageError e) {
      if (e instanceof FulgurException known && known.id() == ErrorId.NULL_SAMPLE) {
        throw known;
      }
      throw DataErrors.sampleFailed(dataset, index, epoch, e);
    }
    return DataErrors.checkNotNull(sample, dataset, index);
  }

  /** Makes a batch of samples; {@code indices} tell which these are. */
  static HostBatch collate(
      List<Sample> samples, long[] indices, Collate collate, HostArrays arrays) {
    return collated(samples, indices, collate, arrays).ofSamples(indices);
  }

  private static HostBatch collated(
      List<Sample> samples, long[] indices, Collate collate, HostArrays arrays) {
    if (collate instanceof StackCollate stack) {
      return stack.collate(samples, indices, arrays);
    }
    HostBatch batch;
    try {
      batch = collate.collate(samples, arrays);
    } catch (Exception | AssertionError | LinkageError e) {
      throw new FulgurException(
          ErrorId.COLLATE_FAILED,
          ("The collate function failed on samples %s. Mend it, or make these samples alike "
                  + "with map(...).\n   %s")
              .formatted(Arrays.toString(indices), e),
          e);
    }
    if (batch == null) {
      throw new FulgurException(
          ErrorId.COLLATE_FAILED,
          "The collate function returned null for samples %s. It must return a batch."
              .formatted(Arrays.toString(indices)));
    }
    return batch;
  }
}
