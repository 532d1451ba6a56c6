package io.fulgur.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/** Data sets whose samples tell their index. */
final class TestDatasets {
  private TestDatasets() {}

  /** Samples {@code {x: index}}. */
  record Counting(long size) implements Dataset {
    @Override
    public Sample get(long index) {
      return Sample.of("x", index);
    }
  }

  /** Fails at one index. */
  record FailingAt(long size, long bad) implements Dataset {
    @Override
    public Sample get(long index) {
      if (index == bad) {
        throw new IllegalStateException("no image");
      }
      return Sample.of("x", index);
    }
  }

  /** The samples of {@link Counting} as a stream. */
  record CountingStream(long size) implements IterableDataset {
    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return LongStream.range(0, size).mapToObj(index -> Sample.of("x", index)).iterator();
    }
  }

  /** The samples of {@link Counting} in arrays. */
  static ArrayDataset counting(int size) {
    return ArrayDataset.of("x", HostArray.of(LongStream.range(0, size).toArray(), size));
  }

  /** Reads an epoch; one list of indices for each batch. */
  static List<List<Long>> read(DataLoader loader) {
    List<List<Long>> batches = new ArrayList<>();
    for (HostBatch batch : loader) {
      batches.add(indices(batch));
      batch.recycle();
    }
    return batches;
  }

  static List<Long> indices(HostBatch batch) {
    return Arrays.stream(batch.get("x").longs()).boxed().toList();
  }

  static List<Long> flat(List<List<Long>> batches) {
    return batches.stream().flatMap(List::stream).toList();
  }

  /** Returns the worker threads that live, of all loaders. */
  static List<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fulgur-data-worker-") && thread.isAlive())
        .toList();
  }
}
