package io.fulgur.trainer;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;

/** Counts the batches of each kind, and what optimizers do. */
public class Counts implements Callback {
  public int training;
  public int test;
  public int predict;
  public int optimizerSteps;
  public int zeroGrads;

  /** Of the validation loaders by index. */
  public final int[] validation = new int[2];

  public final int[] sanity = new int[2];

  /** The steps of the optimizers at which validations ended. */
  public final List<Long> validatedAt = new ArrayList<>();

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

  @Override
  public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {
    optimizerSteps++;
  }

  @Override
  public void onBeforeZeroGrad(Trainer trainer, FulgurModule module, Optimizer optimizer) {
    zeroGrads++;
  }
}
