package io.fulgur.tune;

import io.fulgur.Trainer;
import io.fulgur.callback.TuningCallback;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Generator;
import java.util.Optional;

/**
 * Finds hyperparameters for a trainer without training yet.
 *
 * <pre>{@code
 * Optional<LearningRateResult> found = new Tuner(trainer).lrFind(module, data);
 * found.ifPresent(result -> result.plot(Path.of("learning-rate.png")));
 * trainer.fit(module, data); // with the learning rate that was found
 * }</pre>
 *
 * <p>The callbacks {@link LearningRateFinder} and {@link BatchSizeFinder} do the same at the start
 * of a fit. Afterwards the trainer, the module's weights, the loaders and the random numbers are as
 * they were; only what was found is set. With {@code fastDevRun}, or with a limit of no training
 * batches, nothing is searched and the result is empty.
 *
 * @since 0.1
 */
public final class Tuner {
  private final Trainer trainer;

  /** Makes a tuner that tries things out as this trainer would do them. */
  public Tuner(Trainer trainer) {
    this.trainer = trainer;
  }

  /** As {@link #lrFind(FulgurModule, DataModule, LearningRateFinder)} with the usual options. */
  public Optional<LearningRateResult> lrFind(FulgurModule module, DataModule data) {
    return lrFind(module, data, LearningRateFinder.builder().build());
  }

  /**
   * Looks for a learning rate, and sets it unless the options say otherwise.
   *
   * @return the losses that were measured
   * @throws FulgurException if there is not exactly one optimizer, or the learning rate cannot be
   *     set
   */
  public Optional<LearningRateResult> lrFind(
      FulgurModule module, DataModule data, LearningRateFinder finder) {
    tune(module, data, finder);
    return finder.result();
  }

  /**
   * As {@link #scaleBatchSize(FulgurModule, DataModule, BatchSizeFinder)} with the usual options.
   */
  public Optional<BatchSizeResult> scaleBatchSize(FulgurModule module, DataModule data) {
    return scaleBatchSize(module, data, BatchSizeFinder.builder().build());
  }

  /**
   * Looks for the largest batch size for which the memory suffices, and sets it.
   *
   * @return what was tried
   * @throws FulgurException if no batch fits, or the batch size cannot be set
   */
  public Optional<BatchSizeResult> scaleBatchSize(
      FulgurModule module, DataModule data, BatchSizeFinder finder) {
    tune(module, data, finder);
    return finder.result();
  }

  /** Fits for no epoch at all, which tunes and does nothing else. */
  private void tune(FulgurModule module, DataModule data, TuningCallback finder) {
    Generator random = Generator.defaultGenerator();
    long seed = random.seed();
    long offset = random.offset();
    try (TrialData copies = TrialData.alone(data, module)) {
      trainer.tuning(finder).fit(module, copies);
    } finally {
      random.restore(seed, offset);
    }
  }
}
