package io.fulgur.loop;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.TrainerOptions;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ManualSteps;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.profile.StepTimes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a trainer stands: written by the loops, read by {@link io.fulgur.Trainer}'s accessors.
 *
 * <p>Progress outlives a run, so that a second fit goes on from the first.
 *
 * @since 0.1
 */
public final class RunState {
  RunningStage stage = RunningStage.IDLE;
  @Nullable RunKind kind;
  @Nullable FulgurModule module;

  /** The optimizers of the current or last fit; null before the first. */
  @Nullable OptimizerPlan plan;

  List<Optimizer> optimizers = List.of();

  /** The schedules that go on, and when. */
  List<Scheduled> scheduled = List.of();

  /** What a module needs that is optimized by hand, during a fit. */
  @Nullable ManualSteps manualSteps;

  /** Names of the logged values that schedules follow. */
  Set<String> monitors = Set.of();

  /** Those of them that were known when the checkpoint was saved that this run goes on from. */
  Map<String, Double> monitored = Map.of();

  /** Epochs completed, over all fits. */
  int epoch;

  /** Epochs gone through: one more than {@link #epoch} while the end of an epoch is announced. */
  int epochsProcessed;

  /** Batches of the current epoch that have been trained on. */
  int batchesInEpoch;

  /** Steps of all optimizers together, and of each. */
  long globalStep;

  long[] optimizerSteps = {};

  /** Training batches seen, over all epochs. */
  long totalBatches;

  /** Batches at which the optimizers stepped: the x axis of training metrics. */
  long batchesThatStepped;

  /** Whether the current batch has stepped, but is not counted yet: its values are being logged. */
  boolean stepPending;

  /** Where in the epoch the fit stands. */
  Place place = Place.EPOCH_START;

  /** What has been done on the batch if the fit stands within one. */
  final BatchParts parts = new BatchParts();

  /** Whether schedules are to look at their values that were saved before they could. */
  boolean monitoredPending;

  /** As {@link #monitoredPending}, of those that go on with epochs. */
  boolean epochMonitoredPending;

  /** When the current or last fit validates; null for never. */
  @Nullable ValidationSchedule validation;

  /** How the current or last fit learns from batches; null before. */
  @Nullable Optimization optimization;

  /** Index of the current batch in its loader. */
  int batchIndex;

  int dataloaderIndex;

  static final int AS_THE_OPTION_SAYS = 0;

  /** Over how many batches gradients are summed in this epoch. */
  int accumulateGradBatches = 1;

  /** Over how many in the next ones: a checkpoint holds only what was set during the run. */
  int nextAccumulateGradBatches = AS_THE_OPTION_SAYS;

  int trainingBatches;
  int[] validationBatches = {};
  int[] sanityBatches = {};
  int[] testBatches = {};
  int[] predictBatches = {};
  boolean lastBatch;
  boolean shouldStop;
  boolean skipEpoch;

  /** Whether the current training batch is not to be trained on. */
  boolean skipBatch;

  /** Whether the current or last run was ended from outside. */
  boolean interrupted;

  /** Batches seen of each validation loader, over all validations: the x axis of step values. */
  long[] evaluationSteps = {};

  /** What the batches of the current or last fit have cost. */
  TrainingTimes times = new TrainingTimes(System::nanoTime);

  RunState() {}

  /** Returns how long ago the last validation was, as far as the schedule wants to know. */
  long sinceValidationNanos() {
    boolean over = stage == RunningStage.VALIDATING && place == Place.BATCH;
    return over || validation == null ? 0 : validation.elapsedNanos();
  }

  /** Has the schedule go on as if the last validation had been so long ago. */
  void resumeValidation(long elapsedNanos) {
    if (validation != null) {
      validation.resume(elapsedNanos);
    }
  }

  /** Makes the state of a trainer that has not run yet. */
  public static RunState initial() {
    return new RunState();
  }

  /** Returns what is being done. */
  public RunningStage stage() {
    return stage;
  }

  /** Returns what was asked for, or null between runs. */
  public @Nullable RunKind kind() {
    return kind;
  }

  /** Returns the module of the current or last run. */
  public @Nullable FulgurModule module() {
    return module;
  }

  /** Returns the optimizers of the current or last fit. */
  public List<Optimizer> optimizers() {
    return optimizers;
  }

  /** Returns the schedulers of the current or last fit. */
  public List<LearningRateScheduler> schedulers() {
    return scheduled.stream().map(Scheduled::scheduler).toList();
  }

