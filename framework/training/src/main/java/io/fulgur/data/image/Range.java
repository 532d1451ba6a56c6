package io.fulgur.data.image;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;

/** An interval from which numbers are drawn uniformly. */
record Range(double from, double to) {
  static Range of(String option, double from, double to, double least, double most) {
    if (!(least <= from && from <= to && to <= most)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          from == to
              ? "%s is %s. It must be from %s to %s.".formatted(option, from, least, most)
              : "%s is from %s to %s. It must be an interval within %s to %s."
                  .formatted(option, from, to, least, most));
    }
    return new Range(from, to);
  }

  /** Returns the interval around 1 of factors that vary by {@code strength}; none is negative. */
  static Range aroundOne(String option, double strength) {
    of(option, strength, strength, 0, Double.MAX_VALUE);
    return new Range(Math.max(0, 1 - strength), 1 + strength);
  }

  double draw(Generator random) {
    return from + (to - from) * random.nextDouble();
  }

  Range log() {
    return new Range(Math.log(from), Math.log(to));
  }
}
