package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import org.jspecify.annotations.Nullable;

/**
 * One cycle of the learning rate over a whole training: up from {@code max / divFactor} to {@code
 * max}, and down to {@code max / (divFactor · finalDivFactor)}, while the momentum goes the other
 * way, as {@code torch.optim.lr_scheduler.OneCycleLR}. Step it after every batch.
 *
 * <pre>{@code
 * OneCycleLR.of(optimizer, 0.1, batchesPerEpoch * epochs).pctStart(0.2).build()
 * }</pre>
 *
 * <p>The way up takes {@code pctStart} of the steps. In three phases, the way down first goes to
 * where the cycle began, as fast as up, and then to the end. Momentum is {@code momentum} or, of
 * optimizers of Adam's family, {@code beta1}. After {@code totalSteps} the numbers stay what they
 * are, where PyTorch's throws.
 *
 * <p>L. N. Smith, N. Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large
 * Learning Rates", 2018.
 *
 * @since 0.1
 */
public final class OneCycleLR extends LearningRateScheduler {
  private final double[] maxLearningRates;
  private final double divFactor;
  private final double finalDivFactor;
  private final AnnealStrategy annealStrategy;
  private final double[] phaseEnds;
  private final @Nullable MomentumCycle momentum;

  private OneCycleLR(Builder options) {
    super(options.optimizer);
    long totalSteps = options.totalSteps;
    require(totalSteps > 0, "OneCycleLR: totalSteps is " + totalSteps + "; allowed is 1 or more.");
    double pctStart = options.pctStart;
    double latest = options.threePhase ? 0.5 : 1;
    require(
        pctStart >= 0 && pctStart <= latest,
        "OneCycleLR: pctStart is " + pctStart + "; allowed is from 0 to " + latest + ".");
    positive("divFactor", options.divFactor);
    positive("finalDivFactor", options.finalDivFactor);
    maxLearningRates =
        PerGroup.of(
            optimizer(),
            "OneCycleLR",
            "maxLearningRate",
            options.maxLearningRates,
            v -> v >= 0,
            "a finite number, 0 or more");
    divFactor = options.divFactor;
    finalDivFactor = options.finalDivFactor;
    annealStrategy = options.annealStrategy;
    double up = pctStart * totalSteps;
    phaseEnds =
        options.threePhase
            ? new double[] {up - 1, 2 * up - 2, totalSteps - 1.0}
            : new double[] {up - 1, totalSteps - 1.0};
    momentum =
        options.cycleMomentum
            ? new MomentumCycle(optimizer(), "OneCycleLR", options.baseMomenta, options.maxMomenta)
            : null;
    start();
  }

  private static void positive(String name, double value) {
    require(
        value > 0 && Double.isFinite(value),
        "OneCycleLR: " + name + " is " + value + "; allowed is a finite number above 0.");
  }

  /**
   * Returns a builder.
   *
   * @param maxLearningRate the highest learning rate of all groups
   * @param totalSteps how often the schedule will step, 1 or more
   */
  public static Builder of(Optimizer optimizer, double maxLearningRate, long totalSteps) {
    return new Builder(optimizer, maxLearningRate, totalSteps);
  }

  @Override
  protected void apply(long steps) {
    int phase = 0;
    while (phase < phaseEnds.length - 1 && steps > phaseEnds[phase]) {
      phase++;
    }
    double begin = phase == 0 ? 0 : phaseEnds[phase - 1];
    double end = phaseEnds[phase];
    double part = end > begin ? Math.min(1, (steps - begin) / (end - begin)) : 1;
    boolean last = phase == phaseEnds.length - 1;
    for (int g = 0; g < maxLearningRates.length; g++) {
      ParameterGroup group = optimizer().groups().get(g);
      double high = maxLearningRates[g];
      double low = high / divFactor;
      double from = phase == 1 ? high : low;
      double to = phase == 0 ? high : last ? low / finalDivFactor : low;
      group.scheduleLearningRate(annealStrategy.between(from, to, part));
      if (momentum != null) {
        double before = phase == 1 ? momentum.lowest(g) : momentum.highest(g);
        double after = phase == 0 ? momentum.lowest(g) : momentum.highest(g);
        momentum.set(group, annealStrategy.between(before, after, part));
      }
    }
  }

  /**
   * Collects the options of a {@link OneCycleLR}; the defaults are PyTorch's.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final Optimizer optimizer;
    private final long totalSteps;
    private double[] maxLearningRates;
    private double pctStart = 0.3;
    private AnnealStrategy annealStrategy = AnnealStrategy.COSINE;
    private boolean cycleMomentum = true;
    private double[] baseMomenta = {0.85};
    private double[] maxMomenta = {0.95};
    private double divFactor = 25;
    private double finalDivFactor = 1e4;
    private boolean threePhase;

    private Builder(Optimizer optimizer, double maxLearningRate, long totalSteps) {
      this.optimizer = optimizer;
      this.maxLearningRates = new double[] {maxLearningRate};
      this.totalSteps = totalSteps;
    }

    /** Sets the highest learning rate of each group. */
    public Builder maxLearningRates(double... values) {
      maxLearningRates = values.clone();
      return this;
    }

    /**
     * Sets the part of the steps that the way up takes: from 0 to 1, in three phases to 0.5.
     * Default: 0.3.
     */
    public Builder pctStart(double value) {
      pctStart = value;
      return this;
    }

    /** Sets along what the numbers change; {@link AnnealStrategy#COSINE} by default. */
    public Builder annealStrategy(AnnealStrategy value) {
      annealStrategy = value;
      return this;
    }

    /** Sets whether the momentum is moved, too; it is by default. */
    public Builder cycleMomentum(boolean value) {
      cycleMomentum = value;
      return this;
    }

    /** Sets the lowest momentum, of all groups or each; from 0 to below 1, 0.85 by default. */
    public Builder baseMomentum(double... values) {
      baseMomenta = values.clone();
      return this;
    }

    /** Sets the highest momentum, of all groups or each; from 0 to below 1, 0.95 by default. */
    public Builder maxMomentum(double... values) {
      maxMomenta = values.clone();
      return this;
    }

    /** Sets by how much the first learning rate is below the highest; above 0, 25 by default. */
    public Builder divFactor(double value) {
      divFactor = value;
      return this;
    }

    /** Sets by how much the last learning rate is below the first; above 0, 1e4 by default. */
    public Builder finalDivFactor(double value) {
      finalDivFactor = value;
      return this;
    }

    /** Sets whether the way down is in two phases; it is in one by default. */
    public Builder threePhase(boolean value) {
      threePhase = value;
      return this;
    }

    /**
     * Makes the schedule.
     *
     * @throws io.fulgur.error.FulgurException if an option is not allowed, or the optimizer has no
     *     momentum to cycle
     */
    public OneCycleLR build() {
      return new OneCycleLR(this);
    }
  }
}
