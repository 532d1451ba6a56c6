package io.fulgur.benchmarks.libtorch;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An MLP as a user of libtorch writes it. */
final class LibtorchMlp implements Contestant {
  private final Module module = new Module();
  private final LinearImpl[] linears;
  private final Adam optimizer;
  private final Tensor[] features = new Tensor[ClassificationData.FEATURE_BATCHES];
  private final Tensor[] labels = new Tensor[ClassificationData.LABEL_BATCHES];
  private Tensor loss = new Tensor();

  LibtorchMlp(Mlp mlp) {
    torch.manual_seed(1);
    linears = new LinearImpl[mlp.layers()];
    for (int i = 0; i < linears.length; i++) {
      LinearImpl linear = new LinearImpl(mlp.layerSizes().get(i), mlp.layerSizes().get(i + 1));
      linears[i] = module.register_module("linear" + i, linear);
    }
    optimizer = new Adam(module.parameters(), new AdamOptions(Mlp.LEARNING_RATE));
    ClassificationData data = ClassificationData.of(mlp);
    for (int i = 0; i < features.length; i++) {
      features[i] = Tensor.create(data.features(i), mlp.batchSize(), mlp.features());
    }
    for (int i = 0; i < labels.length; i++) {
      int[] batch = data.labels(i);
      long[] classes = new long[batch.length];
      for (int sample = 0; sample < batch.length; sample++) {
        classes[sample] = batch[sample];
      }
      labels[i] = Tensor.create(classes);
    }
  }

  @Override
  public void train(Steps steps) {
    int step = steps.next();
    while (step != Steps.END) {
      // The scope frees the step's tensors; it spans next(), in which the loss may be asked for.
      try (PointerScope scope = new PointerScope()) {
        loss =
            step(
                features[ClassificationData.featureBatch(step)],
                labels[ClassificationData.labelBatch(step)]);
        step = steps.next();
      }
    }
  }

  private Tensor step(Tensor batch, Tensor classes) {
    optimizer.zero_grad();
    Tensor batchLoss = torch.cross_entropy_loss(forward(batch), classes);
    batchLoss.backward();
    optimizer.step();
    return batchLoss;
  }

  private Tensor forward(Tensor batch) {
    Tensor hidden = batch;
    for (int i = 0; i < linears.length - 1; i++) {
      hidden = torch.relu(linears[i].forward(hidden));
    }
    return linears[linears.length - 1].forward(hidden);
  }

  @Override
  public double loss() {
    return loss.item_float();
  }

  @Override
  public Map<String, String> details() {
    return Map.of(
        "version", version(), "OpenMP threads", Integer.toString(torch.get_num_threads()));
  }

  private static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException("The bindings do not tell their version", e);
    }
  }
}
