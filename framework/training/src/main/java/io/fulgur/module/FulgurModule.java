package io.fulgur.module;

import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.data.DataHooks;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.log.LogOptions;
import io.fulgur.metric.MetricCollection;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.tensor.Tensor;
import io.fulgur.weave.HyperparameterCapture;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network together with how it is trained.
 *
 * <p>A subclass overrides {@link #forward} and annotates methods as {@link
 * io.fulgur.annotation.TrainingStep}, {@link io.fulgur.annotation.ConfigureOptimizers} and so on;
 * other moments of a run are taken with {@link io.fulgur.annotation.On}. What is not added to a run
 * but replaces a part of it is overridden: the parts of a training step that {@link
 * TrainableModule} lists, and the loaders and the transfer of batches in {@link DataHooks}, for a
 * module that brings its own data.
 *
 * <p>Without a running trainer a module is an ordinary {@link io.fulgur.nn.Module}, and its steps
 * can be called like any method; {@link #log} then does nothing.
 *
 * @since 0.1
 */
public abstract class FulgurModule extends TrainableModule implements DataHooks {
  private static final Logger LOG = LoggerFactory.getLogger(FulgurModule.class);

  private transient boolean warned;

  /** Makes a module without a trainer. */
  protected FulgurModule() {}

  /**
   * Returns an input that {@link #forward} takes, of any values: by it the summary at the start of
   * a fit shows what the parts of this module return and how many floating-point operations they
   * take. None unless overridden.
   */
  public Optional<Tensor> exampleInput() {
    return Optional.empty();
  }

  // ---------------------------------------------------------------- logging

  /** Logs a tensor of one element, as what is usual for the method that logs it. */
  public final void log(String name, Tensor value) {
    logValue(name, value, LogOptions.defaults());
  }

  /** Logs a number, as what is usual for the method that logs it. */
  public final void log(String name, double value) {
    logValue(name, value, LogOptions.defaults());
  }

  /**
   * Logs a tensor of one element.
   *
   * <p>In memory that the host can address the value is read at once, for some nanoseconds. On a
   * device it stays there, and is read when somebody asks for it: a logger that is due, a callback
   * or the progress display.
   */
  public final void log(String name, Tensor value, LogOptions options) {
    logValue(name, value, options);
  }

  /** Logs a number. */
  public final void log(String name, double value, LogOptions options) {
    logValue(name, value, options);
  }

  /** Logs a metric, as what is usual for the method that logs it. */
  public final void log(String name, ScalarMetric metric) {
    logValue(name, metric, LogOptions.defaults());
  }

  /**
   * Logs a metric, which a field of this module must hold: for a step the {@linkplain
   * ScalarMetric#batchValue value of the newest batch} when somebody asks for it, for an epoch what
   * it {@linkplain ScalarMetric#compute computes} at the end. It is reset when all have seen the
   * epoch's value.
   *
   * <p>Of several dataloaders, each has a value of its own. In training and in an evaluation within
   * it, two metrics are needed.
   */
  public final void log(String name, ScalarMetric metric, LogOptions options) {
    logValue(name, metric, options);
  }

  /** Logs the metrics of a collection that are single numbers, under their names. */
  public final void logAll(MetricCollection metrics) {
    logAll(metrics, LogOptions.defaults());
  }

  /** Logs the metrics of a collection that are single numbers, under their names. */
  public final void logAll(MetricCollection metrics, LogOptions options) {
    metrics
        .metrics()
        .forEach(
            (name, metric) -> {
              if (metric instanceof ScalarMetric) {
                logValue(name, metric, options);
              }
            });
  }

  /** Logs several values: numbers, tensors of one element or metrics by name. */
  public final void logAll(Map<String, ?> values) {
    logAll(values, LogOptions.defaults());
  }

  /** Logs several values: numbers, tensors of one element or metrics by name. */
  public final void logAll(Map<String, ?> values, LogOptions options) {
    values.forEach(
        (name, value) ->
            logValue(name, value instanceof Number number ? number.doubleValue() : value, options));
  }

  private void logValue(String name, Object value, LogOptions options) {
    ModuleContext running = context();
    if (running != null) {
      running.log(name, value, options);
    } else if (!warned) {
      warned = true;
      LOG.warn(
          "{} logs \"{}\", but no trainer runs it, so what it logs is dropped.",
          Signatures.name(getClass()),
          name);
    }
  }

  // ---------------------------------------------------------------- the run

  /** Returns the number of completed training epochs; 0 without a trainer. */
  public final int currentEpoch() {
    ModuleContext running = context();
    return running == null ? 0 : running.currentEpoch();
  }

  /** Returns the number of optimizer steps taken; 0 without a trainer. */
  public final long globalStep() {
    ModuleContext running = context();
    return running == null ? 0 : running.globalStep();
  }

  /**
   * Leaves out the rest of the training epoch; called at {@link
   * io.fulgur.annotation.Hook#TRAIN_BATCH_START}, the batch as well. Does nothing without a
   * trainer.
   */
  public final void skipRestOfEpoch() {
    ModuleContext running = context();
    if (running != null) {
      running.skipRestOfEpoch();
    }
  }

  // ---------------------------------------------------------------- hyperparameters

  /**
   * Returns what the constructor was called with, if the class has {@link
   * io.fulgur.annotation.SaveHyperparameters}; none otherwise. Available once the constructor has
   * returned.
   *
   * @throws io.fulgur.error.FulgurException if the class wants its hyperparameters saved, but
   *     neither the build nor the agent has woven it, and it was not made by {@link ModuleFactory}
   */
  public final Hyperparameters hparams() {
    return HyperparameterCapture.of(this);
  }

  /**
   * Builds a module from what a checkpoint says of its constructor's arguments, and loads its
   * weights.
   *
   * @throws io.fulgur.error.FulgurException if the checkpoint cannot be read, or does not fit the
   *     class
   */
  public static <T extends FulgurModule> T loadFromCheckpoint(Class<T> type, Path path) {
    return loadFromCheckpoint(type, path, Map.of());
  }

  /**
   * Builds a module from what a checkpoint says of its constructor's arguments, and loads its
   * weights.
   *
   * <p>The constructor is the one whose parameters have the names of the saved hyperparameters and
   * of {@code overrides}. All weights must be there and fit; the module is converted to their
   * floating-point type. Nothing in the file chooses a class. The checkpoint is read as a trainer
   * would read it: by the {@link CheckpointIO} of a plugin, else as a file.
   *
   * @param type the class, as it was when the checkpoint was saved
   * @param path the checkpoint
   * @param overrides arguments by name that replace saved ones or add what was not saved
   * @throws io.fulgur.error.FulgurException if the checkpoint cannot be read, no constructor takes
   *     these names, a value does not fit its parameter, or the weights do not fit
   */
  public static <T extends FulgurModule> T loadFromCheckpoint(
      Class<T> type, Path path, Map<String, ? extends @Nullable Object> overrides) {
    return loadFromCheckpoint(type, path, overrides, TrainerParts.defaultCheckpointIO());
  }

  /**
   * As {@link #loadFromCheckpoint(Class, Path, Map)}, reading the checkpoint by an IO of one's own,
   * for a trainer that was given one.
   */
  public static <T extends FulgurModule> T loadFromCheckpoint(
      Class<T> type,
      Path path,
      Map<String, ? extends @Nullable Object> overrides,
      CheckpointIO io) {
    return ModuleLoader.load(type, path, overrides, io);
  }
}
