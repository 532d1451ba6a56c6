package io.fulgur.callback.prediction;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes predictions somewhere; a subclass says where and how.
 *
 * <pre>{@code
 * final class ToDatabase extends PredictionWriter {
 *   ToDatabase() {
 *     super(WriteInterval.BATCH);
 *   }
 *
 *   @Override
 *   protected void writeOnBatchEnd(Trainer trainer, FulgurModule module, PredictedBatch batch) {
 *     insert(batch.indices(), batch.output().get("prediction").toFloatArray());
 *   }
 * }
 *
 * trainer.predict(module, data, PredictOptions.defaults().returnPredictions(false));
 * }</pre>
 *
 * <p>With {@code returnPredictions(false)} and {@link WriteInterval#BATCH} no prediction outlives
 * its batch, however many there are. {@link JsonLinesPredictionWriter} and {@link
 * CsvPredictionWriter} write files so. Follows {@code
 * lightning.pytorch.callbacks.BasePredictionWriter}.
 *
 * @since 0.1
 */
public abstract class PredictionWriter implements Callback {
  private final WriteInterval interval;
  private final List<PredictedBatch> kept = new ArrayList<>();

  /** Makes a writer that writes at these times. */
  protected PredictionWriter(WriteInterval interval) {
    this.interval = interval;
  }

  /** Writes a batch; nothing unless overridden. Not called with {@link WriteInterval#EPOCH}. */
  protected void writeOnBatchEnd(Trainer trainer, FulgurModule module, PredictedBatch batch) {}

  /**
   * Writes all batches of all loaders, in order; nothing unless overridden. Not called with {@link
   * WriteInterval#BATCH}.
   */
  protected void writeOnEpochEnd(
      Trainer trainer, FulgurModule module, List<PredictedBatch> batches) {}

  /** {@inheritDoc} A subclass that overrides this calls it. */
  @Override
  public void onPredictStart(Trainer trainer, FulgurModule module) {
    forget();
  }

  @Override
  public final void onPredictBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    if (output == null) {
      return;
    }
    PredictedBatch predicted =
        new PredictedBatch(output, batch.indices(), batch.size(), batchIndex, dataloaderIndex);
    if (interval.isBatch()) {
      writeOnBatchEnd(trainer, module, predicted);
    }
    if (interval.isEpoch()) {
      kept.add(predicted.keep());
    }
  }

  @Override
  public final void onPredictEpochEnd(Trainer trainer, FulgurModule module) {
    if (interval.isEpoch()) {
      writeOnEpochEnd(trainer, module, List.copyOf(kept));
      forget();
    }
  }

  /** {@inheritDoc} A subclass that overrides this calls it. */
  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    forget();
  }

  private void forget() {
    kept.forEach(PredictedBatch::free);
    kept.clear();
  }
}
