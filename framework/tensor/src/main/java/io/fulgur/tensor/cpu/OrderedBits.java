package io.fulgur.tensor.cpu;

/**
 * Integers in the order of the numbers whose bits they stand for: both zeros are 0, and a NaN is
 * larger than all. They can be compared and chosen from without branches, as vectors, which numbers
 * cannot.
 */
final class OrderedBits {
  private static final int INFINITY = 0x7F800000;
  private static final int NAN = 0x7FC00000;

  private OrderedBits() {}

  /** Replaces the bits of numbers by integers in their order. */
  static void of(int[] bits, int n) {
    for (int i = 0; i < n; i++) {
      int magnitude = bits[i] & Integer.MAX_VALUE;
      int sign = bits[i] >> 31;
      // All ones where the magnitude is above infinity.
      int nan = (INFINITY - magnitude) >> 31;
      bits[i] = (((magnitude ^ sign) - sign) & ~nan) | (NAN & nan);
    }
  }

  /** Undoes {@link #of}. What is below all numbers becomes negative infinity. */
  static void toBits(int[] ordered, int n) {
    for (int i = 0; i < n; i++) {
      int number = Math.max(ordered[i], -INFINITY);
      int sign = number >> 31;
      ordered[i] = ((number ^ sign) - sign) | (sign & Integer.MIN_VALUE);
    }
  }
}
