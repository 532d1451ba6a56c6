package io.fulgur.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** Batches of consecutive indices of a sampler. */
record ChunkSampler(Sampler sampler, int batchSize, boolean dropLast) implements BatchSampler {
  @Override
  public OptionalLong length() {
    long size = sampler.size();
    return OptionalLong.of(dropLast ? size / batchSize : (size + batchSize - 1) / batchSize);
  }

  @Override
  public Iterator<long[]> batches(EpochContext epoch) {
    PrimitiveIterator.OfLong indices = sampler.indices(epoch);
    return new Iterator<>() {
      private long @Nullable [] upcoming;

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
    };
  }
}
