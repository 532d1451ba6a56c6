package io.fulgur.log;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.checkpoint.State;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Takes what is logged, reduces it, and passes it on to callbacks, the progress display and loggers
 * when each is due.
 *
 * <p>The loops tell it which moment it is and when a batch, an epoch or an evaluation is over; a
 * moment decides at which levels a value counts. A name is resolved once for each moment to a
 * {@link LoggedValue}; from then on logging a value is a look-up and some stores into arrays.
 *
 * @since 0.1
 */
public final class LogConnector {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogConnector.class);

  static final String DATALOADER_INFIX = "/dataloader_idx_";

  private final LoggerGroup loggers;
  private final int logEveryNSteps;
  private final MetricStore callbackStore = new MetricStore();
  private final MetricStore progressStore = new MetricStore();
  private final MetricStore loggedStore = new MetricStore();
  private final LoggedValue.Stores stores =
      new LoggedValue.Stores(callbackStore, progressStore, loggedStore);
  private final OutgoingMetrics outgoing = new OutgoingMetrics();

  private ResultTable training = new ResultTable();

  /** The first is of all loaders together, then one for each. */
  private List<ResultTable> evaluation = new ArrayList<>();

  private ResultTable table = training;
  private Moment moment = Moment.NONE;
  private boolean evaluating;
  private boolean epochReached;
  private boolean restored;
  private boolean silent;
  private boolean warned;
  private int dataloaders = 1;
  private int dataloader;
  private int batchSize = 1;

  /** Makes the connector of a trainer. */
  public LogConnector(List<Logger> loggers, int logEveryNSteps) {
    this.loggers = new LoggerGroup(loggers);
    this.logEveryNSteps = logEveryNSteps;
  }

  // ---------------------------------------------------------------- what was logged

  /** Returns the newest values for callbacks to look at. */
  public Map<String, Double> callbackMetrics() {
    return callbackStore.toMap();
  }

  /** Returns the newest values that were sent to loggers. */
  public Map<String, Double> loggedMetrics() {
    return loggedStore.toMap();
  }

  /** Returns the newest values for the progress display. */
  public Map<String, Double> progressBarMetrics() {
    return progressStore.toMap();
  }

  // ---------------------------------------------------------------- logging

  /**
   * Enters a moment.
   *
   * @return the moment before, to be entered again afterwards
   */
  public Moment enter(Moment next) {
    Moment before = moment;
    moment = next;
    return before;
  }

  /** Returns the moment it is. */
  public Moment moment() {
    return moment;
  }

  /**
   * Logs a value.
   *
   * @param value a number, a tensor of one element, or a {@link ScalarMetric}, which is computed
   *     for the epoch and reset when that is over
   * @throws io.fulgur.error.FulgurException if it is none of these, if nothing may be logged at
   *     this moment, or if the options contradict it or those of an earlier call
   */
  public void log(String name, Object value, LogOptions options) {
    if (silent) {
      warnOfSilence(name);
      return;
    }
    LoggedValue logged = table.find(moment, name, options);
    if (logged == null) {
      logged = define(name, options);
    } else if (logged.options != options && !logged.options.equals(options)) {
      throw LogErrors.changed(name, moment, logged.options, options);
    }
    if (value instanceof ScalarMetric metric) {
      logged.add(LoggedInputs.metric(metric, logged, moment, evaluating ? training : null));
    } else {
      int weight = options.weight();
      logged.add(LoggedInputs.number(name, value, logged, moment), weight > 0 ? weight : batchSize);
    }
    double number = logged.latest();
    if (logged.onStep && !evaluating) {
      callbackStore.set(logged.stepInCallbacks, number);
      callbackStore.set(logged.plainInCallbacks, number);
      if (options.inProgressBar()) {
        progressStore.set(logged.stepInProgress, number);
      }
    }
    if (epochReached && logged.onEpoch) {
      publish(logged);
    }
  }

  /** Lets {@link #log} do nothing from now on, but warn once. */
  public void silence() {
    silent = true;
  }

  private void warnOfSilence(String name) {
    if (!warned) {
      warned = true;
      LOG.warn(
          "log(\"{}\") does nothing, nor does any other call of it: the trainer is barebones",
          name);
    }
  }

  private LoggedValue define(String name, LogOptions options) {
    Moment.Rule rule = LoggedInputs.rule(name, options, moment);
    Boolean step = options.stepLevel();
    Boolean epoch = options.epochLevel();
    boolean onStep = step == null ? rule == Moment.Rule.STEP : step;
    boolean onEpoch = epoch == null ? rule != Moment.Rule.STEP : epoch;
    if (!onStep && !onEpoch) {
      throw LogErrors.noLevel(name);
    }
    boolean ofOneLoader = evaluating && table != evaluation.get(0);
    String full =
        ofOneLoader && dataloaders > 1 && options.withDataloaderIndex()
            ? name + DATALOADER_INFIX + dataloader
            : name;
    LoggedValue made =
        new LoggedValue(full, ofOneLoader ? dataloader : -1, options, onStep, onEpoch, stores);
    table.add(moment, name, made);
    return made;
  }

  // ---------------------------------------------------------------- the loops' calls

  /** Forgets everything; a new run begins. */
  public void startRun() {
    training.reset();
    training = new ResultTable();
    evaluation = new ArrayList<>();
    table = training;
    evaluating = false;
    epochReached = false;
    restored = false;
    batchSize = 1;
    forgetValues();
  }

  /** Forgets the values that others see, as after a sanity check. */
  public void forgetValues() {
    callbackStore.clear();
    progressStore.clear();
    loggedStore.clear();
  }

  /** Starts gathering a training epoch, or goes on with the one that was restored. */
  public void startTrainingEpoch() {
    if (!restored) {
      training.reset();
    }
    restored = false;
    epochReached = false;
  }

  /** Returns what was gathered of the training epoch, if it goes on; metrics are named. */
  public State trainingState(Function<Metric, @Nullable String> names) {
    return TrainingLog.save(training, epochReached && !evaluating, names);
  }

  /** Goes on with what {@link #trainingState} returned. */
  public void loadTrainingState(State state, Map<String, ? extends Metric> metrics) {
    Moment before = moment;
    TrainingLog.load(
        state,
        metrics,
        (at, name, options) -> {
          moment = at;
          return define(name, options);
        });
    moment = before;
    restored = true;
  }

  /** Says how many samples the values weigh that are logged from now on. */
  public void startBatch(int samples) {
    batchSize = samples;
  }

  /**
   * Ends a training batch.
   *
   * @param due whether the loggers may get values of this batch
   * @param step where they belong on the x axis
   */
  public void endTrainingBatch(boolean due, long step, int epoch) {
    batchSize = 1;
    sendSteps(training, due, step, epoch);
  }

  /** Returns whether step values are to be sent at a step, counted from 0. */
  public boolean isDue(long step) {
    return logEveryNSteps > 0 && (step + 1) % logEveryNSteps == 0;
  }

  private void sendSteps(ResultTable from, boolean due, long step, int epoch) {
    outgoing.start(step);
    List<LoggedValue> all = from.all();
    for (int i = 0; i < all.size(); i++) {
      LoggedValue logged = all.get(i);
      if (logged.fresh) {
        logged.fresh = false;
        if (due && logged.onStep && logged.options.toLoggers()) {
          outgoing.add(logged.stepName, logged.latest());
          loggedStore.set(logged.stepInLogged, logged.latest());
        }
      }
    }
    send(epoch);
  }

  /** Publishes the reduced values of the training epoch; what is logged from now on follows. */
  public void reachEndOfTrainingEpoch() {
    epochReached = true;
    publishAll(training);
  }

  /** Sends the reduced values of the training epoch to the loggers and starts afresh. */
  public void endTrainingEpoch(long step, int epoch) {
    outgoing.start(step);
    gatherEpoch(training);
    send(epoch);
    training.reset();
    epochReached = false;
  }

  /** Starts an evaluation, within a training epoch or alone. */
  public void startEvaluation(int loaders) {
    evaluating = true;
    dataloaders = loaders;
    while (evaluation.size() < loaders + 1) {
      evaluation.add(new ResultTable());
    }
    evaluation.forEach(ResultTable::reset);
    table = evaluation.get(0);
    epochReached = false;
    batchSize = 1;
  }

  /** Says which loader the values belong to that are logged from now on. */
  public void startDataloader(int index) {
    if (index > 0) {
      evaluation.get(index).settleMetrics();
    }
    dataloader = index;
    table = evaluation.get(1 + index);
  }

  /**
   * Ends a batch of an evaluation.
   *
   * @param step how many batches of this loader have been seen before
   */
  public void endEvaluationBatch(long step, int epoch) {
    batchSize = 1;
    sendSteps(table, isDue(step), step, epoch);
  }

  /** Publishes the reduced values of all loaders; what is logged from now on belongs to all. */
  public void reachEndOfEvaluation() {
    table = evaluation.get(0);
    epochReached = true;
    evaluation.forEach(this::publishAll);
  }

  /** Sends the reduced values to the loggers, unless this was only a try. */
  public void sendEvaluation(long step, int epoch) {
    outgoing.start(step);
    for (ResultTable each : evaluation) {
      gatherEpoch(each);
    }
    send(epoch);
  }

  /** Ends the evaluation and returns the reduced values of each loader. */
  public List<Map<String, Double>> endEvaluation() {
    List<Map<String, Double>> results = new ArrayList<>();
    for (int i = 0; i < dataloaders; i++) {
      Map<String, Double> result = new LinkedHashMap<>();
      evaluation.get(1 + i).collect(result);
      evaluation.get(0).collect(result);
      results.add(result);
    }
    leaveEvaluation();
    return results;
  }

  /** Ends a run, also one that failed: nothing is left in a metric. */
  public void endRun() {
    leaveEvaluation();
    training.reset();
  }

  /** Goes back to gathering for training, whatever was being done. */
  public void leaveEvaluation() {
    if (evaluating) {
      evaluation.forEach(ResultTable::reset);
    }
    evaluating = false;
    epochReached = false;
    dataloaders = 1;
    table = training;
    batchSize = 1;
  }

  /**
   * Returns whether a metric's epoch is over although the metric is reset only after all have seen
   * it: a checkpoint that is saved now goes on with an empty one.
   */
  public boolean isOver(Metric metric) {
    if (evaluating) {
      return evaluation.stream().anyMatch(each -> each.nameOf(metric) != null);
    }
    return epochReached && training.nameOf(metric) != null;
  }

  private void publishAll(ResultTable from) {
    for (LoggedValue logged : from.all()) {
      if (logged.hasEpochValue()) {
        publish(logged);
      }
    }
  }

  private void publish(LoggedValue logged) {
    double value = logged.reduced();
    callbackStore.set(logged.epochInCallbacks, value);
    callbackStore.set(logged.plainInCallbacks, value);
    if (logged.options.inProgressBar()) {
      progressStore.set(logged.epochInProgress, value);
    }
  }

  private void gatherEpoch(ResultTable from) {
    for (LoggedValue logged : from.all()) {
      if (logged.hasEpochValue() && logged.options.toLoggers()) {
        double value = logged.reduced();
        outgoing.add(logged.epochName, value);
        loggedStore.set(logged.epochInLogged, value);
      }
    }
  }

  private void send(int epoch) {
    if (outgoing.size() == 0) {
      return;
    }
    outgoing.addEpoch(epoch);
    loggers.logMetrics(outgoing, outgoing.step());
  }

  // ---------------------------------------------------------------- loggers

  /** Passes the hyperparameters of a run on. */
  public void logHyperparameters(Hyperparameters hyperparameters) {
    loggers.each("logHyperparameters", logger -> logger.logHyperparameters(hyperparameters));
  }

  /** Tells that a checkpoint was written. */
  public void afterSaveCheckpoint(CheckpointCallback callback) {
    loggers.each("afterSaveCheckpoint", logger -> logger.afterSaveCheckpoint(callback));
  }

  /** Makes everything sent so far safe. */
  public void save() {
    loggers.each("save", Logger::save);
  }

  /**
   * Ends the run of every logger, also if one of them fails.
   *
   * @throws io.fulgur.error.FulgurException the first failure
   */
  public void finish(RunStatus status) {
    loggers.finish(status);
  }
}
