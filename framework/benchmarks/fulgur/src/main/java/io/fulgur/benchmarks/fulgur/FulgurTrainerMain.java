package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Mlp;
import java.util.Map;

/** The models that our Trainer trains with everything on. */
final class FulgurTrainerMain {
  private FulgurTrainerMain() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> new TrainerMlp(Mlp.SMALL),
            "mlp-large", () -> new TrainerMlp(Mlp.LARGE)));
  }
}
