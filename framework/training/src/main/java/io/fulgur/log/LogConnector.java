package io.fulgur.log;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.checkpoint.State;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Engine;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the loops of a trainer tell of a run so that logging works: which moment it is, and when a
 * batch, an epoch or an evaluation is over.
 *
 * <p>Two others do the work: a {@link LogGatherer} takes and reduces values, and a {@link
 * LogSender} passes them on to the loggers when they are due.
 *
 * @since 0.1
 */
public final class LogConnector {
  private final MetricStores stores = new MetricStores();
  private final LoggerThread loggers;
  private final LogGatherer gatherer;
  private final LogSender sender;

  /**
   * Makes the connector of a trainer.
   *
   * @param profiler measures what the loggers do
   */
  public LogConnector(List<Logger> loggers, int logEveryNSteps, Profiler profiler) {
    this(loggers, logEveryNSteps, profiler, Engine::isHostAddressable);
  }

  /**
   * @param isReadable whether the host reads an engine's memory without waiting
   */
  LogConnector(
      List<Logger> loggers, int logEveryNSteps, Profiler profiler, Predicate<Engine> isReadable) {
    this.loggers = new LoggerThread(loggers, profiler);
    this.gatherer = new LogGatherer(stores, !loggers.isEmpty(), isReadable);
    this.sender = new LogSender(this.loggers, logEveryNSteps, stores.logged());
  }

  // ---------------------------------------------------------------- what was logged

  /** Returns the newest values for callbacks to look at. */
  public Map<String, Double> callbackMetrics() {
    return stores.callback().toMap();
  }

  /** Returns the newest values that were sent to loggers. */
  public Map<String, Double> loggedMetrics() {
    return stores.logged().toMap();
  }

  /** Returns the newest values for the progress display. */
  public Map<String, Double> progressBarMetrics() {
    return stores.progress().toMap();
  }

  // ---------------------------------------------------------------- logging

  /**
   * Enters a moment.
   *
   * @return the moment before, to be entered again afterwards
   */
  public Moment enter(Moment next) {
    return gatherer.enter(next);
  }

  /** Returns the moment it is. */
  public Moment moment() {
    return gatherer.moment();
  }

  /** Drops whatever is logged from now on, with a warning. */
  public void silence() {
    gatherer.silence();
  }

  /**
   * Logs a value.
   *
   * @param value a number, a tensor of one element, or a {@link ScalarMetric}, which is computed
   *     for the epoch and reset when that is over
   * @throws io.fulgur.error.FulgurException if it is none of these, if nothing may be logged at
   *     this moment, or if the options contradict it or those of an earlier call
   */
  public void log(String name, @Nullable Object value, LogOptions options) {
    gatherer.log(name, value, options);
  }

  // ---------------------------------------------------------------- training

  /** Forgets everything; a new run begins. */
  public void startRun() {
    gatherer.startRun();
    loggers.forgetFailure();
  }

  /** Forgets the values that others see, as after a sanity check. */
  public void forgetValues() {
    stores.clear();
  }

  /** Remembers what was gathered, for a checkpoint that goes on from here. */
  public void mark() {
    gatherer.mark();
  }

  /**
   * Returns what was gathered of the training epoch, if it goes on; metrics are named.
   *
   * @param asMarked whether to leave out what was logged since {@link #mark}
   */
  public State trainingState(Function<Metric, @Nullable String> names, boolean asMarked) {
    return gatherer.trainingState(names, asMarked);
  }

  /** Goes on with what {@link #trainingState} returned. */
  public void loadTrainingState(State state, Map<String, ? extends Metric> metrics) {
    gatherer.loadTrainingState(state, metrics);
  }

  /**
   * Says how many samples the values weigh that are logged from now on.
   *
   * @param isAGuess whether parts of the batch have other sizes
   */
  public void startBatch(int samples, boolean isAGuess) {
    gatherer.startBatch(samples, isAGuess);
  }

