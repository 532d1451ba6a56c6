package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Every so many-th index of another sampler. */
record DistributedSampler(Sampler sampler, int replicas, int rank, long size) implements Sampler {
  static DistributedSampler of(Sampler sampler, int replicas, int rank, boolean dropLast) {
    DataErrors.checkPositive("replicas", replicas);
    if (rank < 0 || rank >= replicas) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "rank is %d. Of %d replicas it must be from 0 to %d."
              .formatted(rank, replicas, replicas - 1));
    }
    long all = sampler.size();
    long size = dropLast ? all / replicas : (all + replicas - 1) / replicas;
    if (size == 0) {
      throw new FulgurException(
          ErrorId.EMPTY_DATASET,
          "%d indices leave none for each of %d replicas. Use fewer replicas, or more data."
              .formatted(all, replicas));
    }
    return new DistributedSampler(sampler, replicas, rank, size);
  }

  @Override
  public PrimitiveIterator.OfLong indices(EpochContext epoch) {
    return new PrimitiveIterator.OfLong() {
      private PrimitiveIterator.OfLong all = sampler.indices(epoch);
      private long given;

      @Override
      public boolean hasNext() {
        return given < size;
      }

      @Override
      public long nextLong() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        for (int skipped = given == 0 ? rank : replicas - 1; skipped > 0; skipped--) {
          read();
        }
        given++;
        return read();
      }

      private long read() {
        if (!all.hasNext()) {
          all = sampler.indices(epoch);
        }
        return all.nextLong();
      }
    };
  }
}
