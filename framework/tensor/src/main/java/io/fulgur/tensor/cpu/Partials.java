package io.fulgur.tensor.cpu;

import java.util.Arrays;

/** Sums down columns in a number of parts that follows from the size alone. */
final class Partials {
  private static final int ELEMENTS_IN_A_PART = 1 << 16;
  private static final int MOST_PARTS = 16;

  private final int rows;
  private final float[][] parts;

  Partials(int rows, int width) {
    this(rows, width, width);
  }

  /**
   * @param rows to be shared
   * @param width of a row
   * @param sums that a part has, at least one for each element of a row
   */
  Partials(int rows, int width, int sums) {
    this.rows = rows;
    long wanted = (long) rows * width / ELEMENTS_IN_A_PART;
    parts = new float[(int) Math.max(1, Math.min(Math.min(rows, MOST_PARTS), wanted))][sums];
  }

  int parts() {
    return parts.length;
  }

  /** Returns the first row of a part. */
  int first(int part) {
    return (int) ((long) part * rows / parts.length);
  }

  float[] cleared(int part) {
    Arrays.fill(parts[part], 0);
    return parts[part];
  }

  /** Adds all parts up, in the first one. */
  float[] sum() {
    for (int part = 1; part < parts.length; part++) {
      for (int i = 0; i < parts[0].length; i++) {
        parts[0][i] += parts[part][i];
      }
    }
    return parts[0];
  }
}
