package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.function.LongToDoubleFunction;

/**
 * Sets the learning rate to its base times a factor that a function gives for each step, from step
 * 0 on, as {@code torch.optim.lr_scheduler.LambdaLR}.
 *
 * @since 0.1
 */
public final class LambdaLR extends FormulaLR {
  private final LongToDoubleFunction factor;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param factor gives the factor for the number of steps taken, 0 or more
   */
  public LambdaLR(Optimizer optimizer, LongToDoubleFunction factor) {
    super(optimizer);
    this.factor = factor;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    return group.baseLearningRate() * factor.applyAsDouble(steps);
  }
}
