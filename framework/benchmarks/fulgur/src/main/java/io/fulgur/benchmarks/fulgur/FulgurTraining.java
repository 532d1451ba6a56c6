package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.LanguageModel;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.benchmarks.contestant.TokenData;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Module;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop that a user would write by hand, for any network. Batches come from Java arrays at each
 * step.
 */
final class FulgurTraining implements Contestant {
  private final IntFunction<Tensor> inputs;
  private final IntFunction<Tensor> targets;
  private final Supplier<? extends Module> networks;
  private final @Nullable DType autocast;
  private Tensor loss = Tensor.scalar(Float.NaN);
  private long parameters;

  private FulgurTraining(
      IntFunction<Tensor> inputs,
      IntFunction<Tensor> targets,
      Supplier<? extends Module> networks,
      @Nullable DType autocast) {
    this.inputs = inputs;
    this.targets = targets;
    this.networks = networks;
    this.autocast = autocast;
  }

  /** Returns the same training with its forward pass in a region that chooses 16-bit types. */
  FulgurTraining in(DType sixteenBit) {
    return new FulgurTraining(inputs, targets, networks, sixteenBit);
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
        networks,
        /* autocast= */ null);
  }

  /**
   * @param networks makes a network that returns logits, {@code [BATCH_SIZE · TOKENS, VOCABULARY]}
   */
  static FulgurTraining ofLanguageModel(Supplier<? extends Module> networks) {
    TokenData data = new TokenData();
    long[][] tokens = new long[TokenData.BATCHES][];
    Arrays.setAll(tokens, data::inputs);
    long[][] following = new long[TokenData.BATCHES][];
    Arrays.setAll(following, data::targets);
    return new FulgurTraining(
        step ->
            Tensor.of(
                tokens[TokenData.batch(step)], LanguageModel.BATCH_SIZE, LanguageModel.TOKENS),
        step ->
            Tensor.of(
                following[TokenData.batch(step)], LanguageModel.BATCH_SIZE * LanguageModel.TOKENS),
        networks,
        /* autocast= */ null);
  }

  @Override
  public void train(Steps steps) {
    Generator.defaultGenerator().seed(1);
    Module network = networks.get();
    parameters = network.parameters().stream().mapToLong(Tensor::elements).sum();
    Adam optimizer = Adam.of(network.parameters()).learningRate(Classifier.LEARNING_RATE);
    int step = steps.next();
    while (step != Steps.END) {
      // The scope spans next(), in which the loss may be asked for.
      try (StepScope scope = StepScope.open("train")) {
        optimizer.zeroGrad();
        loss = loss(network, step);
        loss.backward();
        optimizer.step();
        step = steps.next();
      }
    }
  }

  private Tensor loss(Module network, int step) {
    Tensor batch = inputs.apply(step);
    if (autocast == null) {
      return Losses.crossEntropy(network.call(batch), targets.apply(step));
    }
    try (Autocast region = Autocast.to(autocast)) {
      return Losses.crossEntropy(network.call(batch), targets.apply(step));
    }
  }

  @Override
  public double loss() {
    return loss.item();
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> details = new HashMap<>(Networks.details());
    details.put("parameters", Long.toString(parameters));
    return details;
  }
}
