package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Fulgur;
import io.fulgur.GradientClipAlgorithm;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostBatch;
import io.fulgur.data.IterableDataset;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.precision.Precision;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizationTest {
  private static final double LEARNING_RATE = 0.01;

  /** Trained by SGD without a schedule. */
  static class Plain extends BoringModule {
    @Override
    protected OptimizerPlan plan() {
      return OptimizerPlan.of(SGD.of(parameters()).learningRate(LEARNING_RATE));
    }

    float[] weights() {
      return layer.parameters().get(0).toFloatArray();
    }
  }

  /** The loop that a user would write by hand. */
  private static float[] byHand(DataLoader loader, int window) {
    Fulgur.seedEverything(5);
    Plain module = new Plain();
    SGD optimizer = SGD.of(module.parameters()).learningRate(LEARNING_RATE);
    int batches = (int) loader.length().getAsLong();
    int index = 0;
    for (HostBatch host : loader) {
      int start = index - index % window;
      int size = Math.min(window, batches - start);
      try (StepScope scope = StepScope.open("by hand")) {
        Tensor loss = module.loss(host.toBatch());
        if (index == start) {
          optimizer.zeroGrad();
        }
        (size == 1 ? loss : loss.div(size)).backward();
        index++;
        if (index == start + size) {
          optimizer.step();
        }
      }
    }
    return module.weights();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 100})
  void fit_isBitwiseTheLoopWrittenByHand(int window) {
    Fulgur.seedEverything(5);
    Plain module = new Plain();
    TestTrainers.quiet()
        .maxEpochs(1)
        .accumulateGradBatches(window)
        .build()
        .fit(module, BoringData.loader(10));

    assertThat(module.weights()).isEqualTo(byHand(BoringData.loader(10), window));
  }

  @Test
  void fit_endOfDataUnknown_dividesTheLastWindowByItsTrueSize() {
    Dataset samples = BoringData.dataset(10);
    IterableDataset stream = epoch -> IntStream.range(0, 10).mapToObj(samples::get).iterator();
    Fulgur.seedEverything(5);
    Plain module = new Plain();
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).accumulateGradBatches(4).build();
    trainer.fit(module, DataLoader.builder(stream).build());

    assertThat(trainer.globalStep()).isEqualTo(3);
    assertThat(module.weights()).containsExactly(byHand(BoringData.loader(10), 4), within(1e-6f));
  }

  /** Steps after 2, 4, 5 batches of the first epoch, and after 1, 2, 3, 4, 5 of the second. */
  @Test
  void accumulateGradBatches_setAtTheStartOfAnEpoch_holdsFromThenOn() {
    List<Integer> stepped = new ArrayList<>();
    Callback schedule =
        new Callback() {
          @Override
          public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
            trainer.accumulateGradBatches(trainer.currentEpoch() == 0 ? 2 : 1);
          }

          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            if (trainer.currentEpoch() == 0 && batchIndex == 1) {
              trainer.accumulateGradBatches(3);
            }
          }

          @Override
          public void onBeforeOptimizerStep(
              Trainer trainer, FulgurModule module, Optimizer optimizer) {
            stepped.add(trainer.batchIndex());
          }
        };
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(2).accumulateGradBatches(4).callback(schedule).build();
    trainer.fit(new Plain(), BoringData.loader(5));

    assertThat(stepped).containsExactly(1, 3, 4, 0, 1, 2, 3, 4);
    assertThat(trainer.accumulateGradBatches()).isEqualTo(1);
  }

  @Test
  void accumulateGradBatches_zero_isAnError() {
    Trainer trainer = TestTrainers.quiet().build();

    assertThatThrownBy(() -> trainer.accumulateGradBatches(0))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("accumulateGradBatches was set to 0; it must be at least 1");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, -1, 1, 128",
    "2, 3, -1, 1, 44",
    "2, 1, 100, 1, 100",
    "2, 1, -1, 2, 128",
    "2, 1, 100, 2, 50",
    "-1, 1, 100, 1, 100",
    "-1, 1, -1, 1, Infinity"
  })
  void estimatedSteppingBatches_areThoseOnWhichOptimizersStep(
      int epochs, int window, int maxSteps, int optimizers, double expected) {
    Plain module =
        new Plain() {
          @Override
          protected OptimizerPlan plan() {
            SGD first = SGD.of(List.of(parameters().get(0)));
            return optimizers == 1
                ? OptimizerPlan.of(first)
                : OptimizerPlan.of(first, SGD.of(List.of(parameters().get(1))));
          }
        };
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(epochs)
            .maxSteps(maxSteps)
            .accumulateGradBatches(window)
            .callback(
                new Callback() {
                  @Override
                  public void onTrainStart(Trainer started, FulgurModule of) {
                    started.stop();
                  }
                })
            .build();
    trainer.fit(module, BoringData.loader(64));

    assertThat(trainer.estimatedSteppingBatches()).isEqualTo(expected);
  }

  @Test
  void estimatedSteppingBatches_whileOptimizersAreMade_isKnown() {
    double[] seen = new double[1];
    Trainer trainer = TestTrainers.quiet().maxEpochs(3).build();
    Plain module =
        new Plain() {
          @Override
          protected OptimizerPlan plan() {
            seen[0] = trainer.estimatedSteppingBatches();
            return super.plan();
          }
        };
    trainer.fit(module, BoringData.loader(5));

    assertThat(seen[0]).isEqualTo(15);
  }

  @Test
  void fit_stepReturnsNothing_skipsTheBatch() {
    Plain module =
        new Plain() {
          @Override
          protected Tensor trainingStep(Batch batch, int batchIndex) {
            return batchIndex % 2 == 0 ? super.trainingStep(batch, batchIndex) : null;
          }
        };
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).build();
    trainer.fit(module, BoringData.loader(5));

    assertThat(trainer.globalStep()).isEqualTo(3);
    assertThat(trainer.totalBatches()).isEqualTo(5);
  }

  /** Sees what gradients were just before a step, and after the previous one was clipped. */
  @ParameterizedTest
  @CsvSource({"NORM, 0.05", "VALUE, 1e-4"})
  void gradientClipVal_boundsGradients(GradientClipAlgorithm algorithm, double bound) {
    Fulgur.seedEverything(1);
    List<Double> norms = new ArrayList<>();
    List<Double> largest = new ArrayList<>();
    List<Double> before = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onBeforeOptimizerStep(
              Trainer trainer, FulgurModule module, Optimizer optimizer) {
            before.add(GradientClipping.norm(optimizer));
          }

          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              StepOutput output,
              Batch batch,
              int batchIndex) {
            norms.add(GradientClipping.norm(trainer.optimizers().get(0)));
            largest.add(
                module.parameters().stream()
                    .mapToDouble(p -> p.grad().abs().max().item())
                    .max()
                    .getAsDouble());
          }
        };
    TestTrainers.quiet()
        .maxEpochs(1)
        .gradientClipVal(bound)
        .gradientClipAlgorithm(algorithm)
        .callback(watch)
        .build()
        .fit(new Plain(), BoringData.loader(3));

    assertThat(before).allMatch(norm -> norm > 0.1);
    if (algorithm == GradientClipAlgorithm.NORM) {
      assertThat(norms).allSatisfy(n -> assertThat(n).isCloseTo(bound, within(1e-5)));
    } else {
      assertThat(largest).allSatisfy(v -> assertThat(v).isCloseTo(bound, within(1e-9)));
    }
  }

  @ParameterizedTest
  @CsvSource({"EPOCH, 1, 4", "EPOCH, 2, 2", "STEP, 1, 8", "STEP, 2, 4", "STEP, 3, 0"})
  void schedules_goOnAtTheirInterval(ScheduleInterval interval, int frequency, long expected) {
    StepLR[] schedule = new StepLR[1];
    Plain module =
        new Plain() {
          @Override
          protected OptimizerPlan plan() {
            SGD optimizer = SGD.of(parameters()).learningRate(LEARNING_RATE);
            schedule[0] = new StepLR(optimizer, 1, 0.5);
            return OptimizerPlan.of(optimizer).withScheduler(schedule[0], interval, frequency);
          }
        };
    TestTrainers.quiet().maxEpochs(4).build().fit(module, BoringData.loader(2));

    assertThat(schedule[0].steps()).isEqualTo(expected);
  }

  @Test
  void schedule_atTheEndOfAnEpoch_hasGoneOnAlready() {
    List<Double> rates = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            rates.add(trainer.lrSchedulers().get(0).learningRates().get(0));
          }
        };
    TestTrainers.quiet()
        .maxEpochs(2)
        .callback(watch)
        .build()
        .fit(new BoringModule(), BoringData.loader(2));

    assertThat(rates.get(0)).isCloseTo(0.01, within(1e-12));
    assertThat(rates.get(1)).isCloseTo(0.001, within(1e-12));
  }

  @Test
  void fit_twoOptimizers_countsTheStepsOfEach() {
    Plain module =
        new Plain() {
          @Override
          protected OptimizerPlan plan() {
            return OptimizerPlan.of(
                SGD.of(List.of(parameters().get(0))).learningRate(LEARNING_RATE),
                SGD.of(List.of(parameters().get(1))).learningRate(LEARNING_RATE));
          }
        };
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).build();
    trainer.fit(module, BoringData.loader(3));

    assertThat(trainer.globalStep()).isEqualTo(6);
    assertThat(trainer.optimizerSteps(0)).isEqualTo(3);
    assertThat(trainer.optimizerSteps(1)).isEqualTo(3);
    assertThat(trainer.loggingStep()).isEqualTo(3);
  }

  @Test
  void validation_betweenWindows_findsGradientsOnlyWithinOne() {
    List<Boolean> gradients = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onValidationStart(Trainer trainer, FulgurModule module) {
            gradients.add(module.parameters().get(0).grad() != null);
          }
        };
    TestTrainers.quiet()
        .maxEpochs(1)
        .numSanityValSteps(0)
        .accumulateGradBatches(3)
        .valCheckInterval(2)
        .callback(watch)
        .build()
        .fit(new Plain(), BoringData.module(6, 1));

    assertThat(gradients).containsExactly(true, true, false);
  }

  @Test
  void validation_withinFit_runsInEvaluationModeWithoutGradients() {
    List<Object> seen = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected void validationStep(Batch batch) {
            seen.add(isTraining());
            seen.add(loss(batch).requiresGrad());
          }

          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            seen.add(isTraining());
            return loss(batch);
          }
        };
    TestTrainers.quiet()
        .maxEpochs(1)
        .numSanityValSteps(1)
        .build()
        .fit(module, BoringData.module(1, 1));

    assertThat(seen).containsExactly(false, false, true, false, false);
  }

  @Test
  void precision_f64_convertsParametersAndBatches() {
    List<DType> seen = new ArrayList<>();
    BoringModule module =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            seen.add(batch.get(BoringData.FEATURES).dtype());
            seen.add(parameters().get(0).dtype());
            Tensor loss = loss(batch);
            seen.add(loss.dtype());
            return loss;
          }
        };
    TestTrainers.quiet()
        .maxEpochs(1)
        .precision(Precision.F64_TRUE)
        .build()
        .fit(module, BoringData.loader(1));

    assertThat(seen).containsOnly(DType.F64);
  }

  @Test
  void loadFromCheckpoint_ofAModuleTrainedInF64_isF64(@TempDir Path folder) {
    Plain module = new Plain();
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).precision(Precision.F64_TRUE).build();
    trainer.fit(module, BoringData.loader(3));
    Path path = folder.resolve("f64.ckpt");
    trainer.saveCheckpoint(path);

    Plain loaded = FulgurModule.loadFromCheckpoint(Plain.class, path);
    assertThat(loaded.parameters().get(0).dtype()).isEqualTo(DType.F64);
    assertThat(loaded.parameters().get(0).toDoubleArray())
        .containsExactly(module.parameters().get(0).toDoubleArray());
  }

  @Test
  void predict_keepsWhatTheStepReturned() {
    Plain module = new Plain();
    List<StepOutput> outputs =
        TestTrainers.quiet()
            .maxEpochs(1)
            .build()
            .predict(module, DataLoader.builder(BoringData.dataset(5)).batchSize(2).build());

    assertThat(outputs).hasSize(3);
    Tensor last = outputs.get(2).get(StepOutput.PREDICTION);
    assertThat(last.shape().toArray()).containsExactly(1, 2);
    assertThat(last.toFloatArray()).doesNotContain(Float.NaN);
  }
}
