package io.fulgur.benchmarks.samediff;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Mlp;
import java.util.Map;

/** The models that SameDiff trains. */
final class SameDiffMain {
  private SameDiffMain() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> new SameDiffMlp(Mlp.SMALL),
            "mlp-large", () -> new SameDiffMlp(Mlp.LARGE)));
  }
}
