package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import org.jspecify.annotations.Nullable;

/**
 * Lets the learning rate go up and down between two limits evenly, again and again, and the
 * momentum the other way, as {@code torch.optim.lr_scheduler.CyclicLR}. Step it after every batch.
 *
 * <pre>{@code
 * CyclicLR.of(optimizer, 1e-4, 1e-2).stepSizeUp(500).mode(CyclicLR.Mode.TRIANGULAR2).build()
 * }</pre>
 *
 * <p>{@code learningRate = base + (max - base) · height · scale}, where {@code height} rises from 0
 * to 1 in {@code stepSizeUp} steps and falls back in {@code stepSizeDown}, and {@code scale} is the
 * {@link Mode}'s. Momentum is {@code momentum} or, of optimizers of Adam's family, {@code beta1}.
 *
 * <p>L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017.
 *
 * @since 0.1
 */
public final class CyclicLR extends LearningRateScheduler {
  private final double[] baseLearningRates;
  private final double[] maxLearningRates;
  private final long cycleSteps;
  private final double partUp;
  private final Mode mode;
  private final double gamma;
  private final @Nullable MomentumCycle momentum;

  /**
   * How the cycles change in height.
   *
   * @since 0.1
   */
  public enum Mode {
    /** All cycles are equally high. */
    TRIANGULAR,
    /** Each cycle is half as high as the one before. */
    TRIANGULAR2,
    /** The height shrinks by {@code gamma} at every step. */
    EXP_RANGE
  }

  private CyclicLR(Builder options) {
    super(options.optimizer);
    long up = options.stepSizeUp;
    long down = options.stepSizeDown == null ? up : options.stepSizeDown;
    require(up > 0, "CyclicLR: stepSizeUp is " + up + "; allowed is 1 or more.");
    require(down > 0, "CyclicLR: stepSizeDown is " + down + "; allowed is 1 or more.");
    require(
        options.gamma > 0 && options.gamma <= 1,
        "CyclicLR: gamma is " + options.gamma + "; allowed is above 0, at most 1.");
    baseLearningRates = rates("baseLearningRate", options.baseLearningRates);
    maxLearningRates = rates("maxLearningRate", options.maxLearningRates);
    cycleSteps = up + down;
    partUp = (double) up / cycleSteps;
    mode = options.mode;
    gamma = options.gamma;
    momentum =
        options.cycleMomentum
            ? new MomentumCycle(optimizer(), "CyclicLR", options.baseMomenta, options.maxMomenta)
            : null;
    start();
  }

  private double[] rates(String name, double[] given) {
    return PerGroup.of(
        optimizer(), "CyclicLR", name, given, v -> v >= 0, "a finite number, 0 or more");
  }

  /**
   * Returns a builder.
   *
   * @param baseLearningRate the lowest learning rate of all groups
   * @param maxLearningRate the highest learning rate of all groups
   */
  public static Builder of(Optimizer optimizer, double baseLearningRate, double maxLearningRate) {
    return new Builder(optimizer, baseLearningRate, maxLearningRate);
  }

  @Override
  protected void apply(long steps) {
    long cycle = steps / cycleSteps;
    double within = (double) (steps % cycleSteps) / cycleSteps;
    double height = within <= partUp ? within / partUp : (within - 1) / (partUp - 1);
    double scale =
        switch (mode) {
          case TRIANGULAR -> 1;
          case TRIANGULAR2 -> Math.pow(0.5, (double) cycle);
          case EXP_RANGE -> Math.pow(gamma, (double) steps);
        };
    for (int g = 0; g < maxLearningRates.length; g++) {
      ParameterGroup group = optimizer().groups().get(g);
      double range = maxLearningRates[g] - baseLearningRates[g];
      group.scheduleLearningRate(baseLearningRates[g] + range * height * scale);
      if (momentum != null) {
        double depth = momentum.highest(g) - momentum.lowest(g);
        momentum.set(group, momentum.highest(g) - depth * height * scale);
      }
    }
  }

  /**
   * Collects the options of a {@link CyclicLR}; the defaults are PyTorch's.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final Optimizer optimizer;
    private double[] baseLearningRates;
    private double[] maxLearningRates;
    private long stepSizeUp = 2000;
    private @Nullable Long stepSizeDown;
    private Mode mode = Mode.TRIANGULAR;
    private double gamma = 1;
    private boolean cycleMomentum = true;
    private double[] baseMomenta = {0.8};
    private double[] maxMomenta = {0.9};

    private Builder(Optimizer optimizer, double baseLearningRate, double maxLearningRate) {
      this.optimizer = optimizer;
      this.baseLearningRates = new double[] {baseLearningRate};
      this.maxLearningRates = new double[] {maxLearningRate};
    }

    /** Sets the lowest learning rate of each group. */
    public Builder baseLearningRates(double... values) {
      baseLearningRates = values.clone();
      return this;
    }

    /** Sets the highest learning rate of each group. */
    public Builder maxLearningRates(double... values) {
      maxLearningRates = values.clone();
      return this;
    }

    /** Sets how many steps the way up takes, 1 or more; 2000 by default. */
    public Builder stepSizeUp(long value) {
      stepSizeUp = value;
      return this;
    }

    /** Sets how many steps the way down takes, 1 or more; as many as the way up by default. */
    public Builder stepSizeDown(long value) {
      stepSizeDown = value;
      return this;
    }

    /** Sets how the cycles change in height; {@link Mode#TRIANGULAR} by default. */
    public Builder mode(Mode value) {
      mode = value;
      return this;
    }

    /**
     * Sets by what the height shrinks in {@link Mode#EXP_RANGE}; above 0, at most 1, 1 by default.
     */
    public Builder gamma(double value) {
      gamma = value;
      return this;
    }

    /** Sets whether the momentum is moved, too; it is by default. */
    public Builder cycleMomentum(boolean value) {
      cycleMomentum = value;
      return this;
    }

    /** Sets the lowest momentum, of all groups or each; from 0 to below 1, 0.8 by default. */
    public Builder baseMomentum(double... values) {
      baseMomenta = values.clone();
      return this;
    }

    /** Sets the highest momentum, of all groups or each; from 0 to below 1, 0.9 by default. */
    public Builder maxMomentum(double... values) {
      maxMomenta = values.clone();
      return this;
    }

    /**
     * Makes the schedule.
     *
     * @throws io.fulgur.error.FulgurException if an option is not allowed, or the optimizer has no
     *     momentum to cycle
     */
    public CyclicLR build() {
      return new CyclicLR(this);
    }
  }
}
