package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which loaders a run reads, and how what they give becomes batches of tensors.
 *
 * <p>A {@link DataModule} has these methods, and so has a {@link io.fulgur.module.FulgurModule},
 * for one that brings its own data. A run asks the data module first, and the module for what that
 * does not override or does not have.
 *
 * @since 0.1
 */
public interface DataHooks {
  /**
   * Changes a batch while it is in plain Java memory, on the training thread. What takes long
   * belongs into a {@link Transform} or {@link Collate}, which worker threads run.
   *
   * @param dataloaderIndex which of the run's loaders the batch is from
   */
  default HostBatch onBeforeBatchTransfer(HostBatch batch, int dataloaderIndex) {
    return batch;
  }

  /**
   * Makes the tensors of a batch; {@link HostBatch#toBatch()} by default.
   *
   * @param dataloaderIndex which of the run's loaders the batch is from
   */
  default Batch transferBatch(HostBatch batch, int dataloaderIndex) {
    return batch.toBatch();
  }

  /**
   * Changes a batch of tensors before any step sees it, e.g. with augmentations that the device
   * computes.
   *
   * @param dataloaderIndex which of the run's loaders the batch is from
   */
  default Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
    return batch;
  }

  /**
   * Returns the loader of the training data.
   *
   * @throws FulgurException if this is not overridden
   */
  default DataLoader trainLoader() {
    throw new FulgurException(
        ErrorId.NO_LOADER,
        "%s has no loader of training data. Override trainLoader()."
            .formatted(DataErrors.name(this)));
  }

  /** Returns the loader of the validation data; null, the default, if there is none. */
  default @Nullable DataLoader validationLoader() {
    return null;
  }

  /** Returns the loaders of the validation data; {@link #validationLoader()} alone by default. */
  default List<DataLoader> validationLoaders() {
    return listOf(validationLoader());
  }

  /** Returns the loader of the test data; null, the default, if there is none. */
  default @Nullable DataLoader testLoader() {
    return null;
  }

  /** Returns the loaders of the test data; {@link #testLoader()} alone by default. */
  default List<DataLoader> testLoaders() {
    return listOf(testLoader());
  }

  /** Returns the loader of the data to predict; null, the default, if there is none. */
  default @Nullable DataLoader predictLoader() {
    return null;
  }

  /** Returns the loaders of the data to predict; {@link #predictLoader()} alone by default. */
  default List<DataLoader> predictLoaders() {
    return listOf(predictLoader());
  }

  private static List<DataLoader> listOf(@Nullable DataLoader loader) {
    return loader == null ? List.of() : List.of(loader);
  }
}
