package io.fulgur.data;

import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/** All indices in order. */
record SequentialSampler(long size) implements Sampler {
  @Override
  public PrimitiveIterator.OfLong indices(EpochContext epoch) {
    return LongStream.range(0, size).iterator();
  }

  static long[] range(long size) {
    return LongStream.range(0, size).toArray();
  }
}
