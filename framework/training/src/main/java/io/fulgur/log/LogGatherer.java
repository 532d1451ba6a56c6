package io.fulgur.log;

import io.fulgur.checkpoint.State;
import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is logged, at the levels that the moment and the options say, and reduces it for each
 * epoch.
 *
 * <p>A name is resolved once for each moment to a {@link LoggedValue}; from then on logging a value
 * is a look-up and some stores into arrays.
 */
final class LogGatherer {
  static final String DATALOADER_INFIX = "/dataloader_idx_";

  private static final Logger LOG = LoggerFactory.getLogger(LogGatherer.class);

  private final MetricStores stores;
  private final boolean hasLoggers;
  private final DeviceScalars scalars;

  private ResultTable training = new ResultTable();

  /** The first is of all loaders together, then one for each. */
  private List<ResultTable> evaluation = new ArrayList<>();

  private ResultTable table = training;
  private Moment moment = Moment.NONE;
  private boolean silent;
  private boolean evaluating;
  private boolean epochReached;
  private int dataloaders = 1;
  private int dataloader;
  private int batchSize = 1;
  private boolean batchSizeIsAGuess;
  private boolean warnedOfBatchSize;
  private boolean warnedOfLoggers;
  private boolean warnedOfSilence;

  /**
   * @param isReadable whether the host reads an engine's memory without waiting
   */
  LogGatherer(MetricStores stores, boolean hasLoggers, Predicate<Engine> isReadable) {
    this.stores = stores;
    this.hasLoggers = hasLoggers;
    this.scalars = new DeviceScalars(isReadable);
  }

  // ---------------------------------------------------------------- logging

  Moment enter(Moment next) {
    Moment before = moment;
    moment = next;
    return before;
  }

  Moment moment() {
    return moment;
  }

  void silence() {
    silent = true;
  }

