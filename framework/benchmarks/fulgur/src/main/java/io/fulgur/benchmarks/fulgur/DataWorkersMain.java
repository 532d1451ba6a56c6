package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import java.util.Map;

/**
 * Training beside data workers, which the system property {@code benchmarks.workers} makes {@code
 * busy} or {@code idle}.
 */
final class DataWorkersMain {
  private DataWorkersMain() {}

  public static void main(String[] arguments) {
    boolean busy = System.getProperty("benchmarks.workers", "busy").equals("busy");
    ContestantMain.run(arguments, Map.of("data-workers", () -> new DataWorkersMlp(busy)));
  }
}
