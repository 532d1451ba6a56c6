package io.fulgur.behaviour;

import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;

/** A generator and a discriminator of random features, each with an optimizer and a loss. */
abstract class Rivals extends FulgurModule {
  static final int NOISE = 4;

  final Linear generator = new Linear(NOISE, BoringModule.FEATURES);
  final Linear discriminator = new Linear(BoringModule.FEATURES, 1);
  final Optimizer generatorOptimizer = Adam.of(generator.parameters()).learningRate(0.01);
  final Optimizer discriminatorOptimizer = Adam.of(discriminator.parameters()).learningRate(0.02);

  private Tensor fake() {
    Tensor noise =
        Tensor.normal(
            Generator.defaultGenerator(), 0, 1, generator.parameters().get(0).dtype(), 1, NOISE);
    return discriminator.call(generator.call(noise));
  }

  final Tensor discriminatorLoss(Batch batch) {
    Tensor real = discriminator.call(batch.get(BoringData.FEATURES));
    Tensor fake = fake();
    return Losses.binaryCrossEntropyWithLogits(real, Tensor.onesLike(real))
        .add(Losses.binaryCrossEntropyWithLogits(fake, Tensor.zerosLike(fake)));
  }

  final Tensor generatorLoss() {
    Tensor fake = fake();
    return Losses.binaryCrossEntropyWithLogits(fake, Tensor.onesLike(fake));
  }

  final OptimizerPlan bothOptimizers() {
    return OptimizerPlan.of("discriminator", discriminatorOptimizer)
        .and("generator", generatorOptimizer);
  }
}
