package io.fulgur.tensor.cpu;

/**
 * Functions for the loops of kernels in single precision, beside those of {@link VectorExp}.
 *
 * <p>How: only additions, products, quotients, minima and maxima, which HotSpot turns into vector
 * instructions where they stand in a loop. {@code tanh} and {@code erf} are quotients of
 * polynomials, fitted to the interval outside of which the function is ±1 in single precision; the
 * coefficients are those of the Eigen library (generic_fast_tanh_float, generic_fast_erf_float).
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // The shortest that give the same floats.
final class VectorMath {
  private static final float TANH_LIMIT = 7.905311f;
  private static final float ERF_LIMIT = 4f;
  static final float SQRT_HALF = 0.70710677f;

  /** Whose square times the smallest number is above 1. */
  private static final float HUGE = 1e30f;

  private VectorMath() {}

  /** Returns 1 for a positive number, 0 for others; NaN stays. For choosing without a branch. */
  static float step(float x) {
    return Math.min(Math.max(x * HUGE * HUGE, 0), 1);
  }

  /** Returns the hyperbolic tangent, relatively exact also near 0. */
  static float tanh(float value) {
    float x = Math.min(Math.max(value, -TANH_LIMIT), TANH_LIMIT);
    float s = x * x;
    float p = -2.7607684e-16f;
    p = p * s + 2.000188e-13f;
    p = p * s - 8.604672e-11f;
    p = p * s + 5.1222973e-8f;
    p = p * s + 1.48572235e-5f;
    p = p * s + 6.3726195e-4f;
    p = p * s + 4.8935246e-3f;
    float q = 1.1982584e-6f;
    q = q * s + 1.1853471e-4f;
    q = q * s + 2.2684347e-3f;
    q = q * s + 4.893525e-3f;
    return x * p / q;
  }

  /** Returns the error function. */
  static float erf(float value) {
    float x = Math.min(Math.max(value, -ERF_LIMIT), ERF_LIMIT);
    float s = x * x;
    float p = -2.7261424e-10f;
    p = p * s + 2.7706815e-8f;
    p = p * s - 2.101024e-6f;
    p = p * s - 5.6925062e-5f;
    p = p * s - 7.3499064e-4f;
    p = p * s - 2.9546e-3f;
    p = p * s - 1.6096033e-2f;
    float q = -1.45660715e-5f;
    q = q * s - 2.1337405e-4f;
    q = q * s - 1.682827e-3f;
    q = q * s - 7.3733293e-3f;
    q = q * s - 1.4264739e-2f;
    return x * p / q;
  }

  /** Returns {@code exp(x) - 1} of a number that is not positive, exact near 0. */
  static float expm1(float x) {
    float t = tanh(0.5f * x);
    return 2 * t / (1 - t);
  }

  /** Returns {@code log(1 + z)} of a number in {@code [0, 1]}. */
  static float log1p(float z) {
    // 2 artanh(s) with s = z / (2 + z) in [0, 1/3].
    float s = z / (2 + z);
    float q = s * s;
    float p = 1f / 15;
    p = p * q + 1f / 13;
    p = p * q + 1f / 11;
    p = p * q + 1f / 9;
    p = p * q + 1f / 7;
    p = p * q + 1f / 5;
    p = p * q + 1f / 3;
    return 2 * s + 2 * s * q * p;
  }
}
