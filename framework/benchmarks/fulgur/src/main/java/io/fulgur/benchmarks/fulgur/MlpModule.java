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
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The class that a user of the Trainer writes. */
final class MlpModule extends FulgurModule {
  private static final LogOptions BOTH = LogOptions.onStep().onEpoch();

  private final Sequential network;
  private final LastLoss lastLoss;
  private final boolean logs;
  private final List<String> names;
  private final Function<MlpModule, OptimizerPlan> optimizers;

  /** The loss of the step before, for the benchmark. */
  static final class LastLoss {
    private double value;

    double value() {
      return value;
    }
  }

  /**
   * @param loggedValues how many values each step logs: the first for steps, epochs and the
   *     progress display, the others for steps and epochs; tensors and numbers by turns
   */
  MlpModule(Mlp mlp, LastLoss lastLoss, int loggedValues) {
    this(
        mlp,
        lastLoss,
        loggedValues,
        module ->
            OptimizerPlan.of(Adam.of(module.parameters()).learningRate(Classifier.LEARNING_RATE)));
  }

  /** Makes one that something else than Adam trains. */
  MlpModule(
      Mlp mlp, LastLoss lastLoss, int loggedValues, Function<MlpModule, OptimizerPlan> optimizers) {
    this.optimizers = optimizers;
    this.names = IntStream.range(1, loggedValues).mapToObj(i -> "value_" + i).toList();
    this.logs = loggedValues > 0;
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
    if (logs) {
      log("train_loss", loss, LogOptions.onStep().onEpoch().progressBar());
      log(loss);
    }
    lastLoss.value = loss.item();
    return loss;
  }

  private void log(Tensor loss) {
    for (int i = 0; i < names.size(); i++) {
      if (i % 2 == 0) {
        log(names.get(i), loss, BOTH);
      } else {
        log(names.get(i), i, BOTH);
      }
    }
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return optimizers.apply(this);
  }
}
