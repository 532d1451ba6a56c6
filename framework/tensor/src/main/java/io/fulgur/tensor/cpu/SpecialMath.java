package io.fulgur.tensor.cpu;

/**
 * Special functions of a double, to about 1e-15.
 *
 * <p>The gamma functions move their argument up by the recurrence to where the asymptotic series
 * holds (Abramowitz and Stegun, 6.1.41, 6.3.18, 6.4.12), and reflect negative ones. The error
 * functions are a power series near 0 and Lentz's continued fraction further out (7.1.5, 7.1.14).
 */
final class SpecialMath {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double SQRT_PI = Math.sqrt(Math.PI);
  private static final double ASYMPTOTIC = 12;
  private static final double SERIES = 2;

  private SpecialMath() {}

  static double lgamma(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Math.abs(x);
    }
    if (x <= 0) {
      return x == Math.rint(x)
          ? Double.POSITIVE_INFINITY
          : Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x - Math.rint(x))))) - lgamma(1 - x);
    }
    double product = 1;
    double z = x;
    while (z < ASYMPTOTIC) {
      product *= z;
      z += 1;
    }
    double r = 1 / (z * z);
    double series =
        (1.0 / 12
                - r
                    * (1.0 / 360
                        - r
                            * (1.0 / 1260
                                - r * (1.0 / 1680 - r * (1.0 / 1188 - r * 691 / 360360)))))
            / z;
    return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + series - Math.log(product);
  }

  static double digamma(double x) {
    if (x == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, -x);
    }
    if (x < 0) {
      double fraction = x - Math.rint(x);
      return fraction == 0 || Double.isInfinite(x)
          ? Double.NaN
          : digamma(1 - x) - Math.PI / Math.tan(Math.PI * fraction);
    }
    double shift = 0;
    double z = x;
    while (z < ASYMPTOTIC) {
      shift += 1 / z;
      z += 1;
    }
    double r = 1 / (z * z);
    double series =
        r
            * (1.0 / 12
                - r
                    * (1.0 / 120
                        - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * 691 / 32760)))));
    return Math.log(z) - 0.5 / z - series - shift;
  }

  static double trigamma(double x) {
    if (x <= 0) {
      double fraction = x - Math.rint(x);
      double sine = Math.sin(Math.PI * fraction);
      return fraction == 0
          ? Double.POSITIVE_INFINITY
          : Math.PI * Math.PI / (sine * sine) - trigamma(1 - x);
    }
    double shift = 0;
    double z = x;
    while (z < ASYMPTOTIC) {
      shift += 1 / (z * z);
      z += 1;
    }
    double r = 1 / (z * z);
    double series =
        r
            * (1.0 / 6
                - r
                    * (1.0 / 30
                        - r * (1.0 / 42 - r * (1.0 / 30 - r * (5.0 / 66 - r * 691 / 2730)))));
    return shift + (1 + 0.5 / z + series) / z;
  }

  static double erf(double x) {
    double size = Math.abs(x);
    if (size < SERIES) {
      return series(x);
    }
    return Math.copySign(1 - tail(size), x);
  }

  static double erfc(double x) {
    if (Math.abs(x) < 0.5) {
      return 1 - series(x);
    }
    if (x > 0) {
      return x < SERIES ? 1 - series(x) : tail(x);
    }
    return Double.isNaN(x) ? x : 2 - erfc(-x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / SQRT_PI * sum;
  }

  /** Returns erfc of a number from 2 on, or NaN. */
  private static double tail(double x) {
    if (!(x < 30)) {
      return Double.isNaN(x) ? x : 0;
    }
    // exp(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), from the far end.
    double fraction = x;
    for (int n = 120; n > 0; n--) {
      fraction = x + 0.5 * n / fraction;
    }
    return Math.exp(-x * x) / (SQRT_PI * fraction);
  }

  /** Halley's method from a first guess of S. Winitzki. */
  static double erfinv(double y) {
    double size = Math.abs(y);
    if (!(size < 1)) {
      return size == 1 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
    }
    double log = Math.log1p(-y * y);
    double a = 0.147;
    double b = 2 / (Math.PI * a) + log / 2;
    double x = Math.sqrt(Math.sqrt(b * b - log / a) - b);
    for (int i = 0; i < 4; i++) {
      double error = size < 0.5 ? erf(x) - size : (1 - size) - erfc(x);
      double step = error * SQRT_PI / 2 * Math.exp(x * x);
      x -= step / (1 + x * step);
    }
    return Math.copySign(x, y);
  }
}
