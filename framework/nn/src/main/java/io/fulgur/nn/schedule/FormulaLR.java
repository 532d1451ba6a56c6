package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * A schedule that is a formula of the group and the number of steps.
 *
 * <pre>{@code
 * final class InverseSquareRootLR extends FormulaLR {
 *   InverseSquareRootLR(Optimizer optimizer) {
 *     super(optimizer);
 *     start();
 *   }
 *
 *   @Override
 *   protected double learningRate(ParameterGroup group, long steps) {
 *     return group.baseLearningRate() / Math.sqrt(1.0 + steps);
 *   }
 * }
 * }</pre>
 *
 * <p>The framework's own compute the learning rate from the one before where the formula allows, as
 * PyTorch's do, so that several schedules of one optimizer compose.
 *
 * @since 0.1
 */
public abstract class FormulaLR extends LearningRateScheduler {
  /**
   * Makes a schedule for all groups of an optimizer; the subclass's constructor ends with {@link
   * #start()}.
   */
  protected FormulaLR(Optimizer optimizer) {
    super(optimizer);
  }

  /**
   * Returns the learning rate of a group.
   *
   * @param group has the learning rate before and the {@linkplain ParameterGroup#baseLearningRate()
   *     base} where the schedule started
   * @param steps how often {@link #step()} has been called, this time included; 0 at the start
   */
  protected abstract double learningRate(ParameterGroup group, long steps);

  @Override
  protected final void apply(long steps) {
    for (ParameterGroup group : optimizer().groups()) {
      group.scheduleLearningRate(learningRate(group, steps));
    }
  }
}
