package io.fulgur.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The samples of a stream. */
record StreamDataset(Callable<? extends Stream<Sample>> source) implements IterableDataset {
  @Override
  public Iterator<Sample> iterator(EpochContext epoch) {
    Stream<Sample> stream;
    try {
      stream = source.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    Iterator<Sample> samples = stream.iterator();
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return samples.hasNext();
      }

      @Override
      public Sample next() {
        return samples.next();
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }

  @Override
  public String toString() {
    return "stream";
  }
}
