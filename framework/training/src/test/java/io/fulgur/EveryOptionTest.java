package io.fulgur;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.callback.SummaryDisplay;
import io.fulgur.checkpoint.AsyncCheckpointIO;
import io.fulgur.precision.Precision;
import io.fulgur.profile.SimpleProfiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each option, given as a text in a file or a variable, becomes the one it names. */
class EveryOptionTest {
  /**
   * An option and a value that is not its default.
   *
   * @param got what a trainer has of it
   */
  private record Case(String option, String text, Function<Trainer, Object> got, Object expected) {
    static Case of(
        String option, String text, Function<TrainerOptions, Object> got, Object expected) {
      return new Case(option, text, trainer -> got.apply(trainer.options()), expected);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        Case.of("maxEpochs", "7", TrainerOptions::maxEpochs, 7),
        Case.of("minEpochs", "3", TrainerOptions::minEpochs, 3),
        Case.of("maxSteps", "5000000000", TrainerOptions::maxSteps, 5000000000L),
        Case.of("minSteps", "4", TrainerOptions::minSteps, 4L),
        Case.of("maxTime", "01:00:00:00", TrainerOptions::maxTime, Duration.ofDays(1)),
        Case.of("limitTrainBatches", "1", TrainerOptions::limitTrainBatches, BatchLimit.count(1)),
        Case.of("limitValBatches", "2", TrainerOptions::limitValBatches, BatchLimit.count(2)),
        Case.of("limitTestBatches", "3", TrainerOptions::limitTestBatches, BatchLimit.count(3)),
        Case.of(
            "limitPredictBatches", "4", TrainerOptions::limitPredictBatches, BatchLimit.count(4)),
        Case.of("overfitBatches", "0.5", TrainerOptions::overfitBatches, BatchLimit.fraction(0.5)),
        Case.of("fastDevRun", "true", TrainerOptions::fastDevRun, 1),
        Case.of("valCheckInterval", "6", TrainerOptions::valCheckInterval, BatchLimit.count(6)),
        new Case(
            "valCheckAcrossEpochs",
            "true",
            trainer -> trainer.options().valCheckAcrossEpochs(),
            true),
        Case.of("checkValEveryNEpoch", "8", TrainerOptions::checkValEveryNEpoch, 8),
        Case.of("numSanityValSteps", "9", TrainerOptions::numSanityValSteps, 9),
        Case.of("logEveryNSteps", "10", TrainerOptions::logEveryNSteps, 10),
        Case.of("accumulateGradBatches", "11", TrainerOptions::accumulateGradBatches, 11),
        Case.of("gradientClipVal", "12.5", TrainerOptions::gradientClipVal, 12.5),
        Case.of(
            "gradientClipAlgorithm",
            "value",
            TrainerOptions::gradientClipAlgorithm,
            GradientClipAlgorithm.VALUE),
        new Case(
            "precision",
            "bf16-mixed",
            trainer -> trainer.precision().getClass(),
            Precision.BF16_MIXED.plugin().getClass()),
        new Case(
            "profiler", "simple", trainer -> trainer.profiler().getClass(), SimpleProfiler.class),
        Case.of("detectAnomaly", "true", TrainerOptions::detectAnomaly, true),
        Case.of("deterministic", "warn", TrainerOptions::deterministic, Determinism.WARN),
        Case.of("inferenceMode", "false", TrainerOptions::inferenceMode, false),
        Case.of(
            "reloadDataloadersEveryNEpochs",
            "13",
            TrainerOptions::reloadDataloadersEveryNEpochs,
            13),
        Case.of("barebones", "true", TrainerOptions::barebones, true),
        new Case("enableLogging", "false", trainer -> trainer.loggers().isEmpty(), true),
        new Case("enableCheckpointing", "false", has(CheckpointCallback.class), false),
        new Case(
            "asyncCheckpoints",
            "true",
            trainer -> trainer.checkpointIO().getClass(),
            AsyncCheckpointIO.class),
        new Case("enableProgressBar", "false", has(ProgressDisplay.class), false),
        new Case("enableModelSummary", "false", has(SummaryDisplay.class), false),
        Case.of("enableAutologHparams", "false", TrainerOptions::enableAutologHparams, false),
        Case.of("defaultRootDir", "/tmp/r", TrainerOptions::defaultRootDir, Path.of("/tmp/r")),
        new Case(
            "excludedPlugins",
            "some",
            trainer -> trainer.callbacks().size(),
            Trainer.builder().environment(Map.of()).build().callbacks().size()));
  }

  /** Returns a builder of a trainer that the option fits. */
  private static TrainerBuilder builder(Case one) {
    return one.option().equals("valCheckAcrossEpochs")
        ? Trainer.builder().valCheckInterval(5)
        : Trainer.builder();
  }

  private static Function<Trainer, Object> has(Class<?> kind) {
    return trainer -> trainer.callbacks().stream().anyMatch(kind::isInstance);
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("cases")
  void environment_value_reachesTheTrainer(Case one) {
    TrainerOption<?> option = TrainerOptionTable.find(one.option());

    assertThat(option).isNotNull();
    assertThat(
            one.got()
                .apply(builder(one).environment(Map.of(option.variable(), one.text())).build()))
        .isEqualTo(one.expected());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fromYaml_value_reachesTheTrainer(Case one) throws IOException {
    Path file = Files.writeString(folder.resolve("trainer.yaml"), one.option() + ": " + one.text());

    assertThat(one.got().apply(builder(one).environment(Map.of()).fromYaml(file).build()))
        .isEqualTo(one.expected());
  }

  @Test
  void cases_listEveryOption() {
    assertThat(cases().map(Case::option))
        .containsExactlyElementsOf(
            TrainerOptionTable.ALL.stream().<String>map(TrainerOption::name).toList());
  }
}
