package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Steps;
import java.util.Map;

/** A contestant that trains nothing, for tests of the driver. */
final class FakeContestantMain {
  private FakeContestantMain() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "fine",
            () -> new Fake(Integer.MAX_VALUE),
            "fails",
            () -> new Fake(/* lastStep= */ 20),
            "dies",
            () -> {
              Runtime.getRuntime().halt(3);
              throw new AssertionError();
            }));
  }

  private static final class Fake implements Contestant {
    private final int lastStep;
    private int step;

    Fake(int lastStep) {
      this.lastStep = lastStep;
    }

    @Override
    public void train(Steps steps) {
      for (step = steps.next(); step != Steps.END; step = steps.next()) {
        if (step == lastStep) {
          throw new IllegalStateException("step " + step + " went wrong");
        }
        System.out.println("an innocent line");
      }
    }

    @Override
    public double loss() {
      return step;
    }

    @Override
    public Map<String, String> details() {
      return Map.of(
          "threads", System.getenv("OMP_NUM_THREADS"), "heap", System.getProperty("heap"));
    }
  }
}
