package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one run measured.
 *
 * @param environment the variables that all contestants got
 * @param jvmArguments the arguments that all contestants got
 * @param memoryJvmArguments the arguments beside them where memory was measured
 */
record Results(
    Instant date,
    String command,
    Machine machine,
    Map<String, String> environment,
    List<String> jvmArguments,
    List<String> memoryJvmArguments,
    Settings settings,
    List<OfModel> models) {

  /**
   * @param baselines the contestants of which the fastest, in each round, divides all others
   */
  record OfModel(
      String model,
      ModelDescription description,
      List<String> baselines,
      List<OfContestant> contestants) {}

  /**
   * What one contestant did with one model. Where it failed, the rounds end before.
   *
   * @param environment the variables that only this contestant got
   * @param jvmArguments the arguments that only this contestant got
   * @param details what the contestant says about itself
   * @param lossBefore mean loss over the first steps
   * @param lossAfter mean loss over the last of the model's steps
   * @param rounds its turns
   * @param ratios in each round, the step divided by that of the fastest baseline
   * @param addedNanos in each round, the step less that of the fastest baseline
   * @param memory what training took in a JVM of its own; null if not measured
   * @param peakBytes the resident memory of the JVM that was timed; null if unknown
   * @param failure why the contestant did not come to its end
   */
  record OfContestant(
      String name,
      String about,
      Map<String, String> environment,
      List<String> jvmArguments,
      Map<String, String> details,
      @Nullable Double lossBefore,
      @Nullable Double lossAfter,
      List<Reply.Burst> rounds,
      List<Double> ratios,
      List<Double> addedNanos,
      Reply.@Nullable Memory memory,
      @Nullable Long peakBytes,
      @Nullable String failure) {

    /** The median over the rounds of the ratio to the fastest baseline, where there is one. */
    OptionalDouble ratio() {
      return median(ratios);
    }

    /** The median over the rounds of what is added to the fastest baseline, where there is one. */
    OptionalDouble added() {
      return median(addedNanos);
    }

    private static OptionalDouble median(List<Double> values) {
      return values.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(Summary.of(values).median());
    }
  }
}
