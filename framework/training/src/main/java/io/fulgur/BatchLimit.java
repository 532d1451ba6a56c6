package io.fulgur;

/**
 * How many batches of a dataloader are used: a count or a fraction of all.
 *
 * @param count the number of batches; -1 if a fraction is meant
 * @param fraction the fraction of all batches; ignored if a count is meant
 * @since 0.1
 */
public record BatchLimit(int count, double fraction) {
  /** All batches. */
  public static final BatchLimit ALL = new BatchLimit(-1, 1.0);

  /** Limits to a number of batches. */
  public static BatchLimit count(int count) {
    return new BatchLimit(Math.max(count, 0), 0);
  }

  /** Limits to a fraction of all batches, rounded down. */
  public static BatchLimit fraction(double fraction) {
    return new BatchLimit(-1, fraction);
  }

  /** Limits to a count, an {@link Integer}, or a fraction. */
  static BatchLimit of(Number limit) {
    return limit instanceof Integer count ? count(count) : fraction(limit.doubleValue());
  }

  /** Returns what {@link #of} makes this limit of. */
  Number number() {
    return isCount() ? (Number) count : (Number) fraction;
  }

  /** Returns whether a number of batches is meant. */
  public boolean isCount() {
    return count >= 0;
  }

  /** Returns whether nothing is to be run. */
  public boolean isZero() {
    return isCount() ? count == 0 : fraction == 0;
  }

  /** Returns e.g. {@code 7 batches} or {@code 25 %}. */
  @Override
  public String toString() {
    if (isCount()) {
      return count == 1 ? "1 batch" : count + " batches";
    }
    return 100 * fraction == Math.rint(100 * fraction)
        ? (int) (100 * fraction) + " %"
        : 100 * fraction + " %";
  }
}
