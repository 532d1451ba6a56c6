package io.fulgur.tensor.cpu;

/**
 * Sums over arrays in eight partial sums, so that additions do not wait for one another and
 * rounding errors stay small; and maxima.
 */
final class Sums {
  private Sums() {}

  /** Returns the sum of numbers. */
  static float sum(float[] x, int from, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    int end = from + n;
    for (; i <= end - 8; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    for (; i < end; i++) {
      s0 += x[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** Returns the sum of products. */
  static float dot(float[] x, int fromX, float[] y, int fromY, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i <= n - 8; i += 8) {
      int p = fromX + i;
      int q = fromY + i;
      s0 += x[p] * y[q];
      s1 += x[p + 1] * y[q + 1];
      s2 += x[p + 2] * y[q + 2];
      s3 += x[p + 3] * y[q + 3];
      s4 += x[p + 4] * y[q + 4];
      s5 += x[p + 5] * y[q + 5];
      s6 += x[p + 6] * y[q + 6];
      s7 += x[p + 7] * y[q + 7];
    }
    for (; i < n; i++) {
      s0 += x[fromX + i] * y[fromY + i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** So few numbers are compared one by one. */
  private static final int FEW = 64;

  /**
   * Returns the largest number, NaN if there is one; of none, negative infinity.
   *
   * <p>How: the upper half is folded onto the lower one, as vectors, until few are left. These are
   * compared as integers in the same order: comparing numbers takes a branch each, which the
   * processor cannot foresee.
   */
  static float max(float[] x, int from, int n, Scratch s) {
    int largest = ordered(Float.floatToIntBits(Float.NEGATIVE_INFINITY));
    for (int i = 0; i < n; i += Scratch.BLOCK) {
      int m = Math.min(Scratch.BLOCK, n - i);
      largest = Math.max(largest, m > FEW ? folded(x, from + i, m, s) : key(x, from + i, m));
    }
    return Float.intBitsToFloat(ordered(largest));
  }

  private static int folded(float[] x, int from, int n, Scratch s) {
    System.arraycopy(x, from, s.block, 0, n);
    int length = n;
    while (length > FEW) {
      int half = length / 2;
      System.arraycopy(s.block, length - half, s.sums, 0, half);
      BinaryKernels.maximum(s.block, s.sums, s.block, half);
      length -= half;
    }
    return key(s.block, 0, length);
  }

  private static int key(float[] x, int from, int n) {
    int largest = Integer.MIN_VALUE;
    for (int i = from; i < from + n; i++) {
      largest = Math.max(largest, ordered(Float.floatToIntBits(x[i])));
    }
    return largest;
  }

  /** Turns a number's bits into an integer that is larger where the number is, and back. */
  private static int ordered(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
