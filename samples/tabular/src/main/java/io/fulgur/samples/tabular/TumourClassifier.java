package io.fulgur.samples.tabular;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;

/** Tells whether a tumour is benign: a perceptron with one hidden layer. */
@SaveHyperparameters
public class TumourClassifier extends FulgurModule {
  private final Sequential net;
  private final double learningRate;
  private final double weightDecay;

  /** Makes a classifier with random weights. */
  public TumourClassifier(int hidden, double dropout, double learningRate, double weightDecay) {
    this.net =
        new Sequential(
            new Linear(30, hidden),
            new ReLU(),
            new Dropout(dropout),
            new Linear(hidden, TumourData.CLASSES.size()));
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
  }

  /** Returns logits {@code [batch, 2]} for features {@code [batch, 30]}. */
  @Override
  public Tensor forward(Tensor features) {
    return net.call(features);
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = Losses.crossEntropy(forward(batch.get("features")), batch.get("label"));
    log("train_loss", loss, LogOptions.onEpoch().progressBar());
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
    Tensor logits = forward(batch.get("features"));
    Tensor label = batch.get("label");
    log(split + "_loss", Losses.crossEntropy(logits, label), LogOptions.defaults().progressBar());
    Tensor correct = logits.argmax(1).eq(label).to(DType.F32);
    log(split + "_acc", correct.mean(), LogOptions.defaults().progressBar());
  }

  @PredictStep
  StepOutput predictStep(Batch batch) {
    Tensor probabilities = forward(batch.get("features")).softmax(1);
    return StepOutput.of("label", probabilities.argmax(1))
        .with("probability", probabilities.max(/* keepDim= */ false, 1));
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(
        AdamW.of(parameters()).learningRate(learningRate).weightDecay(weightDecay));
  }
}
