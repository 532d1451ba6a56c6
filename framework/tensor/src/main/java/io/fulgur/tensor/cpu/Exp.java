package io.fulgur.tensor.cpu;

/**
 * The exponential function in single precision, several times faster than {@link Math#exp}.
 *
 * <p>How: {@code exp(x) = 2^k exp(r)} with {@code k = round(x / ln 2)} and {@code |r| <= ln 2 / 2};
 * {@code exp(r)} by the polynomial of S. Moshier's Cephes library (expf), {@code 2^k} by setting
 * the exponent bits. The error is below 2 units in the last place.
 */
final class Exp {
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -0.00021219444f;
  private static final float LARGEST = 88.72283f;
  private static final float SMALLEST = -103.97f;

  private Exp() {}

  static float exp(float x) {
    if (!(x < LARGEST)) {
      return x >= LARGEST ? (x > LARGEST ? Float.POSITIVE_INFINITY : (float) Math.exp(x)) : x;
    }
    if (x < SMALLEST) {
      return 0;
    }
    int k = (int) Math.floor(x * LOG2_E + 0.5f);
    float r = x - k * LN2_HIGH - k * LN2_LOW;
    float p = 0.00019875691f;
    p = p * r + 0.0013981999f;
    p = p * r + 0.008333452f;
    p = p * r + 0.041665796f;
    p = p * r + 0.16666666f;
    p = p * r + 0.5f;
    float value = p * r * r + r + 1;
    // Two factors, so that results below the smallest normal number come out right.
    int half = k >> 1;
    return value * power(half) * power(k - half);
  }

  private static float power(int k) {
    return Float.intBitsToFloat((k + 127) << 23);
  }
}
