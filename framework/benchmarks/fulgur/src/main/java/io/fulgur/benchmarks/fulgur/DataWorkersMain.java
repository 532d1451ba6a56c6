package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import java.util.Locale;
import java.util.Map;

/**
 * Training beside data workers, which the system property {@code benchmarks.workers} makes {@code
 * busy}, {@code idle}, or {@code slow}.
 */
final class DataWorkersMain {
  private DataWorkersMain() {}

  public static void main(String[] arguments) {
    DataWorkersMlp.Work work =
        DataWorkersMlp.Work.valueOf(
            System.getProperty("benchmarks.workers", "busy").toUpperCase(Locale.ROOT));
    ContestantMain.run(arguments, Map.of("data-workers", () -> new DataWorkersMlp(work)));
  }
}
