package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Fulgur;
import io.fulgur.GradientClipAlgorithm;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ManualOptimizer;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.precision.GradScaler;
import io.fulgur.precision.MixedPrecision;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.trainer.TestTrainers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Modules whose training step runs the backward passes and steps the optimizers. */
class ManualOptimizationTest {
  /** Leaves to each test what its step does. */
  @ManualOptimization
  abstract static class ByHand extends Rivals {
    @TrainingStep
    abstract void train(Batch batch, int batchIndex);

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return bothOptimizers();
    }
  }

  /** Does what the trainer does with {@link Adversaries}. */
  static class TakingTurns extends ByHand {
    @Override
    void train(Batch batch, int batchIndex) {
      ManualOptimizer judge = manualOptimizer("discriminator");
      ManualOptimizer forger = manualOptimizer("generator");
      try (ManualOptimizer.Toggle only = judge.toggle()) {
        Tensor loss = discriminatorLoss(batch);
        judge.zeroGrad();
        manualBackward(loss);
        judge.step();
      }
      try (ManualOptimizer.Toggle only = forger.toggle()) {
        Tensor loss = generatorLoss();
        forger.zeroGrad();
        manualBackward(loss);
        forger.step();
      }
    }
  }

  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(1);
  }

  private static List<float[]> weights(FulgurModule module) {
    return module.parameters().stream().map(Tensor::toFloatArray).toList();
  }

  @Test
  void fit_doingWhatTheTrainerDoes_givesTheSameNumbers() {
    Fulgur.seedEverything(5);
    Adversaries expected = new Adversaries();
    trainer().build().fit(expected, BoringData.loader(6));
    Fulgur.seedEverything(5);
    TakingTurns module = new TakingTurns();
    trainer().build().fit(module, BoringData.loader(6));

    assertThat(weights(module)).usingRecursiveComparison().isEqualTo(weights(expected));
  }

  /** Two optimizers, two batches, three backward passes on each: six, and a step of each. */
  @Test
  void step_ofEveryOptimizer_countsInGlobalStep() {
    int[] backwards = new int[1];
    ByHand module =
        new ByHand() {
          @Override
          void train(Batch batch, int batchIndex) {
            manualOptimizers().forEach(ManualOptimizer::zeroGrad);
            for (int i = 0; i < 3; i++) {
              manualBackward(discriminatorLoss(batch));
            }
            manualOptimizers().forEach(ManualOptimizer::step);
          }

          @Override
          protected void backward(Tensor loss) {
            backwards[0]++;
            super.backward(loss);
          }
        };
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(2));

    assertThat(backwards[0]).isEqualTo(6);
    assertThat(trainer.globalStep()).isEqualTo(4);
    assertThat(trainer.optimizerSteps(0)).isEqualTo(2);
    assertThat(trainer.loggingStep()).isEqualTo(2);
  }

  @Test
  void maxSteps_countsTheStepsOfAll() {
    Trainer trainer = trainer().maxEpochs(-1).maxSteps(5).build();
    trainer.fit(new TakingTurns(), BoringData.loader(4));

    assertThat(trainer.globalStep()).isEqualTo(6);
    assertThat(trainer.totalBatches()).isEqualTo(3);
  }

  @Test
  void clipGradients_boundsThoseOfOneOptimizer() {
    List<Double> norms = new ArrayList<>();
    List<Double> largest = new ArrayList<>();
    ByHand module =
        new ByHand() {
          @Override
          void train(Batch batch, int batchIndex) {
            manualOptimizers().forEach(ManualOptimizer::zeroGrad);
            manualBackward(discriminatorLoss(batch));
            manualOptimizers().get(0).clipGradients(1e-2, GradientClipAlgorithm.NORM);
            manualOptimizers().get(1).clipGradients(1e-3, GradientClipAlgorithm.VALUE);
            norms.add(GradientClipping.norm(discriminatorOptimizer));
            norms.add(GradientClipping.norm(generatorOptimizer));
            generator.parameters().forEach(each -> largest.add(each.grad().abs().max().item()));
          }
        };
    trainer().build().fit(module, BoringData.loader(1));

    assertThat(norms.get(0)).isCloseTo(1e-2, within(1e-5));
    assertThat(norms.get(1)).isGreaterThan(1e-3);
    assertThat(largest).allSatisfy(value -> assertThat(value).isLessThanOrEqualTo(1.001e-3));
  }

  @Test
  void schedules_areSteppedByTheModuleOnly() {
    List<Integer> known = new ArrayList<>();
    StepLR[] schedule = new StepLR[1];
    ByHand module =
        new ByHand() {
          @Override
          void train(Batch batch, int batchIndex) {
            known.add(lrSchedulers().size());
            if (batchIndex == 1) {
              lrSchedulers().forEach(LearningRateScheduler::step);
            }
          }

          @Override
          OptimizerPlan plan() {
            schedule[0] = new StepLR(generatorOptimizer, 1, 0.5);
            return super.plan().withScheduler(schedule[0]);
          }
        };
    trainer().maxEpochs(2).build().fit(module, BoringData.loader(3));

    assertThat(known).containsOnly(1).hasSize(6);
    assertThat(schedule[0].steps()).isEqualTo(2);
  }

  /** Losses are scaled for half precision, gradients unscaled, and the scale grows between. */
  @Test
  void step_inHalfPrecision_unscalesGradientsAlsoOfTwoStepsOnABatch() {
    GradScaler scaler = new GradScaler(1024, 2, 0.5, 1);
    List<Double> norms = new ArrayList<>();
    ByHand module =
        new ByHand() {
          @Override
          void train(Batch batch, int batchIndex) {
            ManualOptimizer judge = manualOptimizer("discriminator");
            for (int i = 0; i < 2; i++) {
              judge.zeroGrad();
              manualBackward(discriminator.call(batch.get(BoringData.FEATURES)).mean());
              judge.step();
              norms.add(GradientClipping.norm(discriminatorOptimizer));
            }
          }
        };
    Trainer trainer = trainer().precision(MixedPrecision.float16(scaler)).build();
    trainer.fit(module, BoringData.loader(2));

    assertThat(trainer.globalStep()).isEqualTo(4);
    assertThat(scaler.scale()).isEqualTo(1024 * 16);
    assertThat(norms.get(0)).isCloseTo(norms.get(1), within(1e-6));
    assertThat(norms.get(2)).isCloseTo(norms.get(3), within(1e-6));
    assertThat(norms).allSatisfy(norm -> assertThat(norm).isBetween(1.0, 20.0));
  }

  @Test
  void toggle_isClosedByTheEndOfItsBlock_alsoIfThatFails() {
    ByHand module =
        new ByHand() {
          @Override
          void train(Batch batch, int batchIndex) {
            try (ManualOptimizer.Toggle only = manualOptimizer("generator").toggle()) {
              assertThat(discriminator.parameters()).noneMatch(Tensor::requiresGrad);
              throw new IllegalStateException("on purpose");
            } catch (IllegalStateException e) {
              assertThat(discriminator.parameters()).allMatch(Tensor::requiresGrad);
            }
          }
        };
    Trainer trainer = trainer().build();
    trainer.fit(module, BoringData.loader(1));

    assertThat(trainer.totalBatches()).isEqualTo(1);
    assertThat(trainer.globalStep()).isZero();
  }
}
