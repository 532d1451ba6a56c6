package io.fulgur.samples.lenet;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.metric.Accuracy;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Conv2d;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Flatten;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.MaxPool2d;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.nn.schedule.CosineAnnealingLR;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ConvolutionOptions;

/**
 * LeNet-5, with ReLU and max-pooling as networks have them today, and sized for images of 8x8
 * pixels.
 *
 * <p>Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document
 * Recognition", 1998.
 */
@SaveHyperparameters
public class LeNet extends FulgurModule {
  private final Sequential net;
  private final Accuracy accuracy = Accuracy.multiclass(10);
  private final double learningRate;
  private final int epochs;

  /** Makes a network with random weights, whose learning rate falls to 0 over the epochs. */
  public LeNet(double dropout, double learningRate, int epochs) {
    this.net =
        new Sequential( //                                              [batch, 1, 8, 8]
            new Conv2d(1, 16, 5, padding(2)), //                       [batch, 16, 8, 8]
            new ReLU(),
            new MaxPool2d(2), //                                       [batch, 16, 4, 4]
            new Conv2d(16, 32, 3, padding(1)), //                      [batch, 32, 4, 4]
            new ReLU(),
            new MaxPool2d(2), //                                       [batch, 32, 2, 2]
            new Flatten(),
            new Linear(128, 84),
            new ReLU(),
            new Dropout(dropout),
            new Linear(84, 10));
    this.learningRate = learningRate;
    this.epochs = epochs;
  }

  private static ConvolutionOptions padding(int pixels) {
    return ConvolutionOptions.defaults().padding(pixels);
  }

  /** Returns logits {@code [batch, 10]} for images {@code [batch, 1, 8, 8]}. */
  @Override
  public Tensor forward(Tensor images) {
    return net.call(images);
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = Losses.crossEntropy(call(batch.get("image")), batch.get("label"));
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
    Tensor logits = call(batch.get("image"));
    Tensor label = batch.get("label");
    log(split + "_loss", Losses.crossEntropy(logits, label), LogOptions.defaults().progressBar());
    log(split + "_acc", accuracy.update(logits, label), LogOptions.defaults().progressBar());
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    AdamW optimizer = AdamW.of(parameters()).learningRate(learningRate);
    return OptimizerPlan.of(optimizer).withScheduler(new CosineAnnealingLR(optimizer, epochs));
  }
}
