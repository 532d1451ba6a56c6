package io.fulgur.data;

import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** An iterable data set whose samples are drawn from a buffer. */
record ShuffledIterableDataset(IterableDataset base, int bufferSize) implements IterableDataset {
  @Override
  public String toString() {
    return DataErrors.name(base) + ".shuffle(" + bufferSize + ")";
  }

  @Override
  public Iterator<Sample> iterator(EpochContext epoch) {
    Iterator<Sample> samples = base.iterator(epoch);
    Generator random = epoch.random();
    List<Sample> buffer = new ArrayList<>();
    return new CloseableIterator<>() {
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
    };
  }
}
