package io.fulgur.loop;

import io.fulgur.RunningStage;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.log.Moment;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.TrainingModes;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One pass over data to predict. */
final class PredictionLoop {
  private final RunContext run;
  private final RunState state;
  private final HookDispatcher hooks;
  private final boolean returnsPredictions;

  PredictionLoop(RunContext run, boolean returnsPredictions) {
    this.run = run;
    this.returnsPredictions = returnsPredictions;
    this.state = run.state();
    this.hooks = run.hooks();
  }

  /** Returns what each step returned, kept; nothing if that is not wanted. */
  List<StepOutput> run() {
    List<StepOutput> outputs = new ArrayList<>();
    RunningStage outer = run.enter(RunningStage.PREDICTING);
    TrainingModes modes = TrainingModes.of(run.module());
    try (Profiler.Region region = run.region(Actions.pass(RunningStage.PREDICTING));
        Autograd.NoGrad ignored = run.withoutGradients()) {
      hooks.calls().modelEval(RunningStage.PREDICTING);
      hooks.run(Moment.PREDICT_START, Callback::onPredictStart);
      hooks.run(Moment.PREDICT_EPOCH_START, Callback::onPredictEpochStart);
      List<DataLoader> loaders = run.loaders().evaluation();
      for (int i = 0; i < loaders.size(); i++) {
        loader(loaders.get(i), i, state.predictBatches[i], outputs);
      }
      hooks.run(Moment.PREDICT_EPOCH_END, Callback::onPredictEpochEnd);
      hooks.run(Moment.PREDICT_END, Callback::onPredictEnd);
    } finally {
      hooks.calls().modelTrain(RunningStage.PREDICTING, modes);
      run.enter(outer);
    }
    return outputs;
  }

  private void loader(DataLoader loader, int index, int limit, List<StepOutput> outputs) {
    if (limit == 0) {
      return;
    }
    state.dataloaderIndex = index;
    try (BatchIterator batches = run.batches(loader)) {
      for (int i = 0; i < limit; i++) {
        HostBatch host = run.next(batches);
        if (host == null) {
          break;
        }
        state.batchIndex = i;
        batch(host, i, index, outputs);
        run.parts().profiler().endStep();
        run.termination().check();
      }
    }
  }

  private StepOutput step(Batch batch, int index, int loader) {
    try (PrecisionPlugin.Region region = run.parts().precision().forwardContext()) {
      return run.bound().predictStep(batch, index, loader);
    }
  }

  private void batch(HostBatch host, int index, int loader, List<StepOutput> outputs) {
    try (StepScope scope = StepScope.open(run.keys().of(RunningStage.PREDICTING, host))) {
      Batch batch = run.transfer(host, loader);
      hooks.runBatchStart(
          Moment.PREDICT_BATCH_START, Callback::onPredictBatchStart, batch, index, loader);
      Moment before = run.log().enter(Moment.PREDICT_STEP);
      StepOutput output = step(batch, index, loader);
      run.log().enter(before);
      if (returnsPredictions) {
        outputs.add(keep(output));
      }
      hooks.runBatchEnd(
          Moment.PREDICT_BATCH_END, Callback::onPredictBatchEnd, output, batch, index, loader);
    }
  }

  private static StepOutput keep(StepOutput output) {
    StepOutput kept = null;
    for (Map.Entry<String, Tensor> each : output.asMap().entrySet()) {
      Tensor value = each.getValue().keep();
      kept = kept == null ? StepOutput.of(each.getKey(), value) : kept.with(each.getKey(), value);
    }
    return kept == null ? output : kept;
  }
}
