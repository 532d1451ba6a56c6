package io.fulgur.data;

import java.util.Arrays;
import java.util.PrimitiveIterator;

/** All indices in random order. */
record RandomSampler(long size) implements Sampler {
  @Override
  public PrimitiveIterator.OfLong indices(EpochContext epoch) {
    return Arrays.stream(Splits.permutation(size, epoch.random())).iterator();
  }
}
