package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookOrderTest {
  private final List<String> calls = new ArrayList<>();

  /** Records its steps and some of its hooks, so that the order against callbacks shows. */
  class RecordingModule extends BoringModule {
    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      calls.add("trainingStep");
      return super.trainingLoss(batch, batchIndex);
    }

    @Override
    protected void validationStep(Batch batch) {
      calls.add("validationStep");
      super.validationStep(batch);
    }

    @Override
    protected void testStep(Batch batch) {
      calls.add("testStep");
      super.testStep(batch);
    }

    @Override
    protected Tensor predictStep(Batch batch) {
      calls.add("predictStep");
      return super.predictStep(batch);
    }

    @Override
    protected OptimizerPlan plan() {
      calls.add("configureOptimizers");
      return super.plan();
    }

    @On(Hook.SETUP)
    void moduleSetup(RunKind kind) {
      calls.add("module.setup(" + kind.label() + ")");
    }

    @On(Hook.FIT_START)
    void moduleFitStart() {
      calls.add("module.onFitStart");
    }

    @On(Hook.TRAIN_BATCH_START)
    void moduleBatchStart() {
      calls.add("module.onTrainBatchStart");
    }

    @On(Hook.TRAIN_BATCH_END)
    void moduleBatchEnd() {
      calls.add("module.onTrainBatchEnd");
    }

    @On(Hook.BEFORE_OPTIMIZER_STEP)
    void moduleBeforeStep() {
      calls.add("module.onBeforeOptimizerStep");
    }

    @On(Hook.TRAIN_EPOCH_END)
    void moduleEpochEnd() {
      calls.add("module.onTrainEpochEnd");
    }

    @On(Hook.TEARDOWN)
    void moduleTeardown() {
      calls.add("module.teardown");
    }
  }

  class RecordingData extends DataModule {
    @Override
    public void prepareData() {
      calls.add("data.prepareData");
    }

    @Override
    public void setup(RunKind kind) {
      calls.add("data.setup(" + kind + ")");
    }

    @Override
    public DataLoader trainLoader() {
      return BoringData.loader(2);
    }

    @Override
    public DataLoader validationLoader() {
      return BoringData.loader(2);
    }

    @Override
    public DataLoader testLoader() {
      return BoringData.loader(1);
    }

    @Override
    public DataLoader predictLoader() {
      return BoringData.loader(1);
    }

    @Override
    public void teardown(RunKind kind) {
      calls.add("data.teardown");
    }
  }

  private TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(1).callback(RecordingCallback.into(calls));
  }

  private static final String[] VALIDATION = {
    "onValidationStart",
    "onValidationEpochStart",
    "onValidationBatchStart",
    "validationStep",
    "onValidationBatchEnd",
    "onValidationBatchStart",
    "validationStep",
    "onValidationBatchEnd",
    "onValidationEpochEnd",
    "onValidationEnd"
  };

  private static final String[] BATCH = {
    "onTrainBatchStart",
    "module.onTrainBatchStart",
    "trainingStep",
    "onBeforeZeroGrad",
    "onBeforeBackward",
    "onAfterBackward",
    "onBeforeOptimizerStep",
    "module.onBeforeOptimizerStep",
    "onTrainBatchEnd",
    "module.onTrainBatchEnd"
  };

  private static List<String> joined(String[]... parts) {
    List<String> all = new ArrayList<>();
    for (String[] part : parts) {
      all.addAll(List.of(part));
    }
    return all;
  }

  @Test
  void fit_oneEpoch_callsHooksInOrder() {
    trainer().numSanityValSteps(2).build().fit(new RecordingModule(), new RecordingData());

    assertThat(calls)
        .containsExactlyElementsOf(
            joined(
                new String[] {
                  "data.prepareData",
                  "data.setup(FIT)",
                  "setup",
                  "module.setup(fit)",
                  "configureOptimizers",
                  "onFitStart",
                  "module.onFitStart",
                  "onSanityCheckStart"
                },
                VALIDATION,
                new String[] {"onSanityCheckEnd", "onTrainStart", "onTrainEpochStart"},
                BATCH,
                BATCH,
                VALIDATION,
                new String[] {
                  "onTrainEpochEnd",
                  "module.onTrainEpochEnd",
                  "onTrainEnd",
                  "onFitEnd",
                  "data.teardown",
                  "teardown",
                  "module.teardown"
                }));
  }

  @Test
  void fit_accumulating_stepsOnlyAtTheEndOfAWindow() {
    trainer().accumulateGradBatches(2).build().fit(new RecordingModule(), BoringData.loader(3));

    String first = "onTrainBatchStart,trainingStep,onBeforeZeroGrad,onBeforeBackward";
    String withoutModule =
        String.join(
            ",",
            calls.stream()
                .filter(call -> !call.startsWith("module."))
                .dropWhile(call -> !call.equals("onTrainBatchStart"))
                .takeWhile(call -> !call.equals("onTrainEpochEnd"))
                .toList());
    assertThat(withoutModule)
        .isEqualTo(
            first
                + ",onAfterBackward,onTrainBatchEnd"
                + ",onTrainBatchStart,trainingStep,onBeforeBackward,onAfterBackward"
                + ",onBeforeOptimizerStep,onTrainBatchEnd,"
                + first
                + ",onAfterBackward,onBeforeOptimizerStep,onTrainBatchEnd");
  }

  @Test
  void validate_callsHooksInOrder() {
    trainer().build().validate(new RecordingModule(), new RecordingData());

    assertThat(calls)
        .containsExactlyElementsOf(
            joined(
                new String[] {
                  "data.prepareData", "data.setup(VALIDATE)", "setup", "module.setup(validate)"
                },
                VALIDATION,
                new String[] {"data.teardown", "teardown", "module.teardown"}));
  }

  @Test
  void test_callsHooksInOrder() {
    trainer().build().test(new RecordingModule(), new RecordingData());

    assertThat(calls)
        .containsSubsequence(
            "setup",
            "onTestStart",
            "onTestEpochStart",
            "onTestBatchStart",
            "testStep",
            "onTestBatchEnd",
            "onTestEpochEnd",
            "onTestEnd",
            "teardown");
  }

  @Test
  void predict_callsHooksInOrder() {
    trainer().build().predict(new RecordingModule(), new RecordingData());

    assertThat(calls)
        .containsSubsequence(
            "setup",
            "onPredictStart",
            "onPredictEpochStart",
            "onPredictBatchStart",
            "predictStep",
            "onPredictBatchEnd",
            "onPredictEpochEnd",
            "onPredictEnd",
            "teardown");
  }

  @Test
  void fit_withNothingToTrain_callsOnlyWhatSurrounds() {
    trainer().limitTrainBatches(0).build().fit(new RecordingModule(), new RecordingData());

    assertThat(calls)
        .containsExactly(
            "data.prepareData",
            "data.setup(FIT)",
            "setup",
            "module.setup(fit)",
            "configureOptimizers",
            "onFitStart",
            "module.onFitStart",
            "onFitEnd",
            "data.teardown",
            "teardown",
            "module.teardown");
  }

  @Test
  void fit_thatFails_tellsCallbacksAndTearsDown() {
    BoringModule failing =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            throw new IllegalStateException("on purpose");
          }
        };
    Trainer trainer = trainer().build();

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> trainer.fit(failing, new RecordingData())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("on purpose");
    assertThat(calls).endsWith("onTrainBatchStart", "onException", "data.teardown", "teardown");
  }
}
