package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepClosure;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Linear;
import io.fulgur.nn.TrainingModes;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Parts of a run that a module replaces, and data that it brings along. */
class ReplacedPartsTest {
  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(1).numSanityValSteps(0);
  }

  // ---------------------------------------------------------------- the step

  @Test
  void optimizerStep_thatLeavesStepsOut_countsThoseTaken() {
    List<Integer> batches = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            batches.add(batchIndex);
            return loss(batch);
          }

          @Override
          protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
            if (closure.computeGradients() && batches.size() % 2 == 0) {
              closure.step();
            }
          }
        };
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(5));

    assertThat(batches).containsExactly(0, 1, 2, 3, 4);
    assertThat(trainer.globalStep()).isEqualTo(2);
  }

  @Test
  void optimizerStep_thatStepsTwice_stepsOnce() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
            closure.step();
            closure.step();
          }
        };
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(3));

    assertThat(trainer.globalStep()).isEqualTo(3);
  }

  @Test
  void optimizerStep_thatWarmsUp_setsTheLearningRateBeforeEachStep() {
    List<Double> rates = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
            optimizer.groups().get(0).learningRate(0.5 * Math.min(1, (globalStep() + 1) / 4.0));
            rates.add(optimizer.groups().get(0).learningRate());
            super.optimizerStep(optimizer, closure);
          }
        };
    trainer().build().fit(module, BoringData.loader(5));

    assertThat(rates).containsExactly(0.125, 0.25, 0.375, 0.5, 0.5);
  }

  @Test
  void optimizerStep_thatForgetsTheClosure_isAnError() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected void optimizerStep(Optimizer optimizer, StepClosure closure) {}
        };

    assertThatThrownBy(() -> trainer().build().fit(module, BoringData.loader(2)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CLOSURE_NOT_RUN))
        .hasMessageContaining("did not run the closure it was given, so nothing was learnt from")
        .hasMessageContaining("batch 0 of epoch 0. Call closure.computeGradients()");
  }

  @Test
  void optimizerStep_whileAccumulating_isCalledAtTheEndOfWindowsOnly() {
    List<Long> batches = new ArrayList<>();
    Trainer trainer = trainer().accumulateGradBatches(3).build();
    BoringModule module =
        new BoringModule() {
          @Override
          protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
            batches.add((long) trainer.batchIndex());
            super.optimizerStep(optimizer, closure);
          }
        };
    trainer.fit(module, BoringData.loader(7));

    assertThat(batches).containsExactly(2L, 5L, 6L);
  }

  @Test
  void configureGradientClipping_overridden_getsTheOptionsAndDecides() {
    List<Object> seen = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected void configureGradientClipping(
              Optimizer optimizer, double gradientClipVal, GradientClipAlgorithm algorithm) {
            seen.add(gradientClipVal);
            seen.add(algorithm);
            clipGradients(optimizer, 0.01, GradientClipAlgorithm.NORM);
            seen.add(Math.round(GradientClipping.norm(optimizer) * 1e4));
          }
        };
    trainer()
        .gradientClipVal(3)
        .gradientClipAlgorithm(GradientClipAlgorithm.VALUE)
        .build()
        .fit(module, BoringData.loader(1));

    assertThat(seen).containsExactly(3.0, GradientClipAlgorithm.VALUE, 100L);
  }

  @Test
  void backwardAndZeroGrad_overridden_replaceTheUsual() {
    List<String> calls = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected void backward(Tensor loss) {
            calls.add("backward");
            loss.mul(0).backward();
          }

          @Override
          protected void optimizerZeroGrad(Optimizer optimizer) {
            calls.add("zeroGrad");
          }
        };
    float[] before = module.parameters().get(0).toFloatArray();
    trainer().build().fit(module, BoringData.loader(2));

    assertThat(calls).containsExactly("zeroGrad", "backward", "zeroGrad", "backward");
    assertThat(module.parameters().get(0).toFloatArray()).isEqualTo(before);
  }

  @Test
  void log_inAReplacedPart_isOfTheStep() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected void configureGradientClipping(
              Optimizer optimizer, double gradientClipVal, GradientClipAlgorithm algorithm) {
            log("norm", GradientClipping.norm(optimizer));
          }
        };
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(2));

    assertThat(trainer.callbackMetrics().get("norm")).isGreaterThan(0.0);
  }

  @Test
  void modelEvalAndTrain_overridden_keepAPartInItsMode() {
    List<Boolean> modes = new ArrayList<>();
    List<RunningStage> stages = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected void modelEval(RunningStage stage) {
            stages.add(stage);
          }

          @Override
          protected void modelTrain(RunningStage stage, TrainingModes before) {
            stages.add(stage);
          }

          @Override
          protected void validationStep(Batch batch) {
            modes.add(isTraining());
          }
        };
    trainer().build().fit(module, BoringData.module(1, 1));

    assertThat(modes).containsExactly(true);
    assertThat(stages).containsExactly(RunningStage.VALIDATING, RunningStage.VALIDATING);
  }

  /** Gradients of a window are there in a validation within it, and gone in one after it. */
  @Test
  void validationModelZeroGrad_isCalledBetweenWindowsOnly() {
    int[] calls = new int[1];
    BoringModule module =
        new BoringModule() {
          @Override
          protected void validationModelZeroGrad() {
            calls[0]++;
            super.validationModelZeroGrad();
          }
        };
    trainer()
        .accumulateGradBatches(3)
        .valCheckInterval(2)
        .build()
        .fit(module, BoringData.module(6, 1));

    assertThat(calls[0]).isEqualTo(1);
  }

  // ---------------------------------------------------------------- no optimizer

  @Test
  void configureOptimizers_thatReturnsNothing_runsStepsAndTakesNone() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected @Nullable OptimizerPlan configureOptimizers() {
            return null;
          }
        };
    float[] before = module.parameters().get(0).toFloatArray();
    Trainer trainer = trainer().maxEpochs(2).build();
    String lines = LogLines.of(() -> trainer.fit(module, BoringData.module(3, 1)));

    assertThat(lines)
        .contains("returned null: the module is run on the training data, but nothing");
    assertThat(trainer.globalStep()).isZero();
    assertThat(trainer.totalBatches()).isEqualTo(6);
    assertThat(trainer.callbackMetrics()).containsKeys("train_loss", "val_loss");
    assertThat(module.parameters().get(0).toFloatArray()).isEqualTo(before);
  }

  // ---------------------------------------------------------------- data of the module

  /** Brings its own loaders. */
  static class WithData extends BoringModule {
    final List<String> steps = new ArrayList<>();

    @Override
    public DataLoader trainLoader() {
      return BoringData.loader(3);
    }

    @Override
    public DataLoader validationLoader() {
      return BoringData.loader(2);
    }

    @Override
    public DataLoader testLoader() {
      return BoringData.loader(4);
    }

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      steps.add("train");
      return loss(batch);
    }

    @Override
    protected void validationStep(Batch batch) {
      steps.add("validate");
    }

    @Override
    protected void testStep(Batch batch) {
      steps.add("test");
    }
  }

  @Test
  void fit_withoutData_takesTheLoadersOfTheModule() {
    WithData module = new WithData();
    Trainer trainer = trainer().build();
    trainer.fit(module);
    trainer.test(module);

    assertThat(module.steps)
        .containsExactly(
            "train", "train", "train", "validate", "validate", "test", "test", "test", "test");
  }

  @Test
  void fit_withData_takesFromTheModuleOnlyWhatTheDataLacks() {
    WithData module = new WithData();
    trainer().build().fit(module, BoringData.loader(1));

    assertThat(module.steps).containsExactly("train", "validate", "validate");
  }

  @Test
  void fit_withoutAnyData_saysWhatToOverride() {
    assertThatThrownBy(() -> trainer().build().fit(new BoringModule()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.NO_LOADER));
  }

  @Test
  void transfer_ofBoth_isTheDataModulesWithAWarning() {
    List<String> calls = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
            calls.add("module");
            return batch;
          }
        };
    class Data extends DataModule {
      @Override
      public DataLoader trainLoader() {
        return BoringData.loader(1);
      }

      @Override
      public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
        calls.add("data");
        return batch;
      }
    }
    String lines = LogLines.of(() -> trainer().build().fit(module, new Data()));

    assertThat(calls).containsExactly("data");
    assertThat(lines).contains("both override onAfterBatchTransfer; the data module's is called");
  }

  @Test
  void transfer_ofTheModule_changesWhatStepsSee() {
    List<Double> sums = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
            return batch.with(BoringData.FEATURES, batch.get(BoringData.FEATURES).mul(0));
          }

          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            sums.add(batch.get(BoringData.FEATURES).abs().sum().item());
            return loss(batch);
          }
        };
    trainer().build().fit(module, BoringData.loader(2));

    assertThat(sums).containsExactly(0.0, 0.0);
  }

  // ---------------------------------------------------------------- late layers

  /** Makes its layer when the data is known. */
  static final class Late extends FulgurModule {
    private @Nullable Linear layer;

    @On(Hook.CONFIGURE_MODEL)
    void configureModel() {
      if (layer == null) {
        layer = new Linear(BoringModule.FEATURES, 2);
      }
    }

    @Override
    public Tensor forward(Tensor input) {
      Linear made = layer;
      if (made == null) {
        throw new AssertionError("not configured");
      }
      return made.call(input);
    }

    @TrainingStep
    Tensor step(Batch batch) {
      return forward(batch.get(BoringData.FEATURES)).square().mean();
    }

    @ConfigureOptimizers
    Optimizer optimizer() {
      return SGD.of(parameters()).learningRate(0.1);
    }
  }

  @Test
  void configureModel_makesLayersBeforeOptimizers() {
    Late module = new Late();
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(2));

    assertThat(trainer.globalStep()).isEqualTo(2);
    assertThat(module.parameters()).hasSize(2);
  }

  // ---------------------------------------------------------------- prediction by forward

  @Test
  void predict_withoutAStep_isForward() {
    Late module = new Late();
    List<StepOutput> outputs = trainer().build().predict(module, BoringData.loader(2));

    assertThat(outputs).hasSize(2);
    float[] expected =
        module
            .forward(BoringData.loader(2).iterator().next().toBatch().get(BoringData.FEATURES))
            .toFloatArray();
    assertThat(outputs.get(0).get(StepOutput.PREDICTION).toFloatArray())
        .containsExactly(expected, within(1e-6f));
  }

  @Test
  void predict_withoutAStep_ofSeveralTensors_asksForOne() {
    Late module = new Late();
    DataModule data =
        new DataModule() {
          @Override
          public DataLoader predictLoader() {
            return BoringData.loader(1);
          }

          @Override
          public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
            return batch.with("label", Tensor.ones(1));
          }
        };

    assertThatThrownBy(() -> trainer().build().predict(module, data))
        .hasMessageContaining("[MissingStep] ReplacedPartsTest.Late has no method annotated with")
        .hasMessageContaining("forward takes one tensor, but the batch holds features, label.");
  }
}
