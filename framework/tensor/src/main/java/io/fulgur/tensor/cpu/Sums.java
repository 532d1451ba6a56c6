package io.fulgur.tensor.cpu;

/**
 * Sums over arrays in eight partial sums, so that additions do not wait for one another and
 * rounding errors stay small.
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

  /** Returns the largest number; a NaN is passed over. */
  static float max(float[] x, int from, int n) {
    float m0 = Float.NEGATIVE_INFINITY;
    float m1 = m0;
    float m2 = m0;
    float m3 = m0;
    int i = from;
    int end = from + n;
    for (; i <= end - 4; i += 4) {
      m0 = x[i] > m0 ? x[i] : m0;
      m1 = x[i + 1] > m1 ? x[i + 1] : m1;
      m2 = x[i + 2] > m2 ? x[i + 2] : m2;
      m3 = x[i + 3] > m3 ? x[i + 3] : m3;
    }
    for (; i < end; i++) {
      m0 = x[i] > m0 ? x[i] : m0;
    }
    return Math.max(Math.max(m0, m1), Math.max(m2, m3));
  }
}
