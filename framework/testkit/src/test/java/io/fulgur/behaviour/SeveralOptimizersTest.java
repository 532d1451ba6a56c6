package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.precision.Precision;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.RecordingLogger;
import io.fulgur.trainer.TestTrainers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several optimizers that the trainer lets step, each after a training step of its own. */
class SeveralOptimizersTest {
  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(1);
  }

  /** Learns on every so many batches from the generator's loss. */
  private static Adversaries alternating(int everyNBatches) {
    return new Adversaries() {
      @Override
      OptimizerPlan plan() {
        return super.plan().everyNBatches("generator", everyNBatches);
      }
    };
  }

  // ---------------------------------------------------------------- parity

  private static void require(List<Parameter> parameters, boolean gradients) {
    parameters.forEach(parameter -> parameter.requiresGrad(gradients));
  }

  /** The loop that a user would write by hand. */
  private static List<Double> byHand(Rivals module, DataLoader loader, int window) {
    List<Double> losses = new ArrayList<>();
    int batches = (int) loader.length().orElseThrow();
    loader.seed();
    int index = 0;
    for (HostBatch host : loader) {
      int start = index - index % window;
      int size = Math.min(window, batches - start);
      boolean first = index == start;
      index++;
      try (StepScope scope = StepScope.open("by hand")) {
        Batch batch = host.toBatch();
        require(module.generator.parameters(), false);
        Tensor judged = module.discriminatorLoss(batch);
        learn(module.discriminatorOptimizer, judged, size, first, index == start + size);
        require(module.generator.parameters(), true);
        require(module.discriminator.parameters(), false);
        Tensor deceived = module.generatorLoss();
        learn(module.generatorOptimizer, deceived, size, first, index == start + size);
        require(module.discriminator.parameters(), true);
        losses.add(judged.item());
        losses.add(deceived.item());
      }
    }
    return losses;
  }

  private static void learn(
      Optimizer optimizer, Tensor loss, int size, boolean first, boolean last) {
    if (first) {
      optimizer.zeroGrad();
    }
    (size == 1 ? loss : loss.div(size)).backward();
    if (last) {
      optimizer.step();
    }
  }

  private static Map<String, float[]> weights(FulgurModule module) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    module.stateDict().forEach((name, tensor) -> weights.put(name, tensor.toFloatArray()));
    return weights;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void fit_isBitwiseTheLoopWrittenByHand(int window) {
    Fulgur.seedEverything(5);
    Adversaries expected = new Adversaries();
    List<Double> expectedLosses = byHand(expected, BoringData.loader(10), window);

    Fulgur.seedEverything(5);
    Adversaries module = new Adversaries();
    List<Double> losses = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule of,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            assertThat(output).isNotNull();
            losses.add(output.get("discriminator/loss").item());
            losses.add(output.get("generator/loss").item());
          }
        };
    trainer()
        .accumulateGradBatches(window)
        .callback(watch)
        .build()
        .fit(module, BoringData.loader(10));

    assertThat(losses).containsExactlyElementsOf(expectedLosses);
    Map<String, float[]> weights = weights(module);
    weights(expected)
        .forEach((name, values) -> assertThat(weights.get(name)).as(name).isEqualTo(values));
  }

  // ---------------------------------------------------------------- turns and counts

  @Test
  void fit_runsTheStepsInTheOrderOfThePlan() {
    Adversaries module = new Adversaries();
    trainer().build().fit(module, BoringData.loader(2));

    assertThat(module.steps).containsExactly("judge 0", "deceive 0", "judge 1", "deceive 1");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 10, 10",
    "1, 2, 10, 5",
    "1, 3, 10, 3",
    "2, 3, 5, 3",
    "4, 5, 3, 2",
    "4, 11, 3, 0"
  })
  void everyNBatches_andAccumulation_countTheStepsOfEach(
      int window, int every, int discriminatorSteps, int generatorSteps) {
    Adversaries module = alternating(every);
    Trainer trainer = trainer().accumulateGradBatches(window).build();
    trainer.fit(module, BoringData.loader(10));

    assertThat(trainer.optimizerSteps(0)).isEqualTo(discriminatorSteps);
    assertThat(trainer.optimizerSteps(1)).isEqualTo(generatorSteps);
    assertThat(trainer.globalStep()).isEqualTo(discriminatorSteps + generatorSteps);
    assertThat(trainer.totalBatches()).isEqualTo(10);
    assertThat(trainer.loggingStep()).isEqualTo((10 + window - 1) / window);
    assertThat(module.steps.stream().filter(step -> step.startsWith("deceive")))
        .hasSize(10 / every);
  }

  /** In each window of 4, the generator has 2 turns: its gradients are their mean. */
  @Test
  void everyNBatches_withAccumulation_averagesOverTheTurnsTaken() {
    List<Double> norms = new ArrayList<>();
    Callback watch = watch(1, norms);
    Fulgur.seedEverything(3);
    trainer().accumulateGradBatches(4).callback(watch).build().fit(same(2), BoringData.loader(4));
    Fulgur.seedEverything(3);
    trainer().accumulateGradBatches(4).callback(watch).build().fit(same(1), BoringData.loader(4));

    assertThat(norms).hasSize(2);
    assertThat(norms.get(0)).isCloseTo(norms.get(1), within(1e-6));
  }

  /** The generator's loss is the same on every batch. */
  private static Adversaries same(int every) {
    return new Adversaries() {
      @Override
      Tensor deceive(int batchIndex) {
        return generator.call(Tensor.ones(1, NOISE)).square().mean();
      }

      @Override
      OptimizerPlan plan() {
        return super.plan().everyNBatches("generator", every);
      }
    };
  }

  private static Callback watch(int optimizer, List<Double> norms) {
    return new Callback() {
      @Override
      public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer stepping) {
        if (stepping == trainer.optimizers().get(optimizer)) {
          norms.add(GradientClipping.norm(stepping));
        }
      }
    };
  }

  @Test
  void step_ofOne_givesTheOthersNoGradients() {
    List<Boolean> seen = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onAfterBackward(Trainer trainer, FulgurModule module) {
            Adversaries both = (Adversaries) module;
            seen.add(both.discriminator.parameters().get(0).requiresGrad());
            seen.add(both.generator.parameters().get(0).requiresGrad());
            seen.add(both.generator.parameters().get(0).grad() != null);
          }
        };
    Adversaries module = new Adversaries();
    trainer().callback(watch).build().fit(module, BoringData.loader(1));

    assertThat(seen).containsExactly(true, false, false, false, true, true);
    assertThat(module.parameters()).allMatch(Parameter::requiresGrad);
  }

  @Test
  void step_ofAFrozenPart_leavesItFrozen() {
    Adversaries module = new Adversaries();
    module.generator.parameters().get(1).requiresGrad(false);
    float[] before = module.generator.parameters().get(1).toFloatArray();
    trainer().build().fit(module, BoringData.loader(3));

    assertThat(module.generator.parameters().get(1).requiresGrad()).isFalse();
    assertThat(module.generator.parameters().get(1).toFloatArray()).isEqualTo(before);
  }

  @Test
  void gradientClipVal_boundsTheGradientsOfEach() {
    List<Double> norms = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            trainer.optimizers().forEach(each -> norms.add(GradientClipping.norm(each)));
          }
        };
    trainer()
        .gradientClipVal(1e-3)
        .callback(watch)
        .build()
        .fit(new Adversaries(), BoringData.loader(3));

    assertThat(norms).hasSize(6).allSatisfy(n -> assertThat(n).isCloseTo(1e-3, within(1e-6)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"F16_MIXED", "BF16_MIXED"})
  void fit_inMixedPrecision_learns(Precision precision) {
    Fulgur.seedEverything(2);
    Adversaries module = new Adversaries();
    Map<String, float[]> before = weights(module);
    Trainer trainer = trainer().precision(precision).accumulateGradBatches(2).build();
    trainer.fit(module, BoringData.loader(6));

    assertThat(trainer.globalStep()).isEqualTo(6);
    weights(module)
        .forEach(
            (name, values) ->
                assertThat(values)
                    .as(name)
                    .isNotEqualTo(before.get(name))
                    .doesNotContain(Float.NaN));
  }

  @Test
  void log_inEachStep_reachesTheLoggers() {
    RecordingLogger logger = new RecordingLogger();
    TestTrainers.quiet(logger)
        .maxEpochs(1)
        .logEveryNSteps(1)
        .build()
        .fit(new Adversaries(), BoringData.loader(3));

    assertThat(logger.entries("d_loss")).hasSize(3);
    assertThat(logger.entries("g_loss")).hasSize(3);
  }

  @Test
  void schedule_ofOneOptimizer_goesOnWithItsOwnStepsOnly() {
    StepLR[] schedules = new StepLR[2];
    Adversaries module =
        new Adversaries() {
          @Override
          OptimizerPlan plan() {
            schedules[0] = new StepLR(discriminatorOptimizer, 1, 0.9);
            schedules[1] = new StepLR(generatorOptimizer, 1, 0.9);
            return super.plan()
                .everyNBatches("generator", 4)
                .withScheduler(schedules[0], ScheduleInterval.STEP, 1)
                .withScheduler(schedules[1], ScheduleInterval.STEP, 1);
          }
        };
    trainer().build().fit(module, BoringData.loader(10));

    assertThat(schedules[0].steps()).isEqualTo(10);
    assertThat(schedules[1].steps()).isEqualTo(2);
  }

  @Test
  void step_thatSkipsItsBatch_letsTheOtherLearn() {
    Adversaries module =
        new Adversaries() {
          @Override
          @Nullable Tensor judge(Batch batch, int batchIndex) {
            return null;
          }
        };
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(3));

    assertThat(trainer.optimizerSteps(0)).isZero();
    assertThat(trainer.optimizerSteps(1)).isEqualTo(3);
  }
}
