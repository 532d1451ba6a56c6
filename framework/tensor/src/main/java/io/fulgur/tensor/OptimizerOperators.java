package io.fulgur.tensor;

import io.fulgur.tensor.Operator.Output;

/**
 * The steps of optimizers, each one pass or two over a parameter's or a run's memory.
 *
 * <p>All take a gradient and write into the values and the state, vectors of one length; those that
 * say so take one parameter in its shape. All first form {@code g = s0 · grad + s1 · value}: {@code
 * s0} is 1, or -1 to maximize; {@code s1} is an L2 penalty, 0 where weights decay otherwise. What
 * is in brackets need not be there. Numbers that change from step to step, such as bias
 * corrections, are computed in double precision by the caller.
 *
 * <p>All are composite; see {@link Operators}.
 *
 * @since 0.1
 */
public final class OptimizerOperators {
  /**
   * {@code grad -> value[, momentum]}: s2 learningRate, s3 momentum, s4 dampening, s5 nesterov (0
   * or 1), s6 firstStep (0 or 1).
   *
   * <p>{@code m = s3 m + (1 - s4) g}, at the first step {@code m = g}; {@code value -= s2 (nesterov
   * ? g + s3 m : m)}; without momentum {@code value -= s2 g}.
   */
  public static final Operator SGD_STEP = step("sgdStep", OptimizerCompositions::sgd);

  /**
   * {@code grad -> value, firstMoment, secondMoment[, maxSecondMoment]}: s2 shrink, s3 beta1, s4
   * beta2, s5 gradientStep, s6 momentStep, s7 rootFactor, s8 epsilon.
   *
   * <p>{@code m = s3 m + (1 - s3) g}, {@code v = s4 v + (1 - s4) g²}, {@code value = s2 value - (s5
   * g + s6 m) / (s7 √v + s8)}, with the largest {@code v} so far under the root where that is kept.
   * Adam, AdamW, NAdam and RAdam differ in these numbers only.
   */
  public static final Operator ADAM_STEP = step("adamStep", OptimizerCompositions::adam);

  /**
   * {@code grad -> value, secondMoment[, mean][, momentum]}, with a {@link RmsProp} as attribute:
   * s2 learningRate, s3 alpha, s4 epsilon, s5 momentum.
   *
   * <p>{@code v = s3 v + (1 - s3) g²}, {@code a = s3 a + (1 - s3) g}, {@code d = g / (√(v - a²) +
   * s4)}, {@code m = s5 m + d}, {@code value -= s2 m}.
   */
  public static final Operator RMSPROP_STEP = step("rmspropStep", OptimizerCompositions::rmsprop);

  /**
   * {@code grad -> value, sum}: s2 learningRate, s3 epsilon, s4 what is added to the sum before.
   *
   * <p>{@code sum += s4 + g²}, {@code value -= s2 g / (√sum + s3)}.
   */
  public static final Operator ADAGRAD_STEP = step("adagradStep", OptimizerCompositions::adagrad);

  /**
   * {@code grad -> value, squares, updates}: s2 learningRate, s3 rho, s4 epsilon.
   *
   * <p>{@code v = s3 v + (1 - s3) g²}, {@code d = g √(u + s4) / √(v + s4)}, {@code u = s3 u + (1 -
   * s3) d²}, {@code value -= s2 d}.
   */
  public static final Operator ADADELTA_STEP =
      step("adadeltaStep", OptimizerCompositions::adadelta);

  /**
   * {@code grad -> value, momentum}: s2 learningRate, s3 beta1, s4 beta2, s5 shrink.
   *
   * <p>{@code value = s5 value - s2 sign(s3 m + (1 - s3) g)}, {@code m = s4 m + (1 - s4) g}.
   */
  public static final Operator LION_STEP = step("lionStep", OptimizerCompositions::lion);

  /**
   * {@code grad -> value[, momentum]} of one parameter: s2 to s6 as of {@link #SGD_STEP}, s7
   * trustCoefficient, s8 epsilon.
   *
   * <p>As {@link #SGD_STEP} with {@code g · s7 ‖value‖ / (‖grad‖ + s1 ‖value‖ + s8)} for {@code g},
   * or {@code g} itself where {@code s7} or one of the norms is 0.
   */
  public static final Operator LARS_STEP = step("larsStep", OptimizerCompositions::lars);

  /**
   * {@code grad -> value, firstMoment, secondMoment} of one parameter: s2 learningRate, s3 beta1,
   * s4 beta2, s5 momentFactor, s6 rootFactor, s7 epsilon, s8 weightDecay.
   *
   * <p>Moments as of {@link #ADAM_STEP}; {@code u = s5 m / (s6 √v + s7) + s8 value}, {@code value
   * -= s2 u ‖value‖ / ‖u‖}, or {@code s2 u} where one of the norms is 0.
   */
  public static final Operator LAMB_STEP = step("lambStep", OptimizerCompositions::lamb);

  /**
   * {@code grad[..., r, c] -> value[..., r, c], rows[..., r], columns[..., c][, momentum]} of one
   * parameter, or, not factored, {@code grad -> value, squares[, momentum]}, with an {@link
   * Adafactor} as attribute: s2 learningRate, s3 beta2, s4 epsilon, s5 minimum of the parameter's
   * scale, s6 clippingThreshold, s7 scaleParameter (0 or 1), s8 beta1, s9 weightDecay.
   *
   * <p>{@code v} is the mean of {@code g² + s4} with decay {@code s3}, of which the factored form
   * keeps the means of rows and columns: {@code v = rows columnsᵀ / mean(rows)}. {@code u = g / √v
   * / max(1, rms(g / √v) / s6) · rate}, where {@code rate = s2 max(s5, rms(value))} or {@code s2};
   * {@code m = s8 m + (1 - s8) u} takes the place of {@code u} where it is kept; {@code value -= s9
   * rate value + u}.
   */
  public static final Operator ADAFACTOR_STEP =
      step("adafactorStep", OptimizerCompositions::adafactor);

  private OptimizerOperators() {}

  /** Which state {@link #RMSPROP_STEP} has. */
  public record RmsProp(boolean centered, boolean momentum) {}

  /** Which state {@link #ADAFACTOR_STEP} has. */
  public record Adafactor(boolean factored, boolean momentum) {}

  private static Operator step(String name, Composition composition) {
    return Operator.of(name, OptimizerOperators::intoGiven, composition);
  }

  private static Output[] intoGiven(Object attributes, View[] in) {
    throw new IllegalStateException("This operator writes into memory that the caller gives");
  }
}
