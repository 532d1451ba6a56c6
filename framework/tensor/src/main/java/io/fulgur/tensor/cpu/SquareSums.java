package io.fulgur.tensor.cpu;

import java.util.Arrays;

/**
 * A sum of squares that threads gather together. Each piece of the work has a sum of its own, and
 * these are added in order, so that the result does not depend on which thread did what.
 */
final class SquareSums {
  private final double[] pieces;

  SquareSums(int rows, int rowElements) {
    pieces = new double[Parallel.pieces(rows, rowElements)];
  }

  void clear() {
    Arrays.fill(pieces, 0);
  }

  void add(int piece, double sum) {
    pieces[piece] += sum;
  }

  double total() {
    double total = 0;
    for (double piece : pieces) {
      total += piece;
    }
    return total;
  }

  double norm() {
    return Math.sqrt(total());
  }

  /** Returns the sum of the squares of a block, overwriting {@code scratch}. */
  static double of(float[] x, int n, float[] scratch) {
    for (int i = 0; i < n; i++) {
      scratch[i] = x[i] * x[i];
    }
    return fold(scratch, n);
  }

  /**
   * Returns the sum of a block, overwriting it. Adding its upper half to its lower one, again and
   * again, is done in vectors, which adding one number after the other is not, and is more exact.
   */
  static double fold(float[] x, int n) {
    if (n == 0) {
      return 0;
    }
    int length = n;
    while (length > 1) {
      int upper = (length + 1) / 2;
      for (int i = 0; i < length - upper; i++) {
        x[i] += x[upper + i];
      }
      length = upper;
    }
    return x[0];
  }
}
