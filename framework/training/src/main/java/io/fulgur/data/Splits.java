package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Divides data sets at random. */
final class Splits {
  private static final double TOLERANCE = 1e-6;

  private Splits() {}

  static long[] sizes(long size, double... fractions) {
    double sum = Arrays.stream(fractions).sum();
    boolean allPositive = Arrays.stream(fractions).allMatch(fraction -> fraction > 0);
    if (!allPositive || Math.abs(sum - 1) > TOLERANCE) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The fractions of a split are %s, whose sum is %s. Each must be positive and their sum 1."
              .formatted(Arrays.toString(fractions), sum));
    }
    // A fraction such as 0.29 is not exact, so 0.29 * 100 must not become 28.
    long[] sizes =
        Arrays.stream(fractions).mapToLong(f -> (long) Math.floor(f * size + TOLERANCE)).toArray();
    long rest = size - Arrays.stream(sizes).sum();
    for (int i = 0; i < rest; i++) {
      sizes[i % sizes.length]++;
    }
    return sizes;
  }

  static List<Dataset> split(Dataset dataset, long seed, long... sizes) {
    long size = dataset.size();
    boolean allPositive = Arrays.stream(sizes).allMatch(part -> part > 0);
    if (!allPositive || Arrays.stream(sizes).sum() != size) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          ("A split of %d samples into parts of %s is not possible. Each part needs at least "
                  + "one sample and their sum must be %d.")
              .formatted(size, Arrays.toString(sizes), size));
    }
    long[] order = permutation(size, new Generator(seed));
    List<Dataset> parts = new ArrayList<>();
    int start = 0;
    for (long part : sizes) {
      int end = start + (int) part;
      parts.add(Subset.of(dataset, Arrays.copyOfRange(order, start, end)));
      start = end;
    }
    return List.copyOf(parts);
  }

  /** Returns 0 to {@code size - 1} in random order. */
  static long[] permutation(long size, Generator random) {
    long[] order = new long[Math.toIntExact(size)];
    // Fisher and Yates, from the inside out.
    for (int i = 0; i < order.length; i++) {
      int j = (int) random.nextLong(i + 1L);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
