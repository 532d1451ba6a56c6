package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

/**
 * The arithmetic of optimizers and clipping on a {@link FlatBuffer}.
 *
 * @since 0.1
 */
public final class OptimizerKernels {
  private OptimizerKernels() {}

  /**
   * Runs one of the {@link OptimizerOperators}.
   *
   * @param attributes as the operator says, {@link Operators#NONE} by default
   * @param changed the values, and the state in the operator's order
   * @param scalars as the operator says
   */
  public static void step(
      Operator step, Object attributes, View gradient, View[] changed, double... scalars) {
    Calls.into(step, attributes, new View[] {gradient}, changed, scalars);
  }

  /** Returns the sum of squares of a run, in double precision. */
  public static double sumOfSquares(View run) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Tensor squares = alias(run).square();
      Tensor sum = squares.sum();
      double result = sum.item();
      squares.release();
      sum.release();
      return result;
    }
  }

  /** Returns whether all of a run's gradients are finite. */
  public static boolean isFinite(View gradient) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      // Infinity and NaN times 0 are NaN, and so is any sum with them.
      Tensor zeros = alias(gradient).mul(0);
      Tensor sum = zeros.sum();
      double result = sum.item();
      zeros.release();
      sum.release();
      return result == 0;
    }
  }

  /**
   * Moves values a part of the way to others, in one kernel: {@code values += weight (towards -
   * values)}.
   */
  public static void approach(View values, View towards, double weight) {
    // A step of gradient descent on |values - towards|² / 2: the gradient is values - towards.
    Calls.into(
        OptimizerOperators.SGD_STEP,
        NONE,
        new View[] {towards},
        new View[] {values},
        /* gradientFactor */ -1,
        /* weightDecay */ 1,
        weight,
        /* momentum */ 0,
        /* dampening */ 0,
        /* nesterov */ 0,
        /* firstStep */ 1);
  }

  /** Multiplies a run by a number. */
  public static void scale(View run, double factor) {
    Calls.into(Operators.AFFINE, NONE, new View[] {run}, new View[] {run}, factor, 0);
  }

  /** Limits each element of a run to {@code [-limit, limit]}. */
  public static void clamp(View run, double limit) {
    Calls.into(Operators.CLAMP, NONE, new View[] {run}, new View[] {run}, -limit, limit);
  }

  static Tensor alias(View view) {
    view.storage().retain();
    return new Tensor(view, "FlatBuffer");
  }
}
