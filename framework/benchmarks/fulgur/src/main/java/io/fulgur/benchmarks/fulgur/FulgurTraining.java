package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Module;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The loop that a user would write by hand, for any network. Batches come from Java arrays at each
 * step.
 */
final class FulgurTraining implements Contestant {
  private final IntFunction<Tensor> inputs;
  private final IntFunction<Tensor> targets;
  private final Supplier<? extends Module> networks;
  private Tensor loss = Tensor.scalar(Float.NaN);

  private FulgurTraining(
      IntFunction<Tensor> inputs,
      IntFunction<Tensor> targets,
      Supplier<? extends Module> networks) {
    this.inputs = inputs;
    this.targets = targets;
    this.networks = networks;
  }

  /**
   * @param networks makes a network that returns logits, {@code [batchSize, classes]}
   */
  static FulgurTraining of(Classifier model, Supplier<? extends Module> networks) {
    ClassificationData data = ClassificationData.of(model);
    float[][] features = new float[ClassificationData.FEATURE_BATCHES][];
    Arrays.setAll(features, data::features);
    long[][] labels = new long[ClassificationData.LABEL_BATCHES][];
    Arrays.setAll(labels, data::labels);
    return new FulgurTraining(
        step -> Tensor.of(features[ClassificationData.featureBatch(step)], model.batchShape()),
        step -> Tensor.of(labels[ClassificationData.labelBatch(step)], model.batchSize()),
        networks);
  }

  @Override
  public void train(Steps steps) {
    Generator.defaultGenerator().seed(1);
    Module network = networks.get();
    Adam optimizer = Adam.of(network.parameters()).learningRate(Classifier.LEARNING_RATE);
    int step = steps.next();
    while (step != Steps.END) {
      // The scope spans next(), in which the loss may be asked for.
      try (StepScope scope = StepScope.open("train")) {
        optimizer.zeroGrad();
        loss = Losses.crossEntropy(network.call(inputs.apply(step)), targets.apply(step));
        loss.backward();
        optimizer.step();
        step = steps.next();
      }
    }
  }

  @Override
  public double loss() {
    return loss.item();
  }

  @Override
  public Map<String, String> details() {
    return Networks.details();
  }
}
