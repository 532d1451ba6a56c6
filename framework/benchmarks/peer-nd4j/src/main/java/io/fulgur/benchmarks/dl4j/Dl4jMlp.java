package io.fulgur.benchmarks.dl4j;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.benchmarks.nd4j.Nd4jDetails;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** An MLP as a user of DL4J writes it, one call of {@code fit} for each batch. */
final class Dl4jMlp implements Contestant {
  private final Mlp mlp;
  private final INDArray[] features = new INDArray[ClassificationData.FEATURE_BATCHES];
  private final INDArray[] labels = new INDArray[ClassificationData.LABEL_BATCHES];
  private double loss;

  Dl4jMlp(Mlp mlp) {
    this.mlp = mlp;
    ClassificationData data = ClassificationData.of(mlp);
    for (int i = 0; i < features.length; i++) {
      features[i] = Nd4j.createFromArray(data.features(i)).reshape(mlp.batchSize(), mlp.features());
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          Nd4j.createFromArray(data.oneHotLabels(i)).reshape(mlp.batchSize(), mlp.classes());
    }
  }

  private MultiLayerNetwork network() {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Adam(Classifier.LEARNING_RATE))
            .weightInit(WeightInit.XAVIER)
            .list();
    for (int i = 0; i < mlp.layers(); i++) {
      int in = mlp.layerSizes().get(i);
      int out = mlp.layerSizes().get(i + 1);
      if (i < mlp.layers() - 1) {
        layers.layer(
            new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.RELU).build());
      } else {
        layers.layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(in)
                .nOut(out)
                .activation(Activation.SOFTMAX)
                .build());
      }
    }
    MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
    network.init();
    return network;
  }

  @Override
  public void train(Steps steps) {
    MultiLayerNetwork network = network();
    for (int step = steps.next(); step != Steps.END; step = steps.next()) {
      network.fit(
          features[ClassificationData.featureBatch(step)],
          labels[ClassificationData.labelBatch(step)]);
      loss = network.score();
    }
  }

  @Override
  public double loss() {
    return loss;
  }

  @Override
  public Map<String, String> details() {
    return Nd4jDetails.details();
  }
}
