package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Every so many-th index of another sampler. */
record DistributedSampler(Sampler sampler, int replicas, int rank, long size)
    implements Sampler, StatefulParts.Composed {
  private static final String GIVEN = "given";
  private static final String INDICES = "indices";

  @Override
  public List<?> parts() {
    return List.of(sampler);
  }

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
    PrimitiveIterator.OfLong all = sampler.indices(epoch);
    return all instanceof Stateful ? new StatefulPart(epoch, all) : new Part(epoch, all);
  }

  private class Part implements PrimitiveIterator.OfLong {
    private final EpochContext epoch;
    PrimitiveIterator.OfLong all;
    long given;

    Part(EpochContext epoch, PrimitiveIterator.OfLong all) {
      this.epoch = epoch;
      this.all = all;
    }

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
  }

  /** One whose indices can tell where they are. */
  private final class StatefulPart extends Part implements Stateful {
    StatefulPart(EpochContext epoch, PrimitiveIterator.OfLong all) {
      super(epoch, all);
    }

    @Override
    public State state() {
      return State.builder().put(GIVEN, given).child(INDICES, ((Stateful) all).state()).build();
    }

    @Override
    public void loadState(State state) {
      given = state.longValue(GIVEN);
      ((Stateful) all).loadState(state.child(INDICES));
    }
  }
}
