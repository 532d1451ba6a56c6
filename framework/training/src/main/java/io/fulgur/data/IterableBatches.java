package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batches of a data set that is read in its own order. */
record IterableBatches(
    IterableDataset dataset, int batchSize, boolean dropLast, Collate collate, HostArrays arrays)
    implements EpochSource {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);

  @Override
  public OptionalLong length() {
    return OptionalLong.empty();
  }

  @Override
  public EpochPlan open(EpochContext epoch, long skipped) {
    return new Plan(epoch, skipped);
  }

  private final class Plan extends EpochPlan {
    private final EpochContext epoch;
    private @Nullable Iterator<Sample> samples;
    private long position;

    Plan(EpochContext epoch, long skipped) {
      super(epoch, /* first= */ 0, skipped);
      this.epoch = epoch;
    }

    @Override
    @Nullable Supplier<HostBatch> read() {
      List<Sample> batch = new ArrayList<>(batchSize);
      try {
        if (samples == null) {
          samples = dataset.iterator(epoch);
        }
        while (batch.size() < batchSize && samples.hasNext()) {
          batch.add(checked(samples.next()));
          position++;
        }
      } catch (Exception | AssertionError | LinkageError e) {
        if (e instanceof FulgurException known && known.id() == ErrorId.NULL_SAMPLE) {
          throw known;
        }
        throw DataErrors.iterationFailed(dataset, position, epoch, e);
      }
      if (batch.isEmpty() || (dropLast && batch.size() < batchSize)) {
        checkEnd();
        return null;
      }
      long first = position - batch.size();
      long[] indices = LongStream.range(first, position).toArray();
      return () -> DatasetBatches.collate(batch, indices, collate, arrays);
    }

    @Override
    void close() {
      if (samples == null) {
        return;
      }
      try {
        CloseableIterator.close(samples);
      } catch (Exception e) {
        // All batches that anyone wanted have been made.
        LOG.warn("The iterator of {} could not be closed", DataErrors.name(dataset), e);
      }
    }

    private Sample checked(@Nullable Sample sample) {
      if (sample == null) {
        throw new FulgurException(
            ErrorId.NULL_SAMPLE,
            "The iterator of %s returned null as sample %d. End it with hasNext() instead."
                .formatted(DataErrors.name(dataset), position));
      }
      return sample;
    }

    private void checkEnd() {
      if (position == 0) {
        throw DataErrors.empty(DataErrors.name(dataset));
      }
      if (position < batchSize && dropLast) {
        throw DataErrors.allDropped(position, batchSize);
      }
    }
  }
}