  void log(String name, @Nullable Object value, LogOptions options) {
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
    } else if (value instanceof Tensor tensor) {
      LoggedInputs.requireScalar(name, tensor, logged, moment);
      if (scalars.takes(tensor)) {
        logged.add(tensor, weight(logged), scalars);
      } else {
        logged.add(tensor.item(), weight(logged));
      }
    } else {
      logged.add(LoggedInputs.number(name, value, logged, moment), weight(logged));
    }
    // An evaluation is looked at when it is over.
    if (logged.onStep && !evaluating) {
      showLatest(logged);
    }
    if (epochReached && logged.onEpoch) {
      publish(logged);
    }
  }

  private void warnOfSilence(String name) {
    if (!warnedOfSilence) {
      warnedOfSilence = true;
      LOG.warn(
          "log(\"{}\") does nothing, nor does any other call of it: the trainer is barebones",
          name);
    }
  }

  private int weight(LoggedValue logged) {
    int given = logged.options.weight();
    if (given > 0) {
      return given;
    }
    if (batchSizeIsAGuess
        && !warnedOfBatchSize
        && logged.onEpoch
        && logged.options.reduction() == Reduction.MEAN) {
      warnedOfBatchSize = true;
      LOG.warn(
          "\"{}\" is weighted with {} samples, the size of the batch's first part, but other parts"
              + " have other sizes. Say LogOptions.batchSize(n) to weight it otherwise",
          logged.name,
          batchSize);
    }
    return batchSize;
  }

  private void showLatest(LoggedValue logged) {
    stores.callback().setLatest(logged.stepInCallbacks, logged);
    stores.callback().setLatest(logged.plainInCallbacks, logged);
    if (logged.options.inProgressBar()) {
      stores.progress().setLatest(logged.stepInProgress, logged);
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
    if (Boolean.TRUE.equals(options.loggerChoice()) && !hasLoggers && !warnedOfLoggers) {
      warnedOfLoggers = true;
      LOG.warn(
          "\"{}\" is logged with logger(true), but the trainer has no logger. Give it one with"
              + " Trainer.builder().logger(...)",
          name);
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

  void startBatch(int samples, boolean isAGuess) {
    batchSize = samples;
    batchSizeIsAGuess = isAGuess;
  }

  void endBatch() {
    startBatch(1, /* isAGuess= */ false);
  }

  // ---------------------------------------------------------------- training

  void startRun() {
    training.reset();
    training = new ResultTable();
    evaluation = new ArrayList<>();
    table = training;
    evaluating = false;
    epochReached = false;
    warnedOfBatchSize = false;
    warnedOfLoggers = false;
    warnedOfSilence = false;
    endBatch();
    stores.clear();
    scalars.clear();
  }

  void mark() {
    training.mark();
    scalars.mark();
  }

  State trainingState(Function<Metric, @Nullable String> names, boolean asMarked) {
    TrainingLog.Extent extent =
        epochReached && !evaluating
            ? TrainingLog.Extent.NOTHING
            : asMarked ? TrainingLog.Extent.AS_MARKED : TrainingLog.Extent.ALL;
    return TrainingLog.save(training, extent, names);
  }

  void loadTrainingState(State state, Map<String, ? extends Metric> metrics) {
    Moment before = moment;
    TrainingLog.load(
        state,
        metrics,
        (at, name, options) -> {
          moment = at;
          // What was logged when training began is there already.
          LoggedValue known = training.find(at, name, options);
          return known == null ? define(name, options) : known;
        });
    moment = before;
    training.all().stream().filter(each -> each.fresh && each.onStep).forEach(this::showLatest);
  }

  /** Publishes the reduced values of the training epoch; what is logged from now on follows. */
  void reachEndOfTrainingEpoch() {
    epochReached = true;
    publishAll(training);
  }

  void endTrainingEpoch() {
    training.reset();
    epochReached = false;
  }

  /** Returns what was logged in training. */
  ResultTable training() {
    return training;
  }

  // ---------------------------------------------------------------- evaluation

  void startEvaluation(int loaders) {
    evaluating = true;
    dataloaders = loaders;
    while (evaluation.size() < loaders + 1) {
      evaluation.add(new ResultTable());
    }
    evaluation.forEach(ResultTable::reset);
    table = evaluation.get(0);
    epochReached = false;
    endBatch();
  }

  void startDataloader(int index) {
    if (index > 0) {
      evaluation.get(index).settleMetrics();
    }
    dataloader = index;
    table = evaluation.get(1 + index);
  }

  /** Publishes the reduced values of all loaders; what is logged from now on belongs to all. */
  void reachEndOfEvaluation() {
    table = evaluation.get(0);
    epochReached = true;
    evaluation.forEach(this::publishAll);
  }

  /** Returns the reduced values of each loader. */
  List<Map<String, Double>> evaluationResults() {
    List<Map<String, Double>> results = new ArrayList<>();
    for (int i = 0; i < dataloaders; i++) {
      Map<String, Double> result = new LinkedHashMap<>();
      evaluation.get(1 + i).collect(result);
      evaluation.get(0).collect(result);
      results.add(result);
    }
    return results;
  }

  /** Goes back to gathering for training, whatever was being done. */
  void leaveEvaluation() {
    if (evaluating) {
      evaluation.forEach(ResultTable::reset);
    }
    evaluating = false;
    epochReached = false;
    dataloaders = 1;
    table = training;
    endBatch();
  }

  /** Returns what was logged in an evaluation: of all loaders together, then of each. */
  List<ResultTable> evaluation() {
    return evaluation;
  }

  /** Returns what is being logged to: of training, of one loader, or of all. */
  ResultTable table() {
    return table;
  }

  /** Ends a run, also one that failed: nothing is left in a metric. */
  void endRun() {
    leaveEvaluation();
    training.reset();
  }

  boolean isOver(Metric metric) {
    if (evaluating) {
      return evaluation.stream().anyMatch(each -> each.nameOf(metric) != null);
    }
    return epochReached && training.nameOf(metric) != null;
  }

  /** Returns how often values were copied from a device. */
  long deviceReads() {
    return scalars.reads();
  }

  // ---------------------------------------------------------------- publishing

  private void publishAll(ResultTable from) {
    for (LoggedValue logged : from.all()) {
      if (logged.hasEpochValue()) {
        publish(logged);
      }
    }
  }

  private void publish(LoggedValue logged) {
    double value = logged.reduced();
    stores.callback().set(logged.epochInCallbacks, value);
    stores.callback().set(logged.plainInCallbacks, value);
    if (logged.options.inProgressBar()) {
      stores.progress().set(logged.epochInProgress, value);
    }
  }
}
