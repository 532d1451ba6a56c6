package io.fulgur.samples.digits;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.metric.Accuracy;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.tensor.Tensor;

/** Tells which digit an 8x8 image shows: a perceptron with one hidden layer. */
@SaveHyperparameters
public class DigitClassifier extends FulgurModule {
  private final Sequential net;
  private final Accuracy accuracy = Accuracy.multiclass(10);
  private final double learningRate;

  /** Makes a classifier with random weights. */
  public DigitClassifier(int hidden, double dropout, double learningRate) {
    this.net =
        new Sequential(
            new Linear(64, hidden), new ReLU(), new Dropout(dropout), new Linear(hidden, 10));
    this.learningRate = learningRate;
  }

  /** Returns logits {@code [batch, 10]} for images {@code [batch, 64]}. */
  @Override
  public Tensor forward(Tensor images) {
    return net.call(images);
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = Losses.crossEntropy(forward(batch.get("image")), batch.get("label"));
    log("train_loss", loss, LogOptions.onStep().onEpoch().progressBar());
    return loss;
  }

  @ValidationStep
  void validationStep(Batch batch) {
    evaluate("val", batch);
  }

  @TestStep
  void testStep(Batch batch) {
    evaluate("test", batch);
  }

  private void evaluate(String split, Batch batch) {
    Tensor logits = forward(batch.get("image"));
    Tensor label = batch.get("label");
    log(split + "_loss", Losses.crossEntropy(logits, label), LogOptions.defaults().progressBar());
    log(split + "_acc", accuracy.update(logits, label), LogOptions.defaults().progressBar());
  }

  @PredictStep
  StepOutput predictStep(Batch batch) {
    Tensor probabilities = forward(batch.get("image")).softmax(1);
    return StepOutput.of("digit", probabilities.argmax(1))
        .with("probability", probabilities.max(/* keepDim= */ false, 1));
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(AdamW.of(parameters()).learningRate(learningRate));
  }
}
