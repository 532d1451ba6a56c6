package io.fulgur.tensor.functional;

import io.fulgur.tensor.Generator;

/**
 * Draws indices by weight, and forgets some of them, in logarithmic time each.
 *
 * <p>How: a binary tree in an array, each node the sum of the weights below it; a draw walks down
 * from the root. P. Fenwick's and others' idea; sums are made anew from below at each change, so
 * that no rounding error is left behind where weights were removed.
 */
final class Multinomial {
  private final double[] sums;
  private final int leaves;
  private int positive;

  Multinomial(double[] weights) {
    leaves = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * weights.length - 1)));
    sums = new double[2 * leaves];
    for (int i = 0; i < weights.length; i++) {
      Arguments.require(
          weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY,
          "multinomial needs finite weights >= 0, but got %s at index %d.",
          weights[i],
          i);
      sums[leaves + i] = weights[i];
      positive += weights[i] > 0 ? 1 : 0;
    }
    for (int i = leaves - 1; i > 0; i--) {
      sums[i] = sums[2 * i] + sums[2 * i + 1];
    }
  }

  void requireEnough(int draws, boolean replacement) {
    Arguments.require(
        draws == 0 || positive > 0, "multinomial needs a weight above 0, but all are 0.");
    Arguments.require(
        replacement || draws <= positive,
        "multinomial cannot draw %d of %d weights above 0 without replacement.",
        draws,
        positive);
  }

  int draw(Generator generator) {
    double rest = generator.nextDouble() * sums[1];
    int node = 1;
    while (node < leaves) {
      int left = 2 * node;
      // An empty right side is never taken, whatever rounding has done to the rest.
      if (rest < sums[left] || sums[left + 1] == 0) {
        node = left;
      } else {
        rest -= sums[left];
        node = left + 1;
      }
    }
    return node - leaves;
  }

  void remove(int index) {
    int node = leaves + index;
    sums[node] = 0;
    for (node /= 2; node > 0; node /= 2) {
      sums[node] = sums[2 * node] + sums[2 * node + 1];
    }
  }
}
