package io.fulgur.samples.gan;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.LeakyReLU;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.Tanh;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;

/**
 * A generative adversarial network (Goodfellow et al. 2014): the generator draws digits from noise,
 * the discriminator tells them from scanned ones, and each learns from the other.
 *
 * <p>Both have an optimizer and a training step. While one step runs, the parameters of the other
 * network get no gradients.
 */
@SaveHyperparameters
public class DigitGan extends FulgurModule {
  static final int NOISE = 16;
  private static final double REAL = 0.9; // Below 1, so that the discriminator is never sure.

  private final Sequential generator;
  private final Sequential discriminator;
  private final double learningRate;

  /** Makes both networks with random weights. */
  public DigitGan(int hidden, double learningRate) {
    this.learningRate = learningRate;
    this.generator =
        new Sequential(
            new Linear(NOISE, hidden),
            new BatchNorm1d(hidden),
            new ReLU(),
            new Linear(hidden, hidden),
            new BatchNorm1d(hidden),
            new ReLU(),
            new Linear(hidden, 64),
            new Tanh());
    this.discriminator =
        new Sequential(
            new Linear(64, hidden),
            new LeakyReLU(0.2),
            new Dropout(0.3),
            new Linear(hidden, hidden),
            new LeakyReLU(0.2),
            new Dropout(0.3),
            new Linear(hidden, 1));
  }

  /** Draws images {@code [batch, 64]}, from -1 to 1, from noise {@code [batch, 16]}. */
  @Override
  public Tensor forward(Tensor noise) {
    return generator.call(noise);
  }

  private Tensor drawn(int count) {
    return forward(Tensor.normal(Generator.defaultGenerator(), 0, 1, DType.F32, count, NOISE));
  }

  private static Tensor loss(Tensor logits, double target) {
    Tensor targets = Tensor.full(target, logits.dtype(), logits.shape().toArray());
    return Losses.binaryCrossEntropyWithLogits(logits, targets);
  }

  /** Learns to tell scanned digits from drawn ones. */
  @TrainingStep(optimizer = "discriminator")
  Tensor judge(Batch batch) {
    Tensor real = discriminator.call(batch.get("image"));
    Tensor fake = discriminator.call(drawn(batch.size()));
    Tensor loss = loss(real, REAL).add(loss(fake, 0)).mul(0.5);
    log("discriminator_loss", loss, LogOptions.onEpoch().progressBar());
    return loss;
  }

  /** Learns to draw what the discriminator takes for scanned. */
  @TrainingStep(optimizer = "generator")
  Tensor deceive(Batch batch) {
    Tensor loss = loss(discriminator.call(drawn(batch.size())), 1);
    log("generator_loss", loss, LogOptions.onEpoch().progressBar());
    return loss;
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(
            "discriminator",
            Adam.of(discriminator.parameters()).learningRate(learningRate).betas(0.5, 0.999))
        .and(
            "generator",
            Adam.of(generator.parameters()).learningRate(learningRate).betas(0.5, 0.999));
  }
}
