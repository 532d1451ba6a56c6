package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;

/** Data sets and samplers of users that know where they are. */
final class StatefulSources {
  private StatefulSources() {}

  /** Numbers without end, which go on over epochs. */
  static final class Topic implements IterableDataset, Stateful {
    private final Consumer<State> listener;
    private long offset;

    Topic() {
      this(state -> {});
    }

    /** Tells of each state that is loaded. */
    Topic(Consumer<State> listener) {
      this.listener = listener;
    }

    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return true;
        }

        @Override
        public Sample next() {
          return Sample.of("x", offset++);
        }
      };
    }

    @Override
    public State state() {
      return State.builder().put("offset", offset).build();
    }

    @Override
    public void loadState(State state) {
      listener.accept(state);
      offset = state.longValue("offset");
    }
  }

  /** Numbers up to a size, anew in each epoch, by iterators that can be put anywhere. */
  record Seekable(long size) implements IterableDataset {
    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return new Cursor(size, epoch.epoch());
    }
  }

  private static final class Cursor implements Iterator<Sample>, Stateful {
    private final long size;
    private final long epoch;
    private long next;

    Cursor(long size, long epoch) {
      this.size = size;
      this.epoch = epoch;
    }

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public Sample next() {
      return Sample.of("x", 100 * epoch + next++);
    }

    @Override
    public State state() {
      return State.builder().put("next", next).build();
    }

    @Override
    public void loadState(State state) {
      next = state.longValue("next");
    }
  }

  /** Indices 0 to 9 over and over, from where the epoch before has ended. */
  static final class Round implements Sampler, Stateful {
    private long given;

    @Override
    public long size() {
      return 10;
    }

    @Override
    public PrimitiveIterator.OfLong indices(EpochContext epoch) {
      return new PrimitiveIterator.OfLong() {
        @Override
        public boolean hasNext() {
          return true;
        }

        @Override
        public long nextLong() {
          return given++ % 7;
        }
      };
    }

    @Override
    public State state() {
      return State.builder().put("given", given).build();
    }

    @Override
    public void loadState(State state) {
      given = state.longValue("given");
    }
  }

  /** A sampler whose iterators find their place by a number that only they know. */
  static final class Stride implements Sampler {
    @Override
    public long size() {
      return 22;
    }

    @Override
    public PrimitiveIterator.OfLong indices(EpochContext epoch) {
      return new Strider(epoch.epoch());
    }
  }

  private static final class Strider implements PrimitiveIterator.OfLong, Stateful {
    private long index;
    private int given;

    Strider(long first) {
      index = first;
    }

    @Override
    public boolean hasNext() {
      return given < 22;
    }

    @Override
    public long nextLong() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      given++;
      index = (index * 5 + 3) % 23;
      return index;
    }

    @Override
    public State state() {
      return State.builder().put("index", index).put("given", given).build();
    }

    @Override
    public void loadState(State state) {
      index = state.longValue("index");
      given = state.intValue("given");
    }
  }

  /** Batches that grow from epoch to epoch. */
  static final class Growing implements BatchSampler, Stateful {
    private int batches;

    @Override
    public OptionalLong length() {
      return OptionalLong.empty();
    }

    @Override
    public Iterator<long[]> batches(EpochContext epoch) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return true;
        }

        @Override
        public long[] next() {
          long[] batch = new long[1 + batches / 3];
          for (int i = 0; i < batch.length; i++) {
            batch[i] = ((long) batches + i) % 10;
          }
          batches++;
          return batch;
        }
      };
    }

    @Override
    public State state() {
      return State.builder().put("batches", batches).build();
    }

    @Override
    public void loadState(State state) {
      batches = state.intValue("batches");
    }
  }

  /** Samples that tell how many were read before; for one thread. */
  static final class Counter implements Dataset, Stateful {
    private long reads;

    @Override
    public long size() {
      return 10;
    }

    @Override
    public Sample get(long index) {
      return Sample.of("x", 100 * index + reads++);
    }

    @Override
    public State state() {
      return State.builder().put("reads", reads).build();
    }

    @Override
    public void loadState(State state) {
      reads = state.longValue("reads");
    }
  }
}
