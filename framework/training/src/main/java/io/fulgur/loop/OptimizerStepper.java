package io.fulgur.loop;

import io.fulgur.callback.Callback;
import io.fulgur.log.Moment;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.precision.PrecisionPlugin;

/** One optimizer of a fit: its hooks, what precision does around its steps, and their count. */
final class OptimizerStepper {
  private final RunState state;
  private final HookDispatcher hooks;
  private final PrecisionPlugin precision;
  private final int index;
  private final Optimizer optimizer;

  OptimizerStepper(RunContext run, int index, Optimizer optimizer) {
    this.state = run.state();
    this.hooks = run.hooks();
    this.precision = run.parts().precision();
    this.index = index;
    this.optimizer = optimizer;
  }

  /** Returns the optimizer's place in the plan. */
  int index() {
    return index;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** Forgets the gradients of its parameters. */
  void zeroGrad() {
    hooks.run(Moment.BEFORE_ZERO_GRAD, optimizer, Callback::onBeforeZeroGrad);
    hooks.calls().optimizerZeroGrad(optimizer);
  }

  /** Makes gradients ready to be looked at. */
  void beforeStep() {
    precision.beforeOptimizerStep(optimizer);
    hooks.run(Moment.BEFORE_OPTIMIZER_STEP, optimizer, Callback::onBeforeOptimizerStep);
  }

  /** Steps; returns whether precision allowed it. */
  boolean step() {
    boolean stepped = precision.optimizerStep(optimizer);
    if (stepped) {
      state.optimizerSteps[index]++;
      state.globalStep++;
    }
    return stepped;
  }
}
