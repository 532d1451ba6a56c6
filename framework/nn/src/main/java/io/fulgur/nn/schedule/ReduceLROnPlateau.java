package io.fulgur.nn.schedule;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.Map;

/**
 * Multiplies the learning rate by {@code factor} when a monitored value has not become better for
 * more than {@code patience} steps, as {@code torch.optim.lr_scheduler.ReduceLROnPlateau}.
 *
 * <pre>{@code
 * ReduceLROnPlateau schedule = ReduceLROnPlateau.of(optimizer).patience(3).build();
 * schedule.step(validationLoss);
 * }</pre>
 *
 * <p>Better is, for the best value {@code b} so far: below {@code b · (1 - threshold)}, or, in
 * absolute mode, below {@code b - threshold}; of a value that is to grow, above {@code b · (1 +
 * threshold)} or {@code b + threshold}. NaN is never better. After a reduction, the next {@code
 * cooldown} steps do not count as without progress. A learning rate never goes below its minimum,
 * and stays if it would change by {@code epsilon} or less.
 *
 * @since 0.1
 */
public final class ReduceLROnPlateau extends LearningRateScheduler {
  private static final String BEST = "best";
  private static final String BAD_STEPS = "badSteps";
  private static final String COOLDOWN = "cooldown";

  private final double[] minLearningRates;
  private final double factor;
  private final long patience;
  private final long cooldown;
  private final Improvement improvement;
  private final double epsilon;
  private double best;
  private long badSteps;
  private long cooldownLeft;

  /**
   * Which values are better.
   *
   * @since 0.1
   */
  public enum Mode {
    /** Smaller ones, as of a loss. */
    MIN,
    /** Larger ones, as of an accuracy. */
    MAX
  }

  /**
   * What the threshold is measured by.
   *
   * @since 0.1
   */
  public enum ThresholdMode {
    /** The best value. */
    RELATIVE,
    /** Nothing. */
    ABSOLUTE
  }

  /** Tells which value is better. */
  private record Improvement(Mode mode, double threshold, ThresholdMode thresholdMode) {
    double worst() {
      return mode == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    boolean isBetter(double value, double best) {
      double signed = mode == Mode.MIN ? -threshold : threshold;
      double limit = thresholdMode == ThresholdMode.RELATIVE ? best * (1 + signed) : best + signed;
      return mode == Mode.MIN ? value < limit : value > limit;
    }
  }

  private ReduceLROnPlateau(Builder options) {
    super(options.optimizer);
    require(
        options.factor >= 0 && options.factor < 1,
        "ReduceLROnPlateau: factor is " + options.factor + "; allowed is from 0 to below 1.");
    nonNegative("patience", (double) options.patience);
    nonNegative("cooldown", (double) options.cooldown);
    nonNegative("threshold", options.threshold);
    nonNegative("epsilon", options.epsilon);
    minLearningRates =
        PerGroup.of(
            optimizer(),
            "ReduceLROnPlateau",
            "minLearningRate",
            options.minLearningRates,
            v -> v >= 0,
            "a finite number, 0 or more");
    factor = options.factor;
    patience = options.patience;
    cooldown = options.cooldown;
    improvement = new Improvement(options.mode, options.threshold, options.thresholdMode);
    epsilon = options.epsilon;
    best = improvement.worst();
  }

  private static void nonNegative(String name, double value) {
    require(
        value >= 0 && Double.isFinite(value),
        "ReduceLROnPlateau: %s is %s; allowed is a finite number, 0 or more."
            .formatted(name, value));
  }

  /** Returns a builder. */
  public static Builder of(Optimizer optimizer) {
    return new Builder(optimizer);
  }

  /** Returns the best value so far; infinity, with the sign of the worst, before the first. */
  public double best() {
    return best;
  }

