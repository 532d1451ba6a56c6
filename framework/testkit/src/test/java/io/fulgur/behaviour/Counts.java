package io.fulgur.behaviour;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.util.ArrayList;
import java.util.List;

/** Counts the batches of each kind. */
class Counts implements Callback {
  int training;
  int test;
  int predict;

  /** Of the validation loaders by index. */
  final int[] validation = new int[2];

  final int[] sanity = new int[2];

  /** The steps of the optimizers at which validations ended. */
  final List<Long> validatedAt = new ArrayList<>();

  @Override
  public void onTrainBatchEnd(
      Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
    training++;
  }

  @Override
  public void onValidationBatchEnd(
      Trainer trainer,
      FulgurModule module,
      StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    (trainer.isSanityChecking() ? sanity : validation)[dataloaderIndex]++;
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    if (!trainer.isSanityChecking()) {
      validatedAt.add(trainer.globalStep());
    }
  }

  @Override
  public void onTestBatchEnd(
      Trainer trainer,
      FulgurModule module,
      StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    test++;
  }

  @Override
  public void onPredictBatchEnd(
      Trainer trainer,
      FulgurModule module,
      StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    predict++;
  }
}
