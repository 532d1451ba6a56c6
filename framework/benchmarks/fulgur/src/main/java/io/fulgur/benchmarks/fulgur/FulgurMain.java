package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.ImageClassifier;
import io.fulgur.benchmarks.contestant.Mlp;
import java.util.Map;

/** The models that a hand-written loop trains on our tensors. */
final class FulgurMain {
  private FulgurMain() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> FulgurTraining.of(Mlp.SMALL, () -> Networks.mlp(Mlp.SMALL)),
            "trainer", () -> FulgurTraining.of(Mlp.SMALL, () -> Networks.mlp(Mlp.SMALL)),
            "mlp-large", () -> FulgurTraining.of(Mlp.LARGE, () -> Networks.mlp(Mlp.LARGE)),
            "mlp-wide", () -> FulgurTraining.of(Mlp.WIDE, () -> Networks.mlp(Mlp.WIDE)),
            "cnn", () -> FulgurTraining.of(ImageClassifier.LENET, Lenet::new),
            "resnet", () -> FulgurTraining.of(ImageClassifier.RESNET, Resnet::new),
            "lstm", () -> FulgurTraining.of(ImageClassifier.ROWS, RowsLstm::new),
            "transformer", () -> FulgurTraining.ofLanguageModel(CausalTransformer::new)));
  }
}