  /** Sets which schedules go on from now on, and when. */
  public void schedule(List<Scheduled> schedules) {
    scheduled = List.copyOf(schedules);
    monitors = MonitoredSchedules.monitors(scheduled);
  }

  /** Returns the optimizers of the current or last fit and their schedules. */
  public OptimizerPlan plan() {
    return plan == null ? OptimizerPlan.none() : plan;
  }

  /** Returns the number of completed epochs. */
  public int epoch() {
    return epoch;
  }

  /** Returns the number of optimizer steps, of all optimizers together. */
  public long globalStep() {
    return globalStep;
  }

  /** Returns the number of steps of one optimizer. */
  public long optimizerSteps(int index) {
    return optimizerSteps[index];
  }

  /** Returns the number of training batches seen in all epochs. */
  public long totalBatches() {
    return totalBatches;
  }

  /** Returns the number of batches at which the optimizers stepped. */
  public long batchesThatStepped() {
    return batchesThatStepped;
  }

  /** Returns where on the x axis step values of the current stage belong. */
  public long stepOfStage() {
    return stage == RunningStage.VALIDATING || stage == RunningStage.TESTING
        ? evaluationSteps[dataloaderIndex]
        : batchesThatStepped;
  }

  /** Returns the index of the current batch. */
  public int batchIndex() {
    return batchIndex;
  }

  /** Returns the index of the current evaluation loader. */
  public int dataloaderIndex() {
    return dataloaderIndex;
  }

  /** Returns the number of training batches of an epoch; {@link Integer#MAX_VALUE} if unknown. */
  public int trainingBatches() {
    return trainingBatches;
  }

  /** Returns the number of batches of each loader that a stage goes through. */
  public int[] batches(RunningStage of) {
    return switch (of) {
      case IDLE -> new int[0];
      case TRAINING -> new int[] {trainingBatches};
      case SANITY_CHECKING -> sanityBatches.clone();
      case VALIDATING -> validationBatches.clone();
      case TESTING -> testBatches.clone();
      case PREDICTING -> predictBatches.clone();
    };
  }

  /** Returns whether the current training batch is the last one of its epoch. */
  public boolean isLastBatch() {
    return lastBatch;
  }

  /** Returns whether the module of the current fit steps its optimizers itself. */
  public boolean isManual() {
    return manualSteps != null;
  }

  /** Returns over how many batches gradients are summed in this epoch. */
  public int accumulateGradBatches() {
    return accumulateGradBatches;
  }

  /**
   * Sets over how many batches gradients are summed: from this epoch on if no batch of it has been
   * trained on, else from the next.
   *
   * @throws FulgurException if it is not positive, or the module steps its optimizers itself
   */
  public void accumulateGradBatches(int batches) {
    if (batches < 1) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "accumulateGradBatches was set to %d; it must be at least 1 (1 for none)."
              .formatted(batches));
    }
    if (batches > 1 && isManual()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "accumulateGradBatches was set to %d, but the module is annotated with @ManualOptimization. Step less often in its training step."
              .formatted(batches));
    }
    nextAccumulateGradBatches = batches;
    if (place == Place.EPOCH_START) {
      accumulateGradBatches = batches;
    }
  }

  /** Returns on how many batches of a fit optimizers step; infinity if it has no end. */
  public double estimatedSteps(TrainerOptions options) {
    int window = kind == null ? options.accumulateGradBatches() : accumulateGradBatches;
    double most =
        options.maxSteps() == TrainerOptions.UNLIMITED
            ? Double.POSITIVE_INFINITY
            : Math.ceil((double) options.maxSteps() / Math.max(1, optimizers.size()));
    if (options.maxEpochs() == TrainerOptions.UNLIMITED || trainingBatches == Loaders.UNKNOWN) {
      return most;
    }
    return Math.min(most, Math.ceil((double) trainingBatches / window) * options.maxEpochs());
  }

  /** Returns what the training batches of the current or last fit have cost. */
  public StepTimes times() {
    return times.now();
  }

  /** Returns whether training was asked to stop. */
  public boolean shouldStop() {
    return shouldStop;
  }

  /** Returns whether the current or last run was ended from outside. */
  public boolean interrupted() {
    return interrupted;
  }

  /** Asks training to stop as soon as the minima allow. */
  public void stop() {
    shouldStop = true;
  }

  /** Asks to leave the current batch out. */
  public void skipBatch() {
    skipBatch = true;
  }

  /** Asks for the end of the epoch before the current batch is trained on. */
  public void skipRestOfEpoch() {
    skipEpoch = true;
  }
}
