package io.fulgur.tune;

import io.fulgur.BatchLimit;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import java.util.List;

/**
 * Some training within a fit that leaves no trace: by the trainer's own loops, precision and
 * options, but without its loggers, callbacks and schedules.
 */
final class Trial {
  private final Trainer trainer;
  private final FulgurModule module;
  private final DataModule data;

  Trial(Trainer trainer, FulgurModule module, DataModule data) {
    this.trainer = trainer;
    this.module = module;
    this.data = data;
  }

  /** Trains until the probe stops the trainer that it is called with. */
  void untilStopped(Callback probe) {
    run(
        TrainerOptions.UNLIMITED,
        trainer.options().limitTrainBatches(),
        BatchLimit.count(0),
        probe);
  }

  /** Trains and validates on some batches of each loader. */
  void batches(int batches, Callback probe) {
    boolean validates = !trainer.options().limitValBatches().isZero();
    run(
        1,
        BatchLimit.count(batches),
        validates ? BatchLimit.count(batches) : BatchLimit.count(0),
        probe);
  }

  private void run(int maxEpochs, BatchLimit train, BatchLimit validation, Callback probe) {
    OptimizerSnapshot optimizers = new OptimizerSnapshot();
    try (RunSnapshot before = new RunSnapshot(module, trainer.precision());
        TrialData trialData = TrialData.within(data, module)) {
      try {
        trainer
            .trial(maxEpochs, train, validation, List.of(optimizers, probe))
            .fit(module, trialData);
      } finally {
        optimizers.restore(module);
      }
    }
  }
}
