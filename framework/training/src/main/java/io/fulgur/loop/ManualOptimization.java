package io.fulgur.loop;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.BoundTrainingStep;
import io.fulgur.module.ManualOptimizer;
import io.fulgur.module.ManualSteps;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The module's training step runs the backward passes and steps its optimizers by itself. */
final class ManualOptimization implements Optimization, ManualSteps {
  private final RunContext run;
  private final LogConnector log;
  private final HookDispatcher hooks;
  private final PrecisionPlugin precision;
  private final BoundTrainingStep step;
  private final List<LearningRateScheduler> schedulers;
  private final List<ManualOptimizer> optimizers;

  ManualOptimization(RunContext run, OptimizerPlan plan) {
    this.run = run;
    this.log = run.log();
    this.hooks = run.hooks();
    this.precision = run.parts().precision();
    this.step = run.bound().trainingSteps().get(0);
    this.schedulers = run.state().schedulers();
    List<ManualOptimizer> all = new ArrayList<>();
    for (int i = 0; i < plan.entries().size(); i++) {
      all.add(new Handed(i, plan));
    }
    this.optimizers = List.copyOf(all);
  }

  @Override
  public void beginEpoch() {}

  @Override
  public @Nullable StepOutput train(Batch batch, int index) {
    Moment before = log.enter(Moment.TRAINING_STEP);
    StepOutput output = trainingStep(batch, index);
    log.enter(before);
    endSteps();
    return output;
  }

  private @Nullable StepOutput trainingStep(Batch batch, int index) {
    if (run.state().skipBatch) {
      return null;
    }
    try (PrecisionPlugin.Region region = precision.forwardContext()) {
      return step.run(batch, index);
    }
  }

  /** Lets precision adapt to the steps since the last time, before a new loss is scaled. */
  private void endSteps() {
    boolean any = false;
    for (int i = 0; i < optimizers.size(); i++) {
      Handed each = (Handed) optimizers.get(i);
      any |= each.stepped;
      each.stepped = false;
    }
    if (any) {
      precision.afterOptimizerSteps();
    }
  }

  @Override
  public boolean stepsAfter(int index) {
    return true;
  }

  @Override
  public State partsState() {
    return State.empty();
  }

  @Override
  public void resume(State parts) {}

  @Override
  public void keepOutputs() {}

  @Override
  public boolean holdsGradients() {
    // Only the module knows whether it uses the gradients of one batch in a later one.
    return true;
  }

  @Override
  public State windowState() {
    return State.empty();
  }

  @Override
  public void loadWindow(State state) {}

  @Override
  public List<ManualOptimizer> optimizers() {
    return optimizers;
  }

  @Override
  public List<LearningRateScheduler> lrSchedulers() {
    return schedulers;
  }

  @Override
  public void backward(Tensor loss) {
    endSteps();
    hooks.run(Moment.BEFORE_BACKWARD, loss, Callback::onBeforeBackward);
    hooks.calls().backward(precision.scaleLoss(loss));
    hooks.run(Moment.AFTER_BACKWARD, Callback::onAfterBackward);
  }

  /** An optimizer in the hands of the module. */
  private final class Handed implements ManualOptimizer {
    private final OptimizerPlan.Entry entry;
    private final OptimizerStepper stepper;
    private final OptimizerToggle toggle;

    /** Whether it has stepped since precision last adapted. */
    private boolean stepped;

    Handed(int index, OptimizerPlan plan) {
      this.entry = plan.entries().get(index);
      this.stepper = new OptimizerStepper(run, index, entry.optimizer());
      this.toggle = new OptimizerToggle(entry.optimizer(), plan.optimizers());
    }

    @Override
    public String name() {
      return entry.name();
    }

    @Override
    public Optimizer optimizer() {
      return entry.optimizer();
    }

    @Override
    public void zeroGrad() {
      stepper.zeroGrad();
    }

    @Override
    public void step() {
      stepped = true;
      stepper.beforeStep();
      run.countBatch(run.state().batchIndex, /* stepped= */ true);
      stepper.step();
    }

    @Override
    public void clipGradients(double value, GradientClipAlgorithm algorithm) {
      if (algorithm == GradientClipAlgorithm.NORM) {
        GradientClipping.byNorm(entry.optimizer(), value);
      } else {
        GradientClipping.byValue(entry.optimizer(), value);
      }
    }

    @Override
    public Toggle toggle() {
      return toggle.begin();
    }
  }
}
