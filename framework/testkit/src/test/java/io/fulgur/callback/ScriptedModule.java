package io.fulgur.callback;

import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringModule;

/** Logs as {@code val_loss} what a script says for each epoch, whatever it learns. */
public class ScriptedModule extends BoringModule {
  private final double[] losses;

  /** Makes a module that logs these losses, epoch by epoch. */
  public ScriptedModule(double... losses) {
    this.losses = losses;
  }

  @Override
  protected Tensor trainingLoss(Batch batch, int batchIndex) {
    Tensor loss = super.trainingLoss(batch, batchIndex);
    log("script", losses[currentEpoch()], LogOptions.onEpoch().onStep(false));
    return loss;
  }

  @Override
  protected void validationStep(Batch batch) {
    log("val_loss", losses[currentEpoch()]);
  }
}
