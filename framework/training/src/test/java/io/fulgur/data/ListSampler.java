package io.fulgur.data;

import java.util.Arrays;
import java.util.PrimitiveIterator;

/** Gives these indices in every epoch. */
final class ListSampler implements Sampler {
  private final long[] indices;

  ListSampler(long... indices) {
    this.indices = indices;
  }

  @Override
  public long size() {
    return indices.length;
  }

  @Override
  public PrimitiveIterator.OfLong indices(EpochContext epoch) {
    return Arrays.stream(indices).iterator();
  }
}
