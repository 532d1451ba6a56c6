package io.fulgur.loop;

import io.fulgur.TrainerOptions;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.BoundTrainingStep;
import io.fulgur.module.OptimizerPlan;
import java.util.ArrayList;
import java.util.List;

/** Checks that a module's optimizers, its training steps and the trainer's options fit. */
final class OptimizerPlans {
  private final RunContext run;
  private final OptimizerPlan plan;
  private final List<String> problems = new ArrayList<>();

  private OptimizerPlans(RunContext run, OptimizerPlan plan) {
    this.run = run;
    this.plan = plan;
  }

  /**
   * Chooses how parameters learn.
   *
   * @throws FulgurException if optimizers, training steps and options contradict each other
   */
  static Optimization optimization(RunContext run, OptimizerPlan plan, Schedules schedules) {
    new OptimizerPlans(run, plan).check();
    if (run.bound().isManual()) {
      return new ManualOptimization(run, plan);
    }
    return plan.entries().isEmpty()
        ? new WithoutOptimizer(run)
        : new AutomaticOptimization(run, plan, schedules);
  }

  /** Returns the step of an optimizer. */
  static BoundTrainingStep stepOf(List<BoundTrainingStep> steps, String optimizer) {
    return steps.stream()
        .filter(step -> step.optimizer().equals(optimizer))
        .findFirst()
        .orElseThrow();
  }

  private void check() {
    TrainerOptions options = run.options();
    if (plan.entries().isEmpty() && options.maxEpochs() == TrainerOptions.UNLIMITED) {
      throw new FulgurException(
          ErrorId.NO_OPTIMIZER,
          "%s has no optimizer, so that no step is ever counted, and maxEpochs is unlimited: training would never end. Set maxEpochs, or make an optimizer."
              .formatted(run.module().getClass().getSimpleName()));
    }
    if (run.bound().isManual()) {
      checkManual(options);
    } else if (!plan.entries().isEmpty()) {
      checkSteps();
    }
    if (!problems.isEmpty()) {
      StringBuilder text =
          new StringBuilder(run.module().getClass().getSimpleName()).append(" cannot be trained:");
      for (int i = 0; i < problems.size(); i++) {
        text.append("\n  ").append(i + 1).append(") ").append(problems.get(i));
      }
      throw new FulgurException(ErrorId.STEP_OF_OPTIMIZER, text.toString());
    }
  }

  private void checkManual(TrainerOptions options) {
    if (run.state().accumulateGradBatches != 1) {
      problems.add(
          "It is annotated with @ManualOptimization, but accumulateGradBatches is %d. Leave the option out, and step less often in the training step."
              .formatted(run.state().accumulateGradBatches));
    }
    if (options.gradientClipVal() > 0) {
      problems.add(
          "It is annotated with @ManualOptimization, but gradientClipVal is %s. Leave the option out, and call clipGradients on the optimizer."
              .formatted(options.gradientClipVal()));
    }
    for (OptimizerPlan.Entry entry : plan.entries()) {
      if (entry.everyNBatches() != 1) {
        problems.add(
            "It is annotated with @ManualOptimization, but the optimizer \"%s\" is to have its turn on every %d batches. Leave everyNBatches out, and step less often in the training step."
                .formatted(entry.name(), entry.everyNBatches()));
      }
    }
  }

  private void checkSteps() {
    List<BoundTrainingStep> steps = run.bound().trainingSteps();
    if (steps.size() == 1 && steps.get(0).optimizer().isEmpty()) {
      checkShared();
      return;
    }
    List<String> names = plan.names();
    for (BoundTrainingStep step : steps) {
      if (!names.contains(step.optimizer())) {
        problems.add(
            "%s is for the optimizer \"%s\", but @ConfigureOptimizers made %s. Name it with OptimizerPlan.of(\"%s\", optimizer) or .and(\"%s\", optimizer)."
                .formatted(
                    step.location(),
                    step.optimizer(),
                    described(names),
                    step.optimizer(),
                    step.optimizer()));
      }
    }
    List<String> ofSteps = steps.stream().map(BoundTrainingStep::optimizer).toList();
    for (String name : names) {
      if (!name.isEmpty() && !ofSteps.contains(name)) {
        problems.add(
            "@ConfigureOptimizers made the optimizer \"%s\", but no training step is for it. Add a method with @TrainingStep(optimizer = \"%s\")."
                .formatted(name, name));
      }
    }
  }

  private void checkShared() {
    if (plan.entries().size() > 1) {
      for (OptimizerPlan.Entry entry : plan.entries()) {
        if (entry.everyNBatches() != 1) {
          problems.add(
              "The optimizer \"%s\" is to have its turn on every %d batches, but shares a training step with others. Give each a method with @TrainingStep(optimizer = ...)."
                  .formatted(entry.name(), entry.everyNBatches()));
        }
      }
    }
  }

  private static String described(List<String> names) {
    return names.stream().allMatch(String::isEmpty)
        ? "optimizers without names"
        : String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
  }
}
