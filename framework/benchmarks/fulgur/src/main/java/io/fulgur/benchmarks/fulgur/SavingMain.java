package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import java.util.Locale;
import java.util.Map;

/**
 * Training that saves a checkpoint after each step, or does not: the system property {@code
 * benchmarks.saving} is {@code never}, {@code asynchronously} or {@code synchronously}.
 */
final class SavingMain {
  private SavingMain() {}

  public static void main(String[] arguments) {
    SavingMlp.Saving saving =
        SavingMlp.Saving.valueOf(
            System.getProperty("benchmarks.saving", "asynchronously").toUpperCase(Locale.ROOT));
    ContestantMain.run(arguments, Map.of("saving", () -> new SavingMlp(saving)));
  }
}
