package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.BoundTrainingStep;
import io.fulgur.module.StepOutput;
import io.fulgur.precision.PrecisionPlugin;
import org.jspecify.annotations.Nullable;

/** Training steps run, e.g. to log what they compute, and nothing learns from them. */
final class WithoutOptimizer implements Optimization {
  private final RunContext run;
  private final LogConnector log;
  private final BoundTrainingStep step;

  WithoutOptimizer(RunContext run) {
    this.run = run;
    this.log = run.log();
    this.step = run.bound().trainingSteps().get(0);
  }

  @Override
  public void beginEpoch() {}

  @Override
  public @Nullable StepOutput train(Batch batch, int index) {
    Moment before = log.enter(Moment.TRAINING_STEP);
    try (PrecisionPlugin.Region region = run.parts().precision().forwardContext()) {
      return step.run(batch, index);
    } finally {
      log.enter(before);
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
    return false;
  }

  @Override
  public State windowState() {
    return State.empty();
  }

  @Override
  public void loadWindow(State state) {}
}
