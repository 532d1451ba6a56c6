package io.fulgur.benchmarks.fulgur;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.tensor.Tensor;

/** The class that a user of the Trainer writes. */
final class MlpModule extends FulgurModule {
  private final Sequential network;
  private final LastLoss lastLoss;

  /** The loss of the step before, for the benchmark. */
  static final class LastLoss {
    private double value;

    double value() {
      return value;
    }
  }

  MlpModule(Mlp mlp, LastLoss lastLoss) {
    this.network = Networks.mlp(mlp);
    this.lastLoss = lastLoss;
  }

  @Override
  public Tensor forward(Tensor input) {
    return network.call(input);
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = Losses.crossEntropy(call(batch.get("features")), batch.get("label"));
    log("train_loss", loss, LogOptions.onStep().onEpoch().progressBar());
    lastLoss.value = loss.item();
    return loss;
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(Adam.of(parameters()).learningRate(Classifier.LEARNING_RATE));
  }
}
