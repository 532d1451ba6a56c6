package ${package};

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;

/** Tells on which of three spirals a point lies. */
@SaveHyperparameters
public class SpiralClassifier extends FulgurModule {
  private final Sequential net;
  private final double learningRate;

  public SpiralClassifier(int hidden, double learningRate) {
    this.net =
        new Sequential(
            new Linear(2, hidden),
            new ReLU(),
            new Linear(hidden, hidden),
            new ReLU(),
            new Linear(hidden, 3));
    this.learningRate = learningRate;
  }

  @Override
  public Tensor forward(Tensor points) {
    return net.call(points);
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = Losses.crossEntropy(forward(batch.get("point")), batch.get("spiral"));
    log("train_loss", loss, LogOptions.onStep().onEpoch().progressBar());
    return loss;
  }

  @ValidationStep
  void validationStep(Batch batch) {
    Tensor logits = forward(batch.get("point"));
    Tensor spiral = batch.get("spiral");
    log("val_loss", Losses.crossEntropy(logits, spiral));
    log(
        "val_acc",
        logits.argmax(1).eq(spiral).to(DType.F32).mean(),
        LogOptions.defaults().progressBar());
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(AdamW.of(parameters()).learningRate(learningRate));
  }
}
