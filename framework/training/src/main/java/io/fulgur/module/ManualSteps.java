package io.fulgur.module;

import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.tensor.Tensor;
import java.util.List;

/**
 * What a run offers to a module that is {@linkplain io.fulgur.annotation.ManualOptimization
 * optimized by hand}.
 *
 * @since 0.1
 */
public interface ManualSteps {
  /** Returns the optimizers in the order of the plan. */
  List<ManualOptimizer> optimizers();

  /** Returns the learning-rate schedules in the order of the plan. */
  List<LearningRateScheduler> lrSchedulers();

  /** Runs the backward pass as the run's precision wants it, between its hooks. */
  void backward(Tensor loss);
}
