package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.log.Moment;
import io.fulgur.module.BoundTrainingStep;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The trainer runs the backward passes and lets the optimizers step, after each window of batches.
 */
final class AutomaticOptimization implements Optimization {
  private final RunContext run;
  private final RunState state;
  private final Schedules schedules;
  private final TrainingTurn[] turns;
  private final Predicate<Optimizer> stepped = this::hasStepped;
  private int window = 1;

  AutomaticOptimization(RunContext run, OptimizerPlan plan, Schedules schedules) {
    this.run = run;
    this.state = run.state();
    this.schedules = schedules;
    this.turns = turns(run, plan).toArray(TrainingTurn[]::new);
  }

  private static List<TrainingTurn> turns(RunContext run, OptimizerPlan plan) {
    List<Optimizer> optimizers = plan.optimizers();
    List<OptimizerStepper> steppers = new ArrayList<>();
    for (int i = 0; i < optimizers.size(); i++) {
      steppers.add(new OptimizerStepper(run, i, optimizers.get(i)));
    }
    List<BoundTrainingStep> steps = run.bound().trainingSteps();
    if (steps.size() == 1) {
      return List.of(
          new TrainingTurn(run, steps.get(0), steppers, turnsEvery(plan), /* toggle= */ null));
    }
    List<TrainingTurn> turns = new ArrayList<>();
    for (int i = 0; i < optimizers.size(); i++) {
      OptimizerPlan.Entry entry = plan.entries().get(i);
      turns.add(
          new TrainingTurn(
              run,
              OptimizerPlans.stepOf(steps, entry.name()),
              List.of(steppers.get(i)),
              entry.everyNBatches(),
              new OptimizerToggle(entry.optimizer(), optimizers)));
    }
    return turns;
  }

  private static int turnsEvery(OptimizerPlan plan) {
    return plan.entries().get(0).everyNBatches();
  }

  @Override
  public void beginEpoch() {
    window = state.accumulateGradBatches;
    for (TrainingTurn turn : turns) {
      turn.beginEpoch(window, state.batchesInEpoch);
    }
  }

  @Override
  public @Nullable StepOutput train(Batch batch, int index) {
    boolean ends = stepsAfter(index);
    boolean collects = turns.length > 1 && run.hooks().has(Moment.TRAIN_BATCH_END);
    StepOutput output = null;
    for (TrainingTurn turn : turns) {
      StepOutput own = turn.take(batch, index, ends);
      output = collects ? joined(output, turn.name(), own) : own;
    }
    if (ends) {
      afterSteps(index);
    }
    return turns.length == 1 || collects ? output : null;
  }

  /** Adds what a step returned to what those before it did, under the name of its optimizer. */
  private static @Nullable StepOutput joined(
      @Nullable StepOutput all, String optimizer, @Nullable StepOutput own) {
    StepOutput joined = all;
    if (own != null) {
      for (Map.Entry<String, Tensor> each : own.asMap().entrySet()) {
        String name = optimizer + "/" + each.getKey();
        joined =
            joined == null
                ? StepOutput.of(name, each.getValue())
                : joined.with(name, each.getValue());
      }
    }
    return joined;
  }

  private void afterSteps(int index) {
    boolean ready = false;
    for (TrainingTurn turn : turns) {
      ready |= turn.wasReady();
    }
    if (ready) {
      int part = state.optimizers.size();
      if (!state.parts.isDone(part)) {
        run.take(part);
        run.parts().precision().afterOptimizerSteps();
      }
      schedules.afterStep(index, stepped);
    }
  }

  private boolean hasStepped(Optimizer optimizer) {
    for (TrainingTurn turn : turns) {
      if (turn.hasStepped(optimizer)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean stepsAfter(int index) {
    return state.lastBatch || (index + 1) % window == 0;
  }

  @Override
  public State partsState() {
    State.Builder all = State.builder();
    for (int i = 0; i < turns.length; i++) {
      all.child(Integer.toString(i), turns[i].partsState());
    }
    return all.build();
  }

  @Override
  public void resume(State parts) {
    for (int i = 0; i < turns.length; i++) {
      turns[i].resume(parts.child(Integer.toString(i)));
    }
  }

  @Override
  public void keepOutputs() {
    for (TrainingTurn turn : turns) {
      turn.keepOutput();
    }
  }

  @Override
  public boolean holdsGradients() {
    for (TrainingTurn turn : turns) {
      if (!turn.gathered().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public State windowState() {
    State.Builder all = State.builder();
    for (int i = 0; i < turns.length; i++) {
      all.child(Integer.toString(i), turns[i].gathered().state());
    }
    return all.build();
  }

  @Override
  public void loadWindow(State state) {
    for (int i = 0; i < turns.length; i++) {
      turns[i].gathered().load(state.child(Integer.toString(i)));
    }
  }
}
