package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** An iterable data set whose samples are drawn from a buffer. */
record ShuffledIterableDataset(IterableDataset base, int bufferSize)
    implements IterableDataset, StatefulParts.Composed {
  private static final String START = "start";
  private static final String SOURCE = "source";
  private static final String DRAWN = "drawn";

  @Override
  public List<?> parts() {
    return List.of(base);
  }

  @Override
  public String toString() {
    return DataErrors.name(base) + ".shuffle(" + bufferSize + ")";
  }

  @Override
  public Iterator<Sample> iterator(EpochContext epoch) {
    StatefulParts parts = StatefulParts.of(base);
    State source = parts.state();
    Iterator<Sample> samples = base.iterator(epoch);
    return samples instanceof Stateful || !parts.isEmpty()
        ? new StatefulSamples(epoch, samples, parts, source)
        : new Samples(epoch, samples);
  }

  private class Samples implements CloseableIterator<Sample> {
    Iterator<Sample> samples;
    private final Generator random;
    private final List<Sample> buffer = new ArrayList<>();

    Samples(EpochContext epoch, Iterator<Sample> samples) {
      this.random = epoch.random();
      this.samples = samples;
    }

    @Override
    public boolean hasNext() {
      return !buffer.isEmpty() || samples.hasNext();
    }

    @Override
    public Sample next() {
      while (buffer.size() < bufferSize && samples.hasNext()) {
        buffer.add(samples.next());
      }
      if (buffer.isEmpty()) {
        return samples.next();
      }
      int drawn = (int) random.nextLong(buffer.size());
      Sample sample = buffer.get(drawn);
      Sample last = buffer.remove(buffer.size() - 1);
      if (drawn < buffer.size()) {
        buffer.set(drawn, last);
      }
      return sample;
    }

    @Override
    public void close() throws Exception {
      CloseableIterator.close(samples);
    }
  }

  /**
   * Knows where the samples of the epoch began and how many were drawn, and goes on by drawing
   * those again: a sample may stay in the buffer for any time, and what is in it cannot be saved.
   */
  private final class StatefulSamples extends Samples implements Stateful {
    private final EpochContext epoch;
    private final StatefulParts parts;
    private State source;
    private State start;
    private long drawn;

    StatefulSamples(
        EpochContext epoch, Iterator<Sample> samples, StatefulParts parts, State source) {
      super(epoch, samples);
      this.epoch = epoch;
      this.parts = parts;
      this.source = source;
      this.start = place();
    }

    private State place() {
      return IteratorPlace.of(samples).build();
    }

    @Override
    public Sample next() {
      Sample sample = super.next();
      drawn++;
      return sample;
    }

    @Override
    public State state() {
      return State.builder().child(SOURCE, source).child(START, start).put(DRAWN, drawn).build();
    }

    @Override
    public void loadState(State state) {
      source = state.child(SOURCE);
      start = state.child(START);
      if (!parts.isEmpty()) {
        close(samples);
        parts.load(source, DataErrors.name(base));
        samples = base.iterator(epoch);
      }
      IteratorPlace.restore(samples, start, base);
      for (long left = state.longValue(DRAWN); left > 0 && hasNext(); left--) {
        next();
      }
    }

    private static void close(Iterator<Sample> samples) {
      try {
        CloseableIterator.close(samples);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
