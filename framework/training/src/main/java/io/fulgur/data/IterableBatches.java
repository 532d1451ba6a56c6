package io.fulgur.data;

import io.fulgur.checkpoint.State;
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
    IterableDataset dataset,
    int batchSize,
    boolean dropLast,
    Collate collate,
    HostArrays arrays,
    StatefulParts parts)
    implements EpochSource {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);
  private static final String SAMPLES = "samples";

  static IterableBatches of(
      IterableDataset dataset, int batchSize, boolean dropLast, Collate collate) {
    return new IterableBatches(
        dataset, batchSize, dropLast, collate, new HostArrays(), StatefulParts.of(dataset));
  }

  @Override
  public String kind() {
    return "a stream of samples";
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
    return OptionalLong.empty();
  }

  @Override
  public EpochPlan open(EpochContext epoch, EpochStart start) {
    State place = start.position();
    if (place != null) {
      return new Plan(epoch, start.batches(), /* toSkip= */ 0, place);
    }
    if (start.batches() > 0) {
      LOG.warn(
          "{} of epoch {} is read again up to batch {}, to go on there. That is right if it gives"
              + " the same samples again; an iterator that is Stateful goes on at once",
          DataErrors.name(dataset),
          epoch.epoch(),
          start.batches());
    }
    return new Plan(epoch, /* first= */ 0, start.batches(), null);
  }

  private final class Plan extends EpochPlan {
    private final EpochContext epoch;
    private final @Nullable State place;
    private @Nullable Iterator<Sample> samples;
    private long position;

    Plan(EpochContext epoch, long first, long toSkip, @Nullable State place) {
      super(epoch, first, toSkip);
      this.epoch = epoch;
      this.place = place;
      this.position = place == null ? 0 : place.longValue(SAMPLES);
    }

    private Iterator<Sample> begin() {
      Iterator<Sample> iterator = dataset.iterator(epoch);
      // Before its state is restored, which may fail, so that it is closed.
      samples = iterator;
      if (place != null) {
        IteratorPlace.restore(iterator, place, dataset);
      }
      return iterator;
    }

    @Override
    SourceMark mark() {
      Iterator<Sample> iterator = samples;
      State.Builder now = iterator == null ? null : IteratorPlace.of(iterator, !parts.isEmpty());
      return now == null
          ? SourceMark.NONE
          : SourceMark.of(parts.state(), now.put(SAMPLES, position).build());
    }

    @Override
    @Nullable Supplier<HostBatch> read() {
      List<Sample> batch = new ArrayList<>(batchSize);
      try {
        Iterator<Sample> iterator = samples == null ? begin() : samples;
        while (batch.size() < batchSize && iterator.hasNext()) {
          batch.add(checked(iterator.next()));
          position++;
        }
      } catch (Exception | AssertionError | LinkageError e) {
        if (e instanceof FulgurException known
            && (known.id() == ErrorId.NULL_SAMPLE || known.id() == ErrorId.STATE_MISMATCH)) {
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
      } catch (Exception | AssertionError | LinkageError e) {
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
