package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one run measured.
 *
 * @param environment the variables that all contestants got
 * @param jvmArguments the arguments that all contestants got
 */
record Results(
    Instant date,
    String command,
    Machine machine,
    Map<String, String> environment,
    List<String> jvmArguments,
    Settings settings,
    List<OfModel> models) {

  /**
   * @param about the model in a line
   */
  record OfModel(String model, String about, List<OfContestant> contestants) {}

  /**
   * What one contestant did with one model. Where it failed, the rounds end before.
   *
   * @param environment the variables that only this contestant got
   * @param jvmArguments the arguments that only this contestant got
   * @param details what the contestant says about itself
   * @param lossBefore mean loss over the first steps
   * @param lossAfter mean loss over the last steps
   * @param ratios in each round, the median step divided by that of the fastest baseline
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
      @Nullable String failure) {}
}
