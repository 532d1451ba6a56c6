package io.fulgur.data;

import java.util.Iterator;

/** An iterable data set whose samples pass through a function. */
record MappedIterableDataset(IterableDataset base, RandomTransform transform)
    implements IterableDataset {
  @Override
  public String toString() {
    return DataErrors.name(base) + ".map(...)";
  }

  @Override
  public Iterator<Sample> iterator(EpochContext epoch) {
    Iterator<Sample> samples = base.iterator(epoch);
    return new CloseableIterator<>() {
      private long index;

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
    };
  }
}
