package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.BatchLimit;
import io.fulgur.GradientClipAlgorithm;
import io.fulgur.TrainerBuilder;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.ModelSummary;
import io.fulgur.callback.stopping.Timer;
import io.fulgur.error.FulgurException;
import io.fulgur.trainer.TestTrainers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionSourcesTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("trainer.yaml");
  }

  private static TrainerBuilder quiet() {
    return TestTrainers.quiet().environment(Map.of());
  }

  private TrainerBuilder yaml(String text) throws IOException {
    Files.writeString(file, text);
    return quiet().fromYaml(file);
  }

  @Test
  void fromYaml_everyKindOfValue_isRead() throws IOException {
    TrainerOptions options =
        yaml("""
                # Numbers, fractions, times, words.
                maxEpochs: 7
                maxSteps: 1_000
                maxTime: "00:12:00:00"
                limitTrainBatches: 1
                limitValBatches: 1.0
                limitTestBatches: 1e-1
                valCheckInterval: 00:00:01:30
                accumulateGradBatches: "4"
                gradientClipVal: 1
                gradientClipAlgorithm: value
                precision: bf16-mixed
                inferenceMode: false
                defaultRootDir: /tmp/runs
                excludedPlugins: [onednn, other]
                minEpochs: null
                """)
            .build()
            .options();

    assertThat(options.maxEpochs()).isEqualTo(7);
    assertThat(options.maxSteps()).isEqualTo(1000);
    assertThat(options.maxTime()).isEqualTo(Duration.ofHours(12));
    assertThat(options.limitTrainBatches()).isEqualTo(BatchLimit.count(1));
    assertThat(options.limitValBatches()).isEqualTo(BatchLimit.ALL);
    assertThat(options.limitTestBatches()).isEqualTo(BatchLimit.fraction(0.1));
    assertThat(options.valCheckTime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(options.accumulateGradBatches()).isEqualTo(4);
    assertThat(options.gradientClipVal()).isEqualTo(1);
    assertThat(options.gradientClipAlgorithm()).isEqualTo(GradientClipAlgorithm.VALUE);
    assertThat(options.inferenceMode()).isFalse();
    assertThat(options.defaultRootDir()).isEqualTo(Path.of("/tmp/runs"));
    assertThat(options.minEpochs()).isZero();
  }

  @Test
  void environment_everyKindOfValue_isRead() {
    TrainerOptions options =
        quiet()
            .environment(
                Map.of(
                    "FULGUR_TRAINER_MAX_EPOCHS", "3",
                    "FULGUR_TRAINER_LOG_EVERY_N_STEPS", " 5 ",
                    "FULGUR_TRAINER_CHECK_VAL_EVERY_N_EPOCH", "2",
                    "FULGUR_TRAINER_LIMIT_TRAIN_BATCHES", "0.25",
                    "FULGUR_TRAINER_VAL_CHECK_INTERVAL", "10",
                    "FULGUR_TRAINER_DETECT_ANOMALY", "True",
                    "FULGUR_TRAINER_FAST_DEV_RUN", "false",
                    "FULGUR_TRAINER_GRADIENT_CLIP_ALGORITHM", "VALUE",
                    "FULGUR_TRAINER_MIN_EPOCHS", ""))
            .build()
            .options();

    assertThat(options.maxEpochs()).isEqualTo(3);
    assertThat(options.logEveryNSteps()).isEqualTo(5);
    assertThat(options.checkValEveryNEpoch()).isEqualTo(2);
    assertThat(options.limitTrainBatches()).isEqualTo(BatchLimit.fraction(0.25));
    assertThat(options.valCheckInterval()).isEqualTo(BatchLimit.count(10));
    assertThat(options.detectAnomaly()).isTrue();
    assertThat(options.fastDevRun()).isZero();
    assertThat(options.gradientClipAlgorithm()).isEqualTo(GradientClipAlgorithm.VALUE);
    assertThat(options.minEpochs()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, true, 1",
    "false, true, true, 2",
    "false, false, true, 3",
    "false, false, false, 50"
  })
  void build_severalSources_theNearestWins(
      boolean byBuilder, boolean byYaml, boolean byEnvironment, int expected) throws IOException {
    TrainerBuilder builder = quiet();
    if (byBuilder) {
      builder.logEveryNSteps(1);
    }
    Files.writeString(file, byYaml ? "logEveryNSteps: 2" : "");
    builder.fromYaml(file);
    if (byEnvironment) {
      builder.environment(Map.of("FULGUR_TRAINER_LOG_EVERY_N_STEPS", "3"));
    }

    assertThat(builder.build().options().logEveryNSteps()).isEqualTo(expected);
  }

  @Test
  void fromYaml_severalFiles_theLastWins() throws IOException {
    Path base = folder.resolve("base.yaml");
    Files.writeString(base, "maxEpochs: 1\nminEpochs: 1");
    TrainerOptions options =
        yaml("").fromYaml(base).fromYaml(second("maxEpochs: 2")).build().options();

    assertThat(options.maxEpochs()).isEqualTo(2);
    assertThat(options.minEpochs()).isEqualTo(1);
  }

  private Path second(String text) throws IOException {
    return Files.writeString(folder.resolve("second.yaml"), text);
  }

  @Test
  void build_twice_readsTheFileAgain() throws IOException {
    TrainerBuilder builder = yaml("maxEpochs: 1");
    builder.build();
    Files.writeString(file, "maxEpochs: 2");

    assertThat(builder.build().options().maxEpochs()).isEqualTo(2);
  }

  @Test
  void fromYaml_checkValEveryNEpochNull_tellsOfValCheckAcrossEpochs() throws IOException {
    TrainerBuilder builder = yaml("valCheckInterval: 10\ncheckValEveryNEpoch: null");

    assertThatThrownBy(builder::build)
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining(
            "checkValEveryNEpoch (in "
                + file
                + ") is null. To count the batches of valCheckInterval over the end of an epoch,"
                + " which is what that means in Lightning, set valCheckAcrossEpochs: true");
  }

  @Test
  void build_mistakesInEverySource_areReportedTogether() throws IOException {
    TrainerBuilder builder =
        yaml("""
                max_epochs: 3
                colour: blue
                accumulateGradBatches: many
                precision: fp8
                valCheckInterval: 6:00:00
                enableLogging: 1
                limitTrainBatches: [1]
                excludedPlugins: {a: b}
                minSteps: 5
                numSanityValSteps: -3
                """)
            .environment(
                Map.of(
                    "FULGUR_TRAINER_GRADIENT_CLIP_ALGORITHM", "norm2",
                    "FULGUR_TRAINER_CHECK_VAL_EVERY_N_EPOCH", "0"))
            .maxSteps(4);

    assertThatThrownBy(builder::build)
        .isInstanceOf(FulgurException.class)
        .extracting(e -> e.getMessage().replace(folder.toString(), "DIR"))
        .asString()
        .isEqualTo(
            """
            [InvalidOptions] The trainer cannot be built:
              1) There is no option "max_epochs" (in DIR/trainer.yaml). Did you mean "maxEpochs"?
              2) There is no option "colour" (in DIR/trainer.yaml). There are NAMES.
              3) accumulateGradBatches (in DIR/trainer.yaml) is "many"; it must be a whole number.
              4) precision (in DIR/trainer.yaml) is "fp8"; it must be one of 32-true, 64-true, bf16-true, 16-true, bf16-mixed, 16-mixed.
              5) valCheckInterval (in DIR/trainer.yaml) is "6:00:00"; it must be a number of batches such as 10, a fraction of an epoch such as 0.25, or a time as days:hours:minutes:seconds such as 00:01:30:00.
              6) enableLogging (in DIR/trainer.yaml) is 1; it must be true or false.
              7) limitTrainBatches (in DIR/trainer.yaml) is [1]; it must be a number of batches such as 10, or a fraction such as 0.25.
              8) excludedPlugins (in DIR/trainer.yaml) is {"a":"b"}; it must be names separated by commas.
              9) FULGUR_TRAINER_GRADIENT_CLIP_ALGORITHM is "norm2"; it must be one of norm, value.
              10) checkValEveryNEpoch (from FULGUR_TRAINER_CHECK_VAL_EVERY_N_EPOCH) is 0; it must be at least 1.
              11) numSanityValSteps (in DIR/trainer.yaml) is -3; it must be at least -1 (-1 for all batches).
              12) minSteps (in DIR/trainer.yaml) is 5, more than maxSteps, which is 4."""
                .replace("NAMES", names()));
  }

  private static String names() {
    return "maxEpochs, minEpochs, maxSteps, minSteps, maxTime, limitTrainBatches, limitValBatches,"
        + " limitTestBatches, limitPredictBatches, overfitBatches, fastDevRun, valCheckInterval,"
        + " valCheckAcrossEpochs, checkValEveryNEpoch, numSanityValSteps, logEveryNSteps,"
        + " accumulateGradBatches, gradientClipVal, gradientClipAlgorithm, precision, profiler,"
        + " detectAnomaly, deterministic, inferenceMode, reloadDataloadersEveryNEpochs, barebones,"
        + " enableLogging, enableCheckpointing, asyncCheckpoints, enableProgressBar,"
        + " enableModelSummary, enableAutologHparams, defaultRootDir, excludedPlugins, callbacks,"
        + " loggers";
  }

  @Test
  void fromYaml_fileThatCannotBeRead_isReportedWithTheRest() throws IOException {
    Path broken = folder.resolve("broken.yaml");
    Files.writeString(broken, "maxEpochs: [1");
    Path list = folder.resolve("list.yaml");
    Files.writeString(list, "- maxEpochs");
    Path twice = folder.resolve("twice.yaml");
    Files.writeString(twice, "maxEpochs: 1\nmaxEpochs: 2");

    assertThatThrownBy(
            () ->
                quiet()
                    .fromYaml(folder.resolve("none.yaml"))
                    .fromYaml(broken)
                    .fromYaml(list)
                    .fromYaml(twice)
                    .maxEpochs(-5)
                    .build())
        .hasMessageContaining("twice.yaml is not valid YAML at line 2")
        .hasMessageContaining("Duplicate field 'maxEpochs'")
        .hasMessageContaining(
            "list.yaml must hold names and values, one \"name: value\" a line, but holds a list")
        .hasMessageContaining("broken.yaml is not valid YAML at line 1")
        .hasMessageContaining("none.yaml cannot be read: there is no such file")
        .hasMessageContaining("5) maxEpochs is -5");
  }

  @Test
  void environment_unknownName_isWarnedOf() {
    String told =
        LogLines.of(
            () ->
                quiet()
                    .environment(
                        Map.of(
                            "FULGUR_TRAINER_MAX_EPOCH", "3",
                            "FULGUR_TRAINER_SERVICE_HOST", "10.0.0.1",
                            "FULGUR_THREADS", "2"))
                    .build());

    assertThat(told)
        .contains(
            "The environment variable FULGUR_TRAINER_MAX_EPOCH is no option of the trainer and is"
                + " ignored. Did you mean \"FULGUR_TRAINER_MAX_EPOCHS\"?")
        .contains("FULGUR_TRAINER_SERVICE_HOST")
        .doesNotContain("FULGUR_THREADS");
  }

  @Test
  void fromYaml_callbacks_areMadeWithTheirOptions() throws IOException {
    List<Callback> callbacks =
        yaml("""
                callbacks:
                  - LearningRateMonitor: {interval: epoch}
                  - EarlyStopping: {monitor: val_acc, mode: max, patience: 5, minDelta: 1}
                  - ModelCheckpoint: {monitor: val_loss, saveTopK: 3, dirPath: ckpts}
                  - Timer: {duration: "00:12:00:00", interval: epoch, verbose: null}
                """)
            .enableCheckpointing(true)
            .build()
            .callbacks();

    assertThat(callbacks)
        .extracting(each -> each.getClass().getSimpleName())
        .containsExactly("LearningRateMonitor", "Timer", "EarlyStopping", "ModelCheckpoint");
    assertThat(callbacks.get(1))
        .isInstanceOfSatisfying(
            Timer.class, timer -> assertThat(timer.timeRemaining()).contains(Duration.ofHours(12)));
    assertThat(callbacks.get(2).stateKey()).isEqualTo("EarlyStopping{monitor=val_acc, mode=MAX}");
  }

  @Test
  void fromYaml_callbacksOfSeveralFiles_areThoseOfTheLast() throws IOException {
    TrainerBuilder builder = yaml("callbacks: [LearningRateMonitor]");
    builder.fromYaml(second("callbacks: [Timer]")).callback(new ModelSummary());

    assertThat(builder.enableModelSummary(true).build().callbacks())
        .extracting(each -> each.getClass().getSimpleName())
        .containsExactly("ModelSummary", "Timer");
  }

  @Test
  void fromYaml_callbacksThatAreWrong_areReportedWithTheRest() throws IOException {
    TrainerBuilder builder =
        yaml(
            """
                maxEpochs: -5
                callbacks:
                  - EarlyStoping
                  - java.lang.ProcessBuilder
                  - EarlyStopping: {patience: -1}
                  - EarlyStopping: {monitor: a, patients: 3, mode: sideways, zzz: 1}
                  - ModelSummary: {depth: 2}
                  - Timer: 3
                  - ModelCheckpoint
                """);

    assertThatThrownBy(builder::build)
        .isInstanceOf(FulgurException.class)
        .extracting(e -> e.getMessage().replace(folder.toString(), "DIR"))
        .asString()
        .isEqualTo(
            """
            [InvalidOptions] The trainer cannot be built:
              1) There is no callback "EarlyStoping" (in DIR/trainer.yaml). Did you mean "EarlyStopping"?
              2) There is no callback "java.lang.ProcessBuilder" (in DIR/trainer.yaml). There are BackboneFinetuning, BatchSizeFinder, ConsoleProgressDisplay, CsvPredictionWriter, DeviceStatsMonitor, EarlyStopping, EmaWeightAveraging, GradientAccumulationScheduler, JsonLinesPredictionWriter, LearningRateFinder, LearningRateMonitor, ModelCheckpoint, ModelSummary, OnExceptionCheckpoint, SpikeDetection, StochasticWeightAveraging, ThroughputMonitor, Timer.
              3) The callback EarlyStopping (in DIR/trainer.yaml) cannot be: [InvalidOptions] EarlyStopping has options that cannot be:
                 1) monitor is not set. Name a metric that is logged.
                 2) patience is -1, but must be at least 0.
              4) EarlyStopping (in DIR/trainer.yaml) has no option "patients". Did you mean "patience"?
              5) mode of EarlyStopping (in DIR/trainer.yaml) is "sideways"; it must be one of [MIN, MAX].
              6) EarlyStopping (in DIR/trainer.yaml) has no option "zzz". There are checkFinite, checkOnTrainEpochEnd, divergenceThreshold, minDelta, mode, monitor, patience, restoreBestWeights, stoppingThreshold, strict, verbose.
              7) ModelSummary (in DIR/trainer.yaml) has no option "depth". There are maxDepth.
              8) callbacks (in DIR/trainer.yaml) holds {"Timer":3}; write a name, or "Name: {option: value}".
              9) maxEpochs (in DIR/trainer.yaml) is -5; it must be at least -1 (-1 for no limit).
              10) enableCheckpointing is false, but the callback ModelCheckpoint was given; leave out one of them.""");
  }
}
