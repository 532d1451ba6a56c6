package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Mlp;
import java.util.Map;

/** The models that a hand-written loop trains on our tensors. */
final class FulgurRawMain {
  private FulgurRawMain() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> new RawMlp(Mlp.SMALL),
            "mlp-large", () -> new RawMlp(Mlp.LARGE)));
  }
}
