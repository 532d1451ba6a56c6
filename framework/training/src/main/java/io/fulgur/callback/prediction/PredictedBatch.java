package io.fulgur.callback.prediction;

import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import java.util.Map;

/**
 * What a module has predicted for a batch.
 *
 * @since 0.1
 */
public final class PredictedBatch {
  private final StepOutput output;
  private final long[] indices;
  private final int size;
  private final int batchIndex;
  private final int dataloaderIndex;

  PredictedBatch(StepOutput output, long[] indices, int size, int batchIndex, int dataloaderIndex) {
    this.output = output;
    this.indices = indices;
    this.size = size;
    this.batchIndex = batchIndex;
    this.dataloaderIndex = dataloaderIndex;
  }

  /** Returns what the predict step returned; its tensors live until the method that got it ends. */
  public StepOutput output() {
    return output;
  }

  /** Returns which samples of the data set these are, as {@link io.fulgur.data.Batch#indices()}. */
  public long[] indices() {
    return indices.clone();
  }

  /** Returns the number of samples. */
  public int size() {
    return size;
  }

  /** Returns the index of the batch in its loader. */
  public int batchIndex() {
    return batchIndex;
  }

  /** Returns the index of the loader. */
  public int dataloaderIndex() {
    return dataloaderIndex;
  }

  /** Returns the same with copies of the tensors that outlive the step. */
  PredictedBatch keep() {
    StepOutput kept = output;
    for (Map.Entry<String, Tensor> each : output.asMap().entrySet()) {
      kept = kept.with(each.getKey(), each.getValue().keep());
    }
    return new PredictedBatch(kept, indices, size, batchIndex, dataloaderIndex);
  }

  /** Frees tensors that were kept. */
  void free() {
    for (Tensor tensor : output.asMap().values()) {
      if (tensor.isAlive()) {
        Storage storage = tensor.view().storage();
        tensor.release();
        storage.free();
      }
    }
  }
}