  /**
   * Looks at a new value, and reduces the learning rates if it is time to.
   *
   * @param value e.g. the loss of a validation
   */
  public void step(double value) {
    if (improvement.isBetter(value, best)) {
      best = value;
      badSteps = 0;
    } else {
      badSteps++;
    }
    if (cooldownLeft > 0) {
      cooldownLeft--;
      badSteps = 0;
    }
    advance();
  }

  /**
   * Says that a value is needed.
   *
   * @throws FulgurException always
   */
  @Override
  public void step() {
    throw new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "ReduceLROnPlateau follows a monitored value: call step(value), or name the value with"
            + " OptimizerPlan.withScheduler(scheduler, monitor).");
  }

  @Override
  protected void apply(long steps) {
    if (badSteps <= patience) {
      return;
    }
    for (int g = 0; g < minLearningRates.length; g++) {
      ParameterGroup group = optimizer().groups().get(g);
      double before = group.learningRate();
      double reduced = Math.max(before * factor, minLearningRates[g]);
      if (before - reduced > epsilon) {
        group.scheduleLearningRate(reduced);
      }
    }
    cooldownLeft = cooldown;
    badSteps = 0;
  }

  @Override
  protected void save(Map<String, Double> state) {
    state.put(BEST, best);
    state.put(BAD_STEPS, (double) badSteps);
    state.put(COOLDOWN, (double) cooldownLeft);
  }

  @Override
  protected boolean accepts(Map<String, Double> state) {
    return isCount(state, BAD_STEPS)
        && isCount(state, COOLDOWN)
        && !Double.isNaN(state.getOrDefault(BEST, Double.NaN));
  }

  @Override
  protected void load(Map<String, Double> state) {
    best = state.getOrDefault(BEST, improvement.worst());
    badSteps = state.getOrDefault(BAD_STEPS, 0.0).longValue();
    cooldownLeft = state.getOrDefault(COOLDOWN, 0.0).longValue();
  }

  @Override
  String stateNote() {
    return "; best may be any number";
  }

  /**
   * Collects the options of a {@link ReduceLROnPlateau}; the defaults are PyTorch's.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final Optimizer optimizer;
    private Mode mode = Mode.MIN;
    private double factor = 0.1;
    private long patience = 10;
    private double threshold = 1e-4;
    private ThresholdMode thresholdMode = ThresholdMode.RELATIVE;
    private long cooldown;
    private double[] minLearningRates = {0};
    private double epsilon = 1e-8;

    private Builder(Optimizer optimizer) {
      this.optimizer = optimizer;
    }

    /** Sets which values are better; {@link Mode#MIN} by default. */
    public Builder mode(Mode value) {
      mode = value;
      return this;
    }

    /** Sets what the learning rate is multiplied by, from 0 to below 1; 0.1 by default. */
    public Builder factor(double value) {
      factor = value;
      return this;
    }

    /** Sets how many steps without progress are let pass, 0 or more; 10 by default. */
    public Builder patience(long value) {
      patience = value;
      return this;
    }

    /** Sets how much better a value must be to count, 0 or more; 1e-4 by default. */
    public Builder threshold(double value) {
      threshold = value;
      return this;
    }

    /** Sets what the threshold is measured by; {@link ThresholdMode#RELATIVE} by default. */
    public Builder thresholdMode(ThresholdMode value) {
      thresholdMode = value;
      return this;
    }

    /** Sets how many steps after a reduction do not count, 0 or more; 0 by default. */
    public Builder cooldown(long value) {
      cooldown = value;
      return this;
    }

    /** Sets the lowest learning rate, of all groups or each, 0 or more; 0 by default. */
    public Builder minLearningRate(double... values) {
      minLearningRates = values.clone();
      return this;
    }

    /** Sets the change of a learning rate that is not worth it, 0 or more; 1e-8 by default. */
    public Builder epsilon(double value) {
      epsilon = value;
      return this;
    }

    /**
     * Makes the schedule.
     *
     * @throws FulgurException if an option is not allowed
     */
    public ReduceLROnPlateau build() {
      return new ReduceLROnPlateau(this);
    }
  }
}
