package io.fulgur;

import org.jspecify.annotations.Nullable;

/**
 * How {@link Trainer#predict(io.fulgur.module.FulgurModule, io.fulgur.data.DataModule,
 * PredictOptions)} predicts.
 *
 * <pre>{@code
 * trainer.predict(module, data, PredictOptions.defaults().returnPredictions(false));
 * }</pre>
 *
 * @since 0.1
 */
public final class PredictOptions {
  private final boolean returnPredictions;
  private final @Nullable String ckptPath;

  private PredictOptions(boolean returnPredictions, @Nullable String ckptPath) {
    this.returnPredictions = returnPredictions;
    this.ckptPath = ckptPath;
  }

  /** Returns options that predict with the module as it is and return the predictions. */
  public static PredictOptions defaults() {
    return new PredictOptions(/* returnPredictions= */ true, null);
  }

  /**
   * Returns options that keep the predictions in memory and return them, or leave them to callbacks
   * such as {@link io.fulgur.callback.prediction.PredictionWriter}, so that there may be more than
   * memory holds.
   */
  public PredictOptions returnPredictions(boolean wanted) {
    return new PredictOptions(wanted, ckptPath);
  }

  /** Returns options that predict with the weights of a checkpoint: a path, {@code "best"}, ... */
  public PredictOptions ckptPath(String path) {
    return new PredictOptions(returnPredictions, path);
  }

  /** Returns whether predictions are returned. */
  public boolean returnsPredictions() {
    return returnPredictions;
  }

  /** Returns the checkpoint whose weights are used; null for the module as it is. */
  public @Nullable String ckptPath() {
    return ckptPath;
  }
}
