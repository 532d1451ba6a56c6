package io.fulgur.behaviour;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has a training step for each optimizer. */
class Adversaries extends Rivals {
  /** Which step ran on which batch. */
  final List<String> steps = new ArrayList<>();

  @TrainingStep(optimizer = "discriminator")
  @Nullable Tensor judge(Batch batch, int batchIndex) {
    steps.add("judge " + batchIndex);
    Tensor loss = discriminatorLoss(batch);
    log("d_loss", loss, LogOptions.onStep());
    return loss;
  }

  @TrainingStep(optimizer = "generator")
  Tensor deceive(int batchIndex) {
    steps.add("deceive " + batchIndex);
    Tensor loss = generatorLoss();
    log("g_loss", loss, LogOptions.onStep());
    return loss;
  }

  @ConfigureOptimizers
  OptimizerPlan plan() {
    return bothOptimizers();
  }
}
