package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import java.util.Iterator;
import java.util.List;

/** An iterable data set whose samples pass through a function. */
record MappedIterableDataset(IterableDataset base, RandomTransform transform)
    implements IterableDataset, StatefulParts.Composed {
  private static final String INDEX = "index";

  @Override
  public List<?> parts() {
    return List.of(base);
  }

  @Override
  public String toString() {
    return DataErrors.name(base) + ".map(...)";
  }

  @Override
  public Iterator<Sample> iterator(EpochContext epoch) {
    Iterator<Sample> samples = base.iterator(epoch);
    boolean stateful = samples instanceof Stateful || !StatefulParts.of(base).isEmpty();
    return stateful ? new StatefulSamples(epoch, samples) : new Samples(epoch, samples);
  }

  private class Samples implements CloseableIterator<Sample> {
    final Iterator<Sample> samples;
    long index;
    private final EpochContext epoch;

    Samples(EpochContext epoch, Iterator<Sample> samples) {
      this.epoch = epoch;
      this.samples = samples;
    }

    @Override
    public boolean hasNext() {
      return samples.hasNext();
    }

    @Override
    public Sample next() {
      return transform.apply(samples.next(), epoch.random(index++));
    }

    @Override
    public void close() throws Exception {
      CloseableIterator.close(samples);
    }
  }

  /** Stands where the samples do, and knows how many there were: random numbers depend on that. */
  private final class StatefulSamples extends Samples implements Stateful {
    StatefulSamples(EpochContext epoch, Iterator<Sample> samples) {
      super(epoch, samples);
    }

    @Override
    public State state() {
      State.Builder place = IteratorPlace.of(samples);
      return place.put(INDEX, index).build();
    }

    @Override
    public void loadState(State state) {
      index = state.longValue(INDEX);
      IteratorPlace.restore(samples, state, base);
    }
  }
}
