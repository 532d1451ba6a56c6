package io.fulgur.callback;

import io.fulgur.Trainer;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;

/**
 * A callback that changes hyperparameters before a fit begins: before the loaders are asked for and
 * the optimizers are made, so that both are as it says. Its state is what it has found.
 *
 * @since 0.1
 */
public interface TuningCallback extends Callback {
  @Override
  default Order order() {
    return Order.TUNER;
  }

  /**
   * Tries out and sets hyperparameters; weights, random numbers and data are as the fit will find
   * them, and must be so afterwards.
   */
  void tune(Trainer trainer, FulgurModule module, DataModule data);

  /**
   * Called instead of {@link #tune} where a fit goes on from a checkpoint: sets what was found when
   * it began, if the state was restored.
   */
  void setAgain(FulgurModule module, DataModule data);
}
