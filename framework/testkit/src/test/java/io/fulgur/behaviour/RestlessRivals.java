package io.fulgur.behaviour;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.metric.MeanMetric;
import io.fulgur.module.ManualOptimizer;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepClosure;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import java.util.function.Consumer;

/**
 * Rivals that change in every way in which a module can while they train on a batch: weights,
 * buffers, random numbers, metrics, what was logged, learning rates.
 */
abstract class RestlessRivals extends Rivals {
  /** Is told when something has been done that no hook tells of. */
  Consumer<String> listener = done -> {};

  final MeanMetric seen = new MeanMetric();
  private final Buffer drawn = Buffer.of(Tensor.zeros(1));

  @Override
  public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
    double noise = Generator.defaultGenerator().nextDouble();
    return batch.with(BoringData.FEATURES, batch.get(BoringData.FEATURES).add(noise));
  }

  /** Changes all that a step may change, and logs. */
  final StepOutput restless(String name, Tensor loss) {
    double next = Generator.defaultGenerator().nextDouble();
    drawn.assign(drawn.mul(0.5).add(next));
    log(name, loss, LogOptions.onStep().onEpoch());
    log("drawn", next, LogOptions.onStep().onEpoch());
    log(name + "_seen", seen.update(next), LogOptions.onStep());
    return StepOutput.loss(loss).with("drawn", drawn.mul(2));
  }

  final OptimizerPlan scheduled(OptimizerPlan plan) {
    return plan.withScheduler(
            new ExponentialLR(discriminatorOptimizer, 0.97), ScheduleInterval.STEP, 1)
        .withScheduler(new ExponentialLR(generatorOptimizer, 0.9), ScheduleInterval.STEP, 1)
        .withScheduler(new StepLR(discriminatorOptimizer, 1, 0.9))
        .withScheduler(new StepLR(generatorOptimizer, 1, 0.8));
  }

  /** Has a training step for each optimizer. */
  static class InTurns extends RestlessRivals {
    private final int everyNBatches;

    InTurns(int everyNBatches) {
      this.everyNBatches = everyNBatches;
    }

    @TrainingStep(optimizer = "discriminator")
    StepOutput judge(Batch batch) {
      return restless("d_loss", discriminatorLoss(batch));
    }

    @TrainingStep(optimizer = "generator")
    StepOutput deceive() {
      return restless("g_loss", generatorLoss());
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return scheduled(bothOptimizers().everyNBatches("generator", everyNBatches));
    }

    @Override
    protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
      super.optimizerStep(optimizer, closure);
      listener.accept("optimizerStep");
    }

    @Override
    protected void lrSchedulerStep(LearningRateScheduler scheduler) {
      super.lrSchedulerStep(scheduler);
      listener.accept("lrSchedulerStep");
    }
  }

  /** Has one training step, from whose loss both optimizers learn. */
  static class Together extends RestlessRivals {
    @TrainingStep
    StepOutput train(Batch batch) {
      return restless("loss", discriminatorLoss(batch).add(generatorLoss()));
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return scheduled(OptimizerPlan.of(discriminatorOptimizer, generatorOptimizer));
    }

    @Override
    protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
      super.optimizerStep(optimizer, closure);
      listener.accept("optimizerStep");
    }

    @Override
    protected void lrSchedulerStep(LearningRateScheduler scheduler) {
      super.lrSchedulerStep(scheduler);
      listener.accept("lrSchedulerStep");
    }
  }

  /** Steps its optimizers itself: both on each batch, or with the gradients of some batches. */
  @ManualOptimization
  static class ByHand extends RestlessRivals {
    private final int batches;

    ByHand(int batches) {
      this.batches = batches;
    }

    @TrainingStep
    StepOutput train(Batch batch, int batchIndex) {
      if (batchIndex % batches == 0) {
        manualOptimizers().forEach(ManualOptimizer::zeroGrad);
      }
      Tensor loss = discriminatorLoss(batch);
      manualBackward(loss);
      manualBackward(generatorLoss());
      StepOutput output = restless("loss", loss);
      if ((batchIndex + 1) % batches == 0) {
        manualOptimizers().forEach(ManualOptimizer::step);
      }
      return output;
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return bothOptimizers();
    }
  }
}
