package io.fulgur.benchmarks.libtorch;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.LanguageModel;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.benchmarks.contestant.TokenData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The loop that a user of libtorch writes, for any network. */
final class LibtorchTraining implements Contestant {
  private final Tensor[] inputs;
  private final Tensor[] targets;
  private final Supplier<LibtorchNetwork> networks;
  private Tensor loss = new Tensor();
  private long parameters;

  private LibtorchTraining(Tensor[] inputs, Tensor[] targets, Supplier<LibtorchNetwork> networks) {
    this.inputs = inputs;
    this.targets = targets;
    this.networks = networks;
  }

  static LibtorchTraining of(Classifier model, Supplier<LibtorchNetwork> networks) {
    return of(model, torch.MemoryFormat.Contiguous, networks);
  }

  /**
   * @param format in which the batches lie
   */
  static LibtorchTraining of(
      Classifier model, torch.MemoryFormat format, Supplier<LibtorchNetwork> networks) {
    ClassificationData data = ClassificationData.of(model);
    Tensor[] features = new Tensor[ClassificationData.FEATURE_BATCHES];
    Arrays.setAll(
        features, i -> Tensor.create(data.features(i), model.batchShape()).contiguous(format));
    Tensor[] labels = new Tensor[ClassificationData.LABEL_BATCHES];
    Arrays.setAll(labels, i -> Tensor.create(data.labels(i)));
    return new LibtorchTraining(features, labels, networks);
  }

  static LibtorchTraining ofLanguageModel(Supplier<LibtorchNetwork> networks) {
    TokenData data = new TokenData();
    Tensor[] inputs = new Tensor[TokenData.BATCHES];
    Arrays.setAll(
        inputs, i -> Tensor.create(data.inputs(i), LanguageModel.BATCH_SIZE, LanguageModel.TOKENS));
    Tensor[] targets = new Tensor[TokenData.BATCHES];
    Arrays.setAll(targets, i -> Tensor.create(data.targets(i)));
    return new LibtorchTraining(inputs, targets, networks);
  }

  @Override
  public void train(Steps steps) {
    torch.manual_seed(1);
    LibtorchNetwork network = networks.get();
    parameters = network.parameterCount();
    Adam optimizer = new Adam(network.parameters(), new AdamOptions(Classifier.LEARNING_RATE));
    int step = steps.next();
    while (step != Steps.END) {
      // The scope frees the step's tensors; it spans next(), in which the loss may be asked for.
      try (PointerScope scope = new PointerScope()) {
        optimizer.zero_grad();
        loss =
            torch.cross_entropy_loss(
                network.forward(inputs[step % inputs.length]), targets[step % targets.length]);
        loss.backward();
        optimizer.step();
        step = steps.next();
      }
    }
  }

  @Override
  public double loss() {
    return loss.item_float();
  }

  @Override
  public Map<String, String> details() {
    return Map.of(
        "version",
        version(),
        "OpenMP threads",
        Integer.toString(torch.get_num_threads()),
        "parameters",
        Long.toString(parameters));
  }

  private static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException("The bindings do not tell their version", e);
    }
  }
}
