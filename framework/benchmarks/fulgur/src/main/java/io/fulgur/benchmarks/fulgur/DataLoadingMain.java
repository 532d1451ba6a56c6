package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import java.util.Map;

/**
 * Reading a loader of images with as many workers as the system property {@code
 * benchmarks.loaderWorkers} says.
 */
final class DataLoadingMain {
  private DataLoadingMain() {}

  public static void main(String[] arguments) {
    int workers = Integer.getInteger("benchmarks.loaderWorkers", 0);
    ContestantMain.run(arguments, Map.of("data-loading", () -> new LoadedImages(workers)));
  }
}
