package io.fulgur.tune;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;

/** Measures the largest training batch of a trial. */
final class LargestBatch implements Callback {
  private int samples;

  int samples() {
    return samples;
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    samples = Math.max(samples, batch.size());
  }
}
