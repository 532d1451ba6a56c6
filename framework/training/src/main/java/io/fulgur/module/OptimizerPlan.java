package io.fulgur.module;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.OneCycleLR;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The optimizers of a fit, and when their learning-rate schedules go on.
 *
 * <pre>{@code
 * Optimizer optimizer = AdamW.of(parameters()).learningRate(1e-3);
 * return OptimizerPlan.of(optimizer).withScheduler(new CosineAnnealingLR(optimizer, 20));
 * }</pre>
 *
 * <p>Optimizers without a name all step on the same loss, in this order. Those with a name have a
 * {@link io.fulgur.annotation.TrainingStep} each, and may have their turn less often than on every
 * batch:
 *
 * <pre>{@code
 * return OptimizerPlan.of("critic", critic).and("generator", generator).everyNBatches("generator", 5);
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class OptimizerPlan {
  private static final Logger LOG = LoggerFactory.getLogger(OptimizerPlan.class);

  /**
   * An optimizer of a plan.
   *
   * @param name empty if it has none
   * @param optimizer the optimizer
   * @param everyNBatches on every how many batches it has its turn, at least 1: those for which
   *     {@code (batchIndex + 1) % everyNBatches == 0}
   * @since 0.1
   */
  public record Entry(String name, Optimizer optimizer, int everyNBatches) {}

  private final List<Entry> entries;
  private final List<Scheduled> schedulers;

  private OptimizerPlan(List<Entry> entries, List<Scheduled> schedulers) {
    this.entries = List.copyOf(entries);
    this.schedulers = List.copyOf(schedulers);
  }

  /**
   * Makes a plan without schedules.
   *
   * @throws FulgurException if an optimizer is given twice
   */
  public static OptimizerPlan of(Optimizer first, Optimizer... more) {
    OptimizerPlan plan = none().add("", first);
    for (Optimizer optimizer : more) {
      plan = plan.add("", optimizer);
    }
    return plan;
  }

  /** Makes a plan of an optimizer with a name. */
  public static OptimizerPlan of(String name, Optimizer optimizer) {
    return none().and(name, optimizer);
  }

  /** Returns the plan without optimizers: training steps run, and nothing learns. */
  public static OptimizerPlan none() {
    return new OptimizerPlan(List.of(), List.of());
  }

  /**
   * Returns a plan with one more optimizer, which steps after those before it.
   *
   * @throws FulgurException if the name is empty or taken, or the optimizer is given twice
   */
  public OptimizerPlan and(String name, Optimizer optimizer) {
    if (name.isEmpty() || names().contains(name)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The %s was given the name \"%s\", %s. Give each optimizer a name of its own."
              .formatted(
                  optimizer.name(),
                  name,
                  name.isEmpty() ? "which says nothing" : "which another has already"));
    }
    if (names().contains("")) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The optimizer \"%s\" joins a plan of optimizers without names. Give all of them names, or none: OptimizerPlan.of(name, optimizer)."
              .formatted(name));
    }
    return add(name, optimizer);
  }

  private OptimizerPlan add(String name, Optimizer optimizer) {
    if (optimizers().stream().anyMatch(known -> known == optimizer)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "OptimizerPlan was given the same "
              + optimizer.name()
              + " twice, so it would step twice. Give each optimizer once.");
    }
    List<Entry> more = new ArrayList<>(entries);
    more.add(new Entry(name, optimizer, /* everyNBatches= */ 1));
    return new OptimizerPlan(more, schedulers);
  }

  /**
   * Returns a plan in which an optimizer has its turn on every {@code batches}th batch of an epoch.
   *
   * @throws FulgurException if there is none of this name, or {@code batches} is not positive
   */
  public OptimizerPlan everyNBatches(String name, int batches) {
    if (batches <= 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The optimizer \"%s\" was to have its turn on every %d batches, but that must be at least 1."
              .formatted(name, batches));
    }
    if (name.isEmpty() || !names().contains(name)) {
      throw unknown(name, names());
    }
    return new OptimizerPlan(
        entries.stream()
            .map(
                each ->
                    each.name().equals(name) ? new Entry(name, each.optimizer(), batches) : each)
            .toList(),
        schedulers);
  }

  static FulgurException unknown(String name, List<String> names) {
    List<String> known = names.stream().filter(each -> !each.isEmpty()).toList();
    return new FulgurException(
        ErrorId.UNKNOWN_NAME,
        "There is no optimizer \"%s\"; the plan has %s.%s"
            .formatted(
                name,
                known.isEmpty() ? "none with a name" : String.join(", ", known),
                Suggestions.didYouMean(name, known)));
  }

  // ---------------------------------------------------------------- schedules

  /** Returns a plan in which this schedule goes on after each training epoch. */
  public OptimizerPlan withScheduler(LearningRateScheduler scheduler) {
    return withScheduler(Scheduled.of(scheduler));
  }

  /**
   * Returns a plan in which this schedule goes on after every {@code frequency} epochs or batches.
   *
   * @throws FulgurException if {@code frequency} is not positive, the schedule belongs to an
   *     optimizer that is not in the plan, or it follows a logged value, which is to be named
   */
  public OptimizerPlan withScheduler(
      LearningRateScheduler scheduler, ScheduleInterval interval, int frequency) {
    return withScheduler(Scheduled.of(scheduler).interval(interval).frequency(frequency));
  }

  /**
   * Returns a plan in which this schedule looks at a logged value at the end of each training
   * epoch, after its validation.
   *
   * @param monitor the value's name, e.g. {@code val_loss}
   */
  public OptimizerPlan withScheduler(ReduceLROnPlateau scheduler, String monitor) {
    return withScheduler(Scheduled.of(scheduler).monitor(monitor));
  }

  /**
   * Returns a plan in which this schedule looks at a logged value at the end of every {@code
   * frequency}th training epoch, after its validation.
   *
   * @param monitor the value's name, e.g. {@code val_loss}
   * @throws FulgurException if {@code frequency} is not positive, the name is empty, or the
   *     schedule belongs to an optimizer that is not in the plan
   */
  public OptimizerPlan withScheduler(ReduceLROnPlateau scheduler, String monitor, int frequency) {
    return withScheduler(Scheduled.of(scheduler).monitor(monitor).frequency(frequency));
  }

  /**
   * Returns a plan with a schedule.
   *
   * @throws FulgurException if the schedule belongs to an optimizer that is not in the plan, or it
   *     follows a logged value, which is to be named
   */
  public OptimizerPlan withScheduler(Scheduled scheduled) {
    LearningRateScheduler scheduler = scheduled.scheduler();
    if (scheduler instanceof ReduceLROnPlateau && scheduled.monitor().isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "ReduceLROnPlateau follows a logged value. Name it: withScheduler(scheduler, \"val_loss\").");
    }
    if (optimizers().stream().noneMatch(optimizer -> optimizer == scheduler.optimizer())) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          scheduler.getClass().getSimpleName()
              + " belongs to an optimizer that is not in the plan. Make it with one of: "
              + String.join(", ", optimizers().stream().map(Optimizer::name).toList())
              + ".");
    }
    if (scheduler instanceof OneCycleLR && scheduled.interval() == ScheduleInterval.EPOCH) {
      LOG.warn(
          "OneCycleLR goes on with epochs here, but is meant to with every step: set its interval"
              + " to ScheduleInterval.STEP");
    }
    List<Scheduled> more = new ArrayList<>(schedulers);
    more.add(scheduled);
    return new OptimizerPlan(entries, more);
  }

  // ---------------------------------------------------------------- contents

  /** Returns the optimizers with their names and turns, in the order in which they step. */
  public List<Entry> entries() {
    return entries;
  }

  /** Returns a plan of the same optimizers whose learning rates no schedule changes. */
  public OptimizerPlan withoutSchedulers() {
    return new OptimizerPlan(entries, List.of());
  }

  /** Returns the optimizers in the order in which they step. */
  public List<Optimizer> optimizers() {
    return entries.stream().map(Entry::optimizer).toList();
  }

  /** Returns the names of the optimizers; empty ones for those without. */
  public List<String> names() {
    return entries.stream().map(Entry::name).toList();
  }

  /** Returns the schedules. */
  public List<Scheduled> schedulers() {
    return schedulers;
  }
}
