package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Mlp;
import java.util.Locale;
import java.util.Map;

/**
 * The models that our Trainer trains. What it does beside is the system property {@code
 * benchmarks.trainer}: {@code usual}, {@code everything}, {@code simple_profiler}, {@code
 * trace_profiler}, {@code barebones}.
 */
final class FulgurTrainerMain {
  private FulgurTrainerMain() {}

  public static void main(String[] arguments) {
    TrainerMlp.Setup setup =
        TrainerMlp.Setup.valueOf(
            System.getProperty("benchmarks.trainer", "usual").toUpperCase(Locale.ROOT));
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-small", () -> new TrainerMlp(Mlp.SMALL, setup),
            "mlp-large", () -> new TrainerMlp(Mlp.LARGE, setup),
            "trainer", () -> new TrainerMlp(Mlp.SMALL, setup)));
  }
}
