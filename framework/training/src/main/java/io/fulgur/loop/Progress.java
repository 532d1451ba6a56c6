package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import java.util.Arrays;
import java.util.List;

/**
 * How far a fit has come: what a checkpoint holds of the loops, as one value.
 *
 * @param place what comes next
 * @param batchParts how much has been done on the batch within which a run goes on
 * @param epoch the current epoch, counted from 0; epochs before it are over
 * @param batches batches of the current epoch that have been trained on
 * @param lastBatch whether the newest of them is the epoch's last
 * @param totalBatches batches trained on, over all epochs
 * @param batchesThatStepped batches at which optimizers have stepped, if what follows each was done
 * @param globalStep steps of all optimizers together
 * @param optimizerSteps steps of each
 * @param evaluationSteps batches seen of each validation loader
 * @param accumulateGradBatches over how many batches gradients are summed in the current epoch
 * @param nextAccumulateGradBatches over how many in the epochs after it; 0 for the trainer's option
 * @param monitoredPending whether schedules that go on with batches are still to look at the values
 *     that they follow
 * @param epochMonitoredPending as {@code monitoredPending}, of those that go on with epochs
 * @param sinceValidationNanos how long ago the last validation was
 */
record Progress(
    Place place,
    int batchParts,
    int epoch,
    int batches,
    boolean lastBatch,
    long totalBatches,
    long batchesThatStepped,
    long globalStep,
    List<Long> optimizerSteps,
    List<Long> evaluationSteps,
    int accumulateGradBatches,
    int nextAccumulateGradBatches,
    boolean monitoredPending,
    boolean epochMonitoredPending,
    long sinceValidationNanos) {
  private static final String PLACE = "place";
  private static final String BATCH_PARTS = "batch_parts";
  private static final String EPOCH = "epoch";
  private static final String BATCHES = "batches_in_epoch";
  private static final String LAST_BATCH = "last_batch";
  private static final String TOTAL_BATCHES = "total_batches";
  private static final String BATCHES_THAT_STEPPED = "batches_that_stepped";
  private static final String GLOBAL_STEP = "global_step";
  private static final String OPTIMIZER_STEPS = "optimizer_steps";
  private static final String EVALUATION_STEPS = "evaluation_steps";
  private static final String ACCUMULATE = "accumulate_grad_batches";
  private static final String NEXT_ACCUMULATE = "next_accumulate_grad_batches";
  private static final String MONITORED_PENDING = "monitored_pending";
  private static final String EPOCH_MONITORED_PENDING = "epoch_monitored_pending";
  private static final String SINCE_VALIDATION = "since_validation_nanos";

  /** Returns where a run stands, or would go on if it stands where it cannot. */
  static Progress of(RunContext run) {
    RunState state = run.state();
    RestartPoint restart = run.restart();
    // While the end of an epoch is announced, all that is left of it has been done.
    boolean atEnd = state.epochsProcessed > state.epoch;
    // What follows a batch counts the step, and is done again if a run goes on before it.
    boolean counts = state.stepPending && state.place != Place.AFTER_BATCH;
    boolean withinBatch = state.place == Place.WITHIN_BATCH;
    return new Progress(
        state.place,
        withinBatch ? state.parts.done() : 0,
        state.epochsProcessed,
        atEnd ? 0 : state.batchesInEpoch,
        !atEnd && state.lastBatch && !withinBatch && !restart.isWithinTraining(),
        state.totalBatches,
        state.batchesThatStepped + (counts ? 1 : 0),
        state.globalStep,
        list(state.optimizerSteps),
        list(restart.evaluationSteps(state.evaluationSteps)),
        state.accumulateGradBatches,
        state.nextAccumulateGradBatches,
        counts || state.monitoredPending,
        state.epochMonitoredPending,
        state.sinceValidationNanos());
  }

  State toState() {
    return State.builder()
        .put(PLACE, place.name())
        .put(BATCH_PARTS, batchParts)
        .put(EPOCH, epoch)
        .put(BATCHES, batches)
        .put(LAST_BATCH, lastBatch)
        .put(TOTAL_BATCHES, totalBatches)
        .put(BATCHES_THAT_STEPPED, batchesThatStepped)
        .put(GLOBAL_STEP, globalStep)
        .put(OPTIMIZER_STEPS, array(optimizerSteps))
        .put(EVALUATION_STEPS, array(evaluationSteps))
        .put(ACCUMULATE, accumulateGradBatches)
        .put(NEXT_ACCUMULATE, nextAccumulateGradBatches)
        .put(MONITORED_PENDING, monitoredPending)
        .put(EPOCH_MONITORED_PENDING, epochMonitoredPending)
        .put(SINCE_VALIDATION, sinceValidationNanos)
        .build();
  }

  /**
   * Reads what {@link #toState} returned.
   *
   * @throws io.fulgur.error.FulgurException if it is not of this kind
   */
  static Progress read(State state) {
    return new Progress(
        Place.of(state.stringValue(PLACE)),
        state.intValue(BATCH_PARTS),
        state.intValue(EPOCH),
        state.intValue(BATCHES),
        state.booleanValue(LAST_BATCH),
        state.longValue(TOTAL_BATCHES),
        state.longValue(BATCHES_THAT_STEPPED),
        state.longValue(GLOBAL_STEP),
        list(state.longs(OPTIMIZER_STEPS)),
        list(state.longs(EVALUATION_STEPS)),
        state.intValue(ACCUMULATE),
        state.intValue(NEXT_ACCUMULATE),
        state.booleanValue(MONITORED_PENDING),
        state.booleanValue(EPOCH_MONITORED_PENDING),
        state.longValue(SINCE_VALIDATION));
  }

  private static List<Long> list(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }

  private static long[] array(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  /** Puts a trainer where this is. */
  void restore(RunState state) {
    state.place = place;
    state.parts.resume(batchParts);
    state.epoch = epoch;
    state.epochsProcessed = epoch;
    state.batchesInEpoch = batches;
    state.lastBatch = lastBatch;
    state.totalBatches = totalBatches;
    state.batchesThatStepped = batchesThatStepped;
    state.globalStep = globalStep;
    state.optimizerSteps = Arrays.copyOf(array(optimizerSteps), state.optimizers.size());
    state.evaluationSteps = array(evaluationSteps);
    state.accumulateGradBatches = accumulateGradBatches;
    state.nextAccumulateGradBatches = nextAccumulateGradBatches;
    state.monitoredPending = monitoredPending;
    state.epochMonitoredPending = epochMonitoredPending;
    state.resumeValidation(sinceValidationNanos);
  }
}
