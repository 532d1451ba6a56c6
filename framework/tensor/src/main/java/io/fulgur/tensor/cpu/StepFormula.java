package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;

/** The arithmetic of an optimizer's step on a block of single-precision numbers. */
@FunctionalInterface
interface StepFormula {
  /**
   * Computes a block.
   *
   * @param call has the scalars of the step
   * @param p the values, which change
   * @param g the gradient, which may be overwritten
   * @param s the first vector of state, which changes, as {@code t} and {@code u}, the second and
   *     third, if there are so many
   */
  void apply(OpCall call, float[] p, float[] g, float[] s, float[] t, float[] u, int n);
}
