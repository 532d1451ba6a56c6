package io.fulgur.loop;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.TrainingModes;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over validation or test data, alone, within a fit, or before it as a sanity check. */
final class EvaluationLoop {
  private final RunContext run;
  private final RunState state;
  private final LogConnector log;
  private final HookDispatcher hooks;

  EvaluationLoop(RunContext run) {
    this.run = run;
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
  }

  /** Evaluates without gradients and in evaluation mode, and puts both back as they were. */
  List<Map<String, Double>> run(RunningStage stage) {
    boolean testing = stage == RunningStage.TESTING;
    List<DataLoader> loaders = run.loaders().evaluation();
    int[] batches = state.batches(stage);
    if (Arrays.stream(batches).allMatch(count -> count == 0)) {
      return List.of();
    }
    int outerBatch = state.batchIndex;
    RunningStage outer = run.enter(stage);
    TrainingModes modes = TrainingModes.of(run.module());
    boolean withinFit = outer == RunningStage.TRAINING;
    if (withinFit) {
      run.restart().beginValidation(state.evaluationSteps);
    }
    log.startEvaluation(loaders.size());
    try (Profiler.Region region = run.region(Actions.pass(stage));
        Autograd.NoGrad ignored = run.withoutGradients()) {
      hooks.calls().modelEval(stage);
      if (testing) {
        hooks.run(Moment.TEST_START, Callback::onTestStart);
        hooks.run(Moment.TEST_EPOCH_START, Callback::onTestEpochStart);
      } else {
        hooks.run(Moment.VALIDATION_START, Callback::onValidationStart);
        hooks.run(Moment.VALIDATION_EPOCH_START, Callback::onValidationEpochStart);
      }
      if (state.evaluationSteps.length < loaders.size()) {
        state.evaluationSteps = Arrays.copyOf(state.evaluationSteps, loaders.size());
      }
      for (int i = 0; i < loaders.size(); i++) {
        loader(stage, loaders.get(i), i, batches[i]);
      }
      log.reachEndOfEvaluation();
      if (testing) {
        hooks.run(Moment.TEST_EPOCH_END, Callback::onTestEpochEnd);
      } else {
        hooks.run(Moment.VALIDATION_EPOCH_END, Callback::onValidationEpochEnd);
      }
      if (stage != RunningStage.SANITY_CHECKING) {
        log.sendEvaluation(state.batchesThatStepped, state.epoch);
      }
      if (withinFit) {
        run.restart().end();
        state.place = Place.BATCH;
      }
      if (testing) {
        hooks.run(Moment.TEST_END, Callback::onTestEnd);
      } else {
        hooks.run(Moment.VALIDATION_END, Callback::onValidationEnd);
      }
      return log.endEvaluation();
    } finally {
      log.leaveEvaluation();
      hooks.calls().modelTrain(stage, modes);
      run.enter(outer);
      state.batchIndex = outerBatch;
    }
  }

  private void loader(RunningStage stage, DataLoader loader, int index, int limit) {
    if (limit == 0) {
      return;
    }
    state.dataloaderIndex = index;
    log.startDataloader(index);
    loader.epoch(stage == RunningStage.SANITY_CHECKING ? 0 : state.epoch);
    try (BatchIterator batches = run.batches(loader)) {
      for (int i = 0; i < limit; i++) {
        HostBatch host = run.next(batches);
        if (host == null) {
          break;
        }
        state.batchIndex = i;
        batch(stage, host, i, index);
        if (state.kind != RunKind.FIT) {
          run.parts().profiler().endStep();
        }
        if (stage != RunningStage.SANITY_CHECKING) {
          log.endEvaluationBatch(state.evaluationSteps[index]++, state.epoch);
        }
        run.termination().check();
      }
    }
  }

  private void batch(RunningStage stage, HostBatch host, int index, int loader) {
    boolean testing = stage == RunningStage.TESTING;
    try (StepScope scope = StepScope.open(run.keys().of(stage, host))) {
      Batch batch = run.transfer(host, loader);
      log.startBatch(batch.size(), host.hasPartsOfOtherSizes());
      hooks.runBatchStart(
          testing ? Moment.TEST_BATCH_START : Moment.VALIDATION_BATCH_START,
          testing ? Callback::onTestBatchStart : Callback::onValidationBatchStart,
          batch,
          index,
          loader);
      Moment before = log.enter(testing ? Moment.TEST_STEP : Moment.VALIDATION_STEP);
      @Nullable StepOutput output = step(testing, batch, index, loader);
      log.enter(before);
      hooks.runBatchEnd(
          testing ? Moment.TEST_BATCH_END : Moment.VALIDATION_BATCH_END,
          testing ? Callback::onTestBatchEnd : Callback::onValidationBatchEnd,
          output,
          batch,
          index,
          loader);
    }
  }

  private @Nullable StepOutput step(boolean testing, Batch batch, int index, int loader) {
    try (PrecisionPlugin.Region region = run.parts().precision().forwardContext()) {
      return testing
          ? run.bound().testStep(batch, index, loader)
          : run.bound().validationStep(batch, index, loader);
    }
  }
}
