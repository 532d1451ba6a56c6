package io.fulgur.nn.optimizer;

import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adaptive steps with little memory: of the squares of a matrix's gradients only the means of rows
 * and columns are kept.
 *
 * <p>At a parameter's step {@code t}, with {@code g = grad} and {@code beta2 = 1 - t^decayRate}:
 * {@code v = beta2 · v + (1 - beta2) · (g² + epsilon)}, of which a parameter of two dimensions or
 * more keeps the means over its last and its last but one, {@code r} and {@code c}, and takes
 * {@code r c / mean(r)} for {@code v}. With {@code u = g / √v} and {@code rms} the root of the mean
 * square of a parameter: {@code w -= rate · (u / max(1, rms(u) / clippingThreshold) + weightDecay ·
 * w)}.
 *
 * <p>{@code rate} is the learning rate, times {@code min(1e-2, 1 / √t)} with the relative step (or
 * {@code min(1e-6 t, 1 / √t)} with its warm-up), times {@code max(minScale, rms(w))} where steps
 * are scaled by the parameter. A first moment of the updates is kept where {@code beta1} is above
 * 0.
 *
 * <p>Defaults: learning rate 1, relative step and scaling by the parameter on, warm-up off, epsilon
 * 1e-30, minimal scale 1e-3, clipping threshold 1, decay rate -0.8, beta1 0, weight decay 0.
 * Without the relative step, choose a learning rate.
 *
 * <p>N. Shazeer, M. Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", ICML
 * 2018; numbers and options are those of the transformers library, which has no learning rate with
 * the relative step.
 *
 * @since 0.1
 */
public final class Adafactor extends AbstractOptimizer<Adafactor> {
  private static final String EPSILON = "epsilon";
  private static final String MIN_SCALE = "minScale";
  private static final String CLIPPING_THRESHOLD = "clippingThreshold";
  private static final String DECAY_RATE = "decayRate";
  private static final String BETA1 = "beta1";
  private static final String SCALE_PARAMETER = "scaleParameter";
  private static final String RELATIVE_STEP = "relativeStep";
  private static final String WARMUP_INIT = "warmupInit";
  private static final String ROWS = "rows";
  private static final String COLUMNS = "columns";
  private static final String SQUARES = "squares";
  private static final String MOMENTUM = "momentum";

  private Adafactor(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 1,
        /* weightDecay= */ 0,
        Hyperparameter.positive(EPSILON, 1e-30),
        Hyperparameter.nonNegative(MIN_SCALE, 1e-3),
        Hyperparameter.positive(CLIPPING_THRESHOLD, 1),
        new Hyperparameter(DECAY_RATE, -0.8, value -> value < 0, "below 0"),
        Hyperparameter.fraction(BETA1, 0),
        Hyperparameter.flag(SCALE_PARAMETER, true),
        Hyperparameter.flag(RELATIVE_STEP, true),
        Hyperparameter.flag(WARMUP_INIT, false));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static Adafactor of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static Adafactor of(ParameterGroup... groups) {
    return new Adafactor(List.of(groups));
  }

  /** Sets what is added to the squares of gradients, above 0. */
  public Adafactor epsilon(double value) {
    return set(EPSILON, value);
  }

  /** Sets the smallest scale of a parameter that steps are scaled by, 0 or more. */
  public Adafactor minScale(double value) {
    return set(MIN_SCALE, value);
  }

  /** Sets the root of the mean square to which an update is cut, above 0. */
  public Adafactor clippingThreshold(double value) {
    return set(CLIPPING_THRESHOLD, value);
  }

  /** Sets how the decay of the squares grows with the number of steps, below 0. */
  public Adafactor decayRate(double value) {
    return set(DECAY_RATE, value);
  }

  /** Sets the decay rate of the first moment, from 0, which is without one, to below 1. */
  public Adafactor beta1(double value) {
    return set(BETA1, value);
  }

  /** Sets whether steps are scaled by the size of the parameter. */
  public Adafactor scaleParameter(boolean value) {
    return set(SCALE_PARAMETER, value);
  }

  /** Sets whether the learning rate is multiplied by one that falls with the number of steps. */
  public Adafactor relativeStep(boolean value) {
    return set(RELATIVE_STEP, value);
  }

  /** Sets whether the relative step begins small. */
  public Adafactor warmupInit(boolean value) {
    return set(WARMUP_INIT, value);
  }

  @Override
  protected boolean stepsEachParameterAlone() {
    return true;
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return hyperparameters.getOrDefault(BETA1, 0.0) == 0 ? Set.of() : Set.of(MOMENTUM);
  }

  @Override
  protected Map<String, Shape> stateShapes(Map<String, Double> hyperparameters, Shape parameter) {
    return isFactored(parameter)
        ? Map.of(ROWS, parameter.without(-1), COLUMNS, parameter.without(-2))
        : Map.of(SQUARES, parameter);
  }

  private static boolean isFactored(Shape parameter) {
    return parameter.rank() >= 2;
  }

  @Override
  protected void check(ParameterGroup group) {
    if (group.isSet(WARMUP_INIT) && !group.isSet(RELATIVE_STEP)) {
      throw contradiction("warmupInit is of the relative step, which is off; set relativeStep.");
    }
  }

  @Override
  protected void update(ParameterRun run) {
    ParameterGroup group = run.group();
    Shape shape = run.values().shape();
    boolean factored = isFactored(shape);
    boolean keepsMomentum = group.get(BETA1) != 0;
    List<Tensor> state = new ArrayList<>(3);
    if (factored) {
      state.add(run.state(ROWS, shape.without(-1)));
      state.add(run.state(COLUMNS, shape.without(-2)));
    } else {
      state.add(run.state(SQUARES, shape));
    }
    if (keepsMomentum) {
      state.add(run.state(MOMENTUM));
    }
    run.apply(
        OptimizerOperators.ADAFACTOR_STEP,
        new OptimizerOperators.Adafactor(factored, keepsMomentum),
        state,
        gradientFactor(run),
        /* penalty */ 0,
        learningRate(run) * relativeStep(run),
        /* beta2 */ 1 - Math.pow((double) run.step(), group.get(DECAY_RATE)),
        group.get(EPSILON),
        group.get(MIN_SCALE),
        group.get(CLIPPING_THRESHOLD),
        group.get(SCALE_PARAMETER),
        group.get(BETA1),
        weightDecay(run));
  }

  private static double relativeStep(ParameterRun run) {
    if (!run.group().isSet(RELATIVE_STEP)) {
      return 1;
    }
    double step = (double) run.step();
    double most = run.group().isSet(WARMUP_INIT) ? 1e-6 * step : 1e-2;
    return Math.min(most, 1 / Math.sqrt(step));
  }
}