  /** Returns whether step values are to be sent at a step, counted from 0. */
  public boolean isDue(long step) {
    return sender.isDue(step);
  }

  /**
   * Ends a training batch.
   *
   * @param due whether the loggers may get values of this batch, if they get any of steps
   * @param step where they belong on the x axis
   */
  public void endTrainingBatch(boolean due, long step, int epoch) {
    gatherer.endBatch();
    sender.sendSteps(gatherer.training(), due && sender.sendsSteps(), step, epoch);
  }

  /**
   * Keeps a value of the trainer's own for what loggers get next. Nobody has logged it: callbacks
   * and results do not see it, and a metric of that name is sent instead.
   */
  public void note(String name, double value) {
    sender.note(name, value);
  }

  /** Publishes the reduced values of the training epoch; what is logged from now on follows. */
  public void reachEndOfTrainingEpoch() {
    gatherer.reachEndOfTrainingEpoch();
  }

  /** Sends the reduced values of the training epoch to the loggers and starts afresh. */
  public void endTrainingEpoch(long step, int epoch) {
    sender.sendEpoch(List.of(gatherer.training()), step, epoch);
    gatherer.endTrainingEpoch();
  }

  // ---------------------------------------------------------------- evaluation

  /** Starts an evaluation, within a training epoch or alone. */
  public void startEvaluation(int loaders) {
    gatherer.startEvaluation(loaders);
  }

  /** Says which loader the values belong to that are logged from now on. */
  public void startDataloader(int index) {
    gatherer.startDataloader(index);
  }

  /**
   * Ends a batch of an evaluation.
   *
   * @param step how many batches of this loader have been seen before
   */
  public void endEvaluationBatch(long step, int epoch) {
    gatherer.endBatch();
    sender.sendSteps(gatherer.table(), sender.isDue(step), step, epoch);
  }

  /** Publishes the reduced values of all loaders; what is logged from now on belongs to all. */
  public void reachEndOfEvaluation() {
    gatherer.reachEndOfEvaluation();
  }

  /** Sends the reduced values to the loggers, unless this was only a try. */
  public void sendEvaluation(long step, int epoch) {
    sender.sendEpoch(gatherer.evaluation(), step, epoch);
  }

  /** Ends the evaluation and returns the reduced values of each loader. */
  public List<Map<String, Double>> endEvaluation() {
    List<Map<String, Double>> results = gatherer.evaluationResults();
    gatherer.leaveEvaluation();
    return results;
  }

  /** Goes back to gathering for training, whatever was being done. */
  public void leaveEvaluation() {
    gatherer.leaveEvaluation();
  }

  /** Ends a run, also one that failed: nothing is left in a metric. */
  public void endRun() {
    gatherer.endRun();
  }

  /**
   * Returns whether a metric's epoch is over although the metric is reset only after all have seen
   * it: a checkpoint that is saved now goes on with an empty one.
   */
  public boolean isOver(Metric metric) {
    return gatherer.isOver(metric);
  }

  /** Returns how often values were copied from a device. */
  long deviceReads() {
    return gatherer.deviceReads();
  }

  // ---------------------------------------------------------------- loggers

  /**
   * Passes the hyperparameters of a run on, and waits: a logger that cannot write says so before
   * training begins.
   */
  public void logHyperparameters(Hyperparameters hyperparameters) {
    loggers.callAndWait("logHyperparameters", logger -> logger.logHyperparameters(hyperparameters));
  }

  /** Tells the loggers that listen for it that a checkpoint was written. */
  public void afterSaveCheckpoint(CheckpointCallback callback) {
    loggers.afterSaveCheckpoint(callback);
  }

  /** Has everything sent so far made safe, without waiting for it. */
  public void save() {
    loggers.call("save", Logger::save);
  }

  /**
   * Ends the run of every logger, also if one of them fails, when all they were sent is done.
   *
   * @throws io.fulgur.error.FulgurException the first failure that was not thrown yet
   */
  public void finish(RunStatus status) {
    loggers.finish(status);
  }
}
