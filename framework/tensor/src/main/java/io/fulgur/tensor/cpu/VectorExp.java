package io.fulgur.tensor.cpu;

/**
 * Exponential, logistic function and hyperbolic tangent of many numbers, in single precision.
 *
 * <p>How: as {@link Exp}, {@code exp(x) = 2^k exp(r)}, but arranged so that HotSpot turns every
 * loop into vector instructions, about six times faster. It does that neither for branches nor for
 * conversions between numbers and bits. So {@code k} is rounded by adding {@code 1.5 · 2^23}, after
 * which the sum's lowest bits are {@code k}; and the sums are read as integers, and the integers
 * that are the bits of {@code 2^k} as numbers again, by copying them through native memory. Nor
 * does it where arrays are read from different places at once, so each block is copied to the
 * beginning of an array first.
 *
 * <p>Errors are below 3 units in the last place. Results of {@link #exp} below {@code 2^-126} are
 * 0, above {@code 2^127.5} infinite. NaN stays NaN.
 */
final class VectorExp {
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -0.00021219444f;
  private static final float ROUNDER = 0x1.8p23f;

  /** Where k becomes -127, whose power's bits are those of 0. */
  private static final float SMALLEST = -88.02f;

  private static final float LARGEST = 88.72f;

  /** Where the result rounds to 1. */
  private static final float TANH_IS_ONE = 9.02f;

  private VectorExp() {}

  /** Replaces numbers by their exponentials. */
  static void exp(float[] x, int from, int n, Scratch s) {
    for (int i = 0; i < n; i += Scratch.BLOCK) {
      int m = Math.min(Scratch.BLOCK, n - i);
      System.arraycopy(x, from + i, s.block, 0, m);
      reduce(s.block, s.sums, m);
      powers(s, m);
      multiply(s.block, s.sums, m);
      System.arraycopy(s.block, 0, x, from + i, m);
    }
  }

  /** Replaces numbers by {@code 1 / (1 + exp(-x))}. */
  static void sigmoid(float[] x, int from, int n, Scratch s) {
    for (int i = 0; i < n; i += Scratch.BLOCK) {
      int m = Math.min(Scratch.BLOCK, n - i);
      System.arraycopy(x, from + i, s.block, 0, m);
      reduceNegative(s.block, s.sums, m);
      powers(s, m);
      finishSigmoid(s.block, s.sums, m);
      System.arraycopy(s.block, 0, x, from + i, m);
    }
  }

  /**
   * Replaces numbers by their hyperbolic tangents.
   *
   * <p>With {@code e = exp(2x) - 1} it is {@code e / (e + 2)}, accurate also near 0 because e is
   * computed as {@code 2^k (exp(r) - 1) + (2^k - 1)}.
   */
  static void tanh(float[] x, int from, int n, Scratch s) {
    for (int i = 0; i < n; i += Scratch.BLOCK) {
      int m = Math.min(Scratch.BLOCK, n - i);
      System.arraycopy(x, from + i, s.block, 0, m);
      reduceTwice(s.block, s.sums, m);
      powers(s, m);
      finishTanh(s.block, s.sums, m);
      System.arraycopy(s.block, 0, x, from + i, m);
    }
  }

  private static void reduce(float[] x, float[] sums, int n) {
    for (int i = 0; i < n; i++) {
      float c = Math.min(Math.max(x[i], SMALLEST), LARGEST);
      float sum = c * LOG2_E + ROUNDER;
      float k = sum - ROUNDER;
      float r = c - k * LN2_HIGH - k * LN2_LOW;
      sums[i] = sum;
      x[i] = 1 + expm1(r);
    }
  }

  private static void reduceNegative(float[] x, float[] sums, int n) {
    for (int i = 0; i < n; i++) {
      float c = Math.min(Math.max(-x[i], SMALLEST), LARGEST);
      float sum = c * LOG2_E + ROUNDER;
      float k = sum - ROUNDER;
      float r = c - k * LN2_HIGH - k * LN2_LOW;
      sums[i] = sum;
      x[i] = 1 + expm1(r);
    }
  }

  private static void reduceTwice(float[] x, float[] sums, int n) {
    for (int i = 0; i < n; i++) {
      float c = 2 * Math.min(Math.max(x[i], -TANH_IS_ONE), TANH_IS_ONE);
      float sum = c * LOG2_E + ROUNDER;
      float k = sum - ROUNDER;
      float r = c - k * LN2_HIGH - k * LN2_LOW;
      sums[i] = sum;
      x[i] = expm1(r);
    }
  }

  /** The polynomial of S. Moshier's Cephes library (expf), for {@code |r| <= ln 2 / 2}. */
  private static float expm1(float r) {
    float p = 0.00019875691f;
    p = p * r + 0.0013981999f;
    p = p * r + 0.008333452f;
    p = p * r + 0.041665796f;
    p = p * r + 0.16666666f;
    p = p * r + 0.5f;
    return p * r * r + r;
  }

  /** Turns {@code ROUNDER + k} into {@code 2^k}. */
  private static void powers(Scratch s, int n) {
    s.asFloats.put(0, s.sums, 0, n);
    s.asInts.get(0, s.ints, 0, n);
    bitsOfPowers(s.ints, n);
    s.asInts.put(0, s.ints, 0, n);
    s.asFloats.get(0, s.sums, 0, n);
  }

  private static void bitsOfPowers(int[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] + 127) << 23;
    }
  }

  private static void multiply(float[] x, float[] powers, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= powers[i];
    }
  }

  private static void finishSigmoid(float[] x, float[] powers, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = 1 / (1 + x[i] * powers[i]);
    }
  }

  private static void finishTanh(float[] x, float[] powers, int n) {
    for (int i = 0; i < n; i++) {
      float e = powers[i] * x[i] + (powers[i] - 1);
      x[i] = e / (e + 2);
    }
  }
}
