package io.fulgur.loop;

import io.fulgur.RunningStage;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.module.BoundTrainingStep;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;

/**
 * One pass over the training data that trains nothing: for what layers gather in training mode. It
 * logs nothing, draws random numbers of its own and leaves metrics, counters and the data's
 * position alone.
 */
final class TrainingDataPass {
  private final RunContext run;

  TrainingDataPass(RunContext run) {
    this.run = run;
  }

  void run() {
    RunState state = run.state();
    int outerBatch = state.batchIndex;
    RunningStage outer = run.enter(RunningStage.TRAINING);
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Loaders.withIsolatedRandom(
          () -> run.metrics().unchangedBy(() -> run.offered().withoutLogging(this::batches)));
    } finally {
      run.enter(outer);
      state.batchIndex = outerBatch;
    }
  }

  private void batches() {
    RunState state = run.state();
    DataLoader loader = run.loaders().train();
    State before = loader.state();
    loader.epoch(state.epoch);
    loader.restartEpoch();
    try (BatchIterator batches = loader.iterator()) {
      for (int i = 0; i < state.trainingBatches && batches.hasNext(); i++) {
        state.batchIndex = i;
        batch(batches.next(), i);
      }
    }
    loader.loadState(before);
  }

  private void batch(HostBatch host, int index) {
    try (StepScope scope = StepScope.open(run.keys().of(RunningStage.TRAINING, host))) {
      Batch batch = run.transfer(host, 0);
      try (PrecisionPlugin.Region region = run.parts().precision().forwardContext()) {
        for (BoundTrainingStep step : run.bound().trainingSteps()) {
          step.run(batch, index);
        }
      }
    }
  }
}
