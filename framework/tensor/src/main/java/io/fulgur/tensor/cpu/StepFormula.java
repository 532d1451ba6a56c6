package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;

/** The arithmetic of an optimizer's step on a block of single-precision numbers. */
interface StepFormula {
  /** Takes over the scalars of a run, which may be shared by several threads. */
  void read(OpCall call);

  /**
   * Computes a block.
   *
   * @param p the values, which change
   * @param g the gradient, which may be overwritten
   * @param s the first vector of state, which changes, as {@code t} and {@code u}, the second and
   *     third, if there are so many
   */
  void apply(float[] p, float[] g, float[] s, float[] t, float[] u, int n);
}
