package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** Batches of consecutive indices of a sampler. */
record ChunkSampler(Sampler sampler, int batchSize, boolean dropLast)
    implements BatchSampler, StatefulParts.Composed {
  @Override
  public List<?> parts() {
    return List.of(sampler);
  }

  @Override
  public String toString() {
    return DataErrors.name(sampler);
  }

  @Override
  public OptionalLong length() {
    long size = sampler.size();
    return OptionalLong.of(dropLast ? size / batchSize : (size + batchSize - 1) / batchSize);
  }

  @Override
  public Iterator<long[]> batches(EpochContext epoch) {
    PrimitiveIterator.OfLong indices = sampler.indices(epoch);
    return indices instanceof Stateful stateful
        ? new StatefulChunks(indices, stateful)
        : new Chunks(indices);
  }

  private class Chunks implements Iterator<long[]> {
    private final PrimitiveIterator.OfLong indices;
    private long @Nullable [] upcoming;

    Chunks(PrimitiveIterator.OfLong indices) {
      this.indices = indices;
    }

    private long[] read() {
      long[] batch = new long[batchSize];
      int count = 0;
      while (count < batchSize && indices.hasNext()) {
        batch[count++] = indices.nextLong();
      }
      if (count == batchSize) {
        return batch;
      }
      return dropLast ? new long[0] : Arrays.copyOf(batch, count);
    }

    private long[] peek() {
      if (upcoming == null) {
        upcoming = read();
      }
      return upcoming;
    }

    @Override
    public boolean hasNext() {
      return peek().length > 0;
    }

    @Override
    public long[] next() {
      long[] batch = peek();
      if (batch.length == 0) {
        throw new NoSuchElementException();
      }
      upcoming = null;
      return batch;
    }
  }

  /** Stands where its indices do, as long as nobody has looked whether there are more. */
  private final class StatefulChunks extends Chunks implements Stateful {
    private final Stateful indices;

    StatefulChunks(PrimitiveIterator.OfLong indices, Stateful state) {
      super(indices);
      this.indices = state;
    }

    @Override
    public State state() {
      return indices.state();
    }

    @Override
    public void loadState(State state) {
      indices.loadState(state);
    }
  }
}
