package io.fulgur.benchmarks.samediff;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.benchmarks.nd4j.Nd4jDetails;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.weightinit.impl.XavierInitScheme;

/** An MLP in one endless call of {@code fit}, so that its preparation is not measured. */
final class SameDiffMlp implements Contestant {
  private final Mlp mlp;
  private final MultiDataSet[] batches = new MultiDataSet[ClassificationData.LABEL_BATCHES];
  private @Nullable SameDiff graph;
  private @Nullable StepIterator iterator;

  SameDiffMlp(Mlp mlp) {
    this.mlp = mlp;
    ClassificationData data = ClassificationData.of(mlp);
    INDArray[] features = new INDArray[ClassificationData.FEATURE_BATCHES];
    for (int i = 0; i < features.length; i++) {
      features[i] = Nd4j.createFromArray(data.features(i)).reshape(mlp.batchSize(), mlp.features());
    }
    for (int i = 0; i < batches.length; i++) {
      INDArray oneHot =
          Nd4j.createFromArray(data.oneHotLabels(i)).reshape(mlp.batchSize(), mlp.classes());
      batches[i] = new MultiDataSet(features[ClassificationData.featureBatch(i)], oneHot);
    }
  }

  private SameDiff graph() {
    SameDiff graph = SameDiff.create();
    Nd4j.getRandom().setSeed(1);
    SDVariable hidden =
        graph.placeHolder("features", DataType.FLOAT, mlp.batchSize(), mlp.features());
    SDVariable labels = graph.placeHolder("labels", DataType.FLOAT, mlp.batchSize(), mlp.classes());
    for (int i = 0; i < mlp.layers(); i++) {
      int in = mlp.layerSizes().get(i);
      int out = mlp.layerSizes().get(i + 1);
      SDVariable weight =
          graph.var("weight" + i, new XavierInitScheme('c', in, out), DataType.FLOAT, in, out);
      SDVariable bias = graph.var("bias" + i, Nd4j.zeros(DataType.FLOAT, out));
      // Not nn().linear: its weights are not trained.
      hidden = hidden.mmul(weight).add(bias);
      if (i < mlp.layers() - 1) {
        hidden = graph.nn().relu(hidden, 0);
      }
    }
    graph.loss().softmaxCrossEntropy("loss", labels, hidden, null);
    graph.setLossVariables("loss");
    graph.setTrainingConfig(
        TrainingConfig.builder()
            .updater(new Adam(Classifier.LEARNING_RATE))
            .dataSetFeatureMapping("features")
            .dataSetLabelMapping("labels")
            .build());
    return graph;
  }

  @Override
  public void train(Steps steps) {
    SameDiff model = graph();
    graph = model;
    iterator = new StepIterator(steps, batches);
    model.fit(iterator, /* numEpochs= */ 1);
  }

  /** Of the step's batch after the step, as training computes gradients only and reports 0. */
  @Override
  public double loss() {
    MultiDataSet batch = Objects.requireNonNull(iterator, "Not yet training").last();
    return Objects.requireNonNull(graph, "Not yet training")
        .outputSingle(
            Map.of("features", batch.getFeatures(0), "labels", batch.getLabels(0)), "loss")
        .getDouble();
  }

  @Override
  public Map<String, String> details() {
    return Nd4jDetails.details();
  }
}
