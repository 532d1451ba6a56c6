package io.fulgur.benchmarks.libtorch;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.ImageClassifier;
import io.fulgur.benchmarks.contestant.Mlp;
import java.io.IOException;
import java.util.Map;
import org.bytedeco.javacpp.Loader;

/** The models that libtorch trains. */
final class LibtorchMain {
  private LibtorchMain() {}

  public static void main(String[] arguments) throws IOException {
    extractNatives();
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> LibtorchTraining.of(Mlp.SMALL, () -> new LibtorchMlp(Mlp.SMALL)),
            "mlp-large", () -> LibtorchTraining.of(Mlp.LARGE, () -> new LibtorchMlp(Mlp.LARGE)),
            "mlp-wide", () -> LibtorchTraining.of(Mlp.WIDE, () -> new LibtorchMlp(Mlp.WIDE)),
            "cnn", () -> LibtorchTraining.of(ImageClassifier.LENET, LibtorchLenet::new),
            "resnet",
                () ->
                    LibtorchTraining.of(
                        ImageClassifier.RESNET, LibtorchResnet.FORMAT, LibtorchResnet::new),
            "lstm", () -> LibtorchTraining.of(ImageClassifier.ROWS, LibtorchLstm::new),
            "transformer", () -> LibtorchTraining.ofLanguageModel(LibtorchTransformer::new)));
  }

  /**
   * Unpacks all native libraries before the first is loaded: where JavaCPP 1.5.13 unpacks them as
   * it loads them, on a machine's first run, the JVM dies in the loading of libjnitorch.
   */
  private static void extractNatives() throws IOException {
    Loader.cacheResources("/org/bytedeco/pytorch/" + Loader.getPlatform() + "/");
  }
}
