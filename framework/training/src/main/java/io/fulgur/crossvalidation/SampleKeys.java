package io.fulgur.crossvalidation;

import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.tensor.DType;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Numbers the values that samples have under a name, such as classes or groups. */
final class SampleKeys {
  private final int[] ofSample;
  private final int[] ranks;

  private SampleKeys(int[] ofSample, int[] ranks) {
    this.ofSample = ofSample;
    this.ranks = ranks;
  }

  /**
   * Reads the values.
   *
   * @throws io.fulgur.error.FulgurException if a sample has no such value, or not a single number
   */
  static SampleKeys of(Dataset dataset, String name) {
    int[] ofSample = new int[Math.toIntExact(dataset.size())];
    Map<Double, Integer> known = new HashMap<>();
    for (int i = 0; i < ofSample.length; i++) {
      ofSample[i] = known.computeIfAbsent(value(dataset, name, i), key -> known.size());
    }
    int[] ranks = new int[known.size()];
    int rank = 0;
    for (int key : new TreeMap<>(known).values()) {
      ranks[key] = rank++;
    }
    return new SampleKeys(ofSample, ranks);
  }

  private static double value(Dataset dataset, String name, int index) {
    HostArray array = dataset.get(index).get(name);
    if (array.elements() != 1 || array.dtype() == DType.BOOL) {
      throw KFold.invalid(
          "sample %d has %s under \"%s\". Folds need a single number there; add one with map(sample -> sample.with(...))."
              .formatted(index, array, name));
    }
    return array.get(0);
  }

  /** Returns the number of each sample's value, in the order in which values first occur. */
  int[] ofSample() {
    return ofSample;
  }

  /** Returns how many values there are. */
  int count() {
    return ranks.length;
  }

  /** Returns the place of a value in ascending order. */
  int rank(int key) {
    return ranks[key];
  }

  /** Returns how many samples have each value. */
  int[] frequencies() {
    int[] counts = new int[ranks.length];
    for (int key : ofSample) {
      counts[key]++;
    }
    return counts;
  }
}
