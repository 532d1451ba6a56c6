package io.fulgur.benchmarks.dl4j;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Mlp;
import java.util.Map;

/** The models that DL4J trains. */
final class Dl4jMain {
  private Dl4jMain() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> new Dl4jMlp(Mlp.SMALL),
            "mlp-large", () -> new Dl4jMlp(Mlp.LARGE)));
  }
}
