package io.fulgur.nn.schedule;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.List;
import java.util.Map;

/**
 * Changes the learning rates of an optimizer's groups over time. {@link #step()} is called once an
 * epoch, or once a batch.
 *
 * <p>The numbers are those of {@code torch.optim.lr_scheduler}, computed as there from the learning
 * rate before where the formula allows, so that several schedules of one optimizer compose.
 *
 * @since 0.1
 */
public abstract class LearningRateScheduler {
  private static final String STEPS = "steps";

  private final Optimizer optimizer;
  private long steps;

  /**
   * Makes a schedule for all groups of an optimizer; the subclass's constructor ends with {@link
   * #start()}.
   */
  protected LearningRateScheduler(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  /**
   * Returns the learning rate of a group.
   *
   * @param group has the learning rate before and the {@linkplain ParameterGroup#baseLearningRate()
   *     base} where the schedule started
   * @param steps how often {@link #step()} has been called, this time included; 0 at the start
   */
  protected abstract double learningRate(ParameterGroup group, long steps);

  /** Sets the learning rates from which training starts. */
  protected final void start() {
    apply();
  }

  /** Sets the learning rates of the next epoch or batch. */
  public final void step() {
    steps++;
    apply();
  }

  private void apply() {
    for (ParameterGroup group : optimizer.groups()) {
      group.scheduleLearningRate(learningRate(group, steps));
    }
  }

  /** Returns the optimizer whose learning rates this sets. */
  public final Optimizer optimizer() {
    return optimizer;
  }

  /** Returns how often {@link #step()} has been called. */
  public final long steps() {
    return steps;
  }

  /** Returns the present learning rate of each group. */
  public final List<Double> learningRates() {
    return optimizer.groups().stream().map(ParameterGroup::learningRate).toList();
  }

  /**
   * Returns what a checkpoint has to hold. The learning rates themselves are part of the
   * optimizer's state.
   */
  public final Map<String, Double> stateDict() {
    return Map.of(STEPS, (double) steps);
  }

  /**
   * Goes to a saved place; load the optimizer's state, too.
   *
   * @throws FulgurException if the state is not that of a schedule
   */
  public final void loadStateDict(Map<String, Double> state) {
    Double saved = state.get(STEPS);
    if (saved == null || state.size() != 1 || !(saved >= 0) || saved != Math.rint(saved)) {
      throw new FulgurException(
          ErrorId.SCHEDULER_STATE_MISMATCH,
          "The saved state %s does not fit %s, which needs \"%s\", a whole number, 0 or more."
              .formatted(state, getClass().getSimpleName(), STEPS));
    }
    steps = saved.longValue();
  }

  /** Throws an error about an argument unless a condition holds. */
  protected static void require(boolean condition, String message) {
    if (!condition) {
      throw new FulgurException(ErrorId.INVALID_HYPERPARAMETER, message);
    }
  }
}
