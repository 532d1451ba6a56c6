package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * An MLP in the loop that a user would write by hand. Batches come from Java arrays at each step.
 */
final class RawMlp implements Contestant {
  private final Mlp mlp;
  private final Sequential network;
  private final Adam optimizer;
  private final float[][] features = new float[ClassificationData.FEATURE_BATCHES][];
  private final long[][] labels = new long[ClassificationData.LABEL_BATCHES][];
  private double loss;

  RawMlp(Mlp mlp) {
    Generator.defaultGenerator().seed(1);
    this.mlp = mlp;
    network = Networks.of(mlp);
    optimizer = Adam.of(network.parameters()).learningRate(Mlp.LEARNING_RATE);
    ClassificationData data = ClassificationData.of(mlp);
    Arrays.setAll(features, data::features);
    Arrays.setAll(labels, i -> Arrays.stream(data.labels(i)).asLongStream().toArray());
  }

  @Override
  public void train(Steps steps) {
    for (int step = steps.next(); step != Steps.END; step = steps.next()) {
      try (StepScope scope = StepScope.open("train")) {
        Tensor x =
            Tensor.of(
                features[ClassificationData.featureBatch(step)], mlp.batchSize(), mlp.features());
        Tensor y = Tensor.of(labels[ClassificationData.labelBatch(step)], mlp.batchSize());
        optimizer.zeroGrad();
        Tensor stepLoss = Losses.crossEntropy(network.forward(x), y);
        stepLoss.backward();
        optimizer.step();
        loss = stepLoss.item();
      }
    }
  }

  @Override
  public double loss() {
    return loss;
  }

  @Override
  public Map<String, String> details() {
    return Networks.details();
  }
}
