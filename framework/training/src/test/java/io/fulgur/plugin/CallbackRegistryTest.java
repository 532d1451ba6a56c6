package io.fulgur.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.GradientAccumulationScheduler;
import io.fulgur.callback.checkpoint.OnExceptionCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file may ask for by name. */
class CallbackRegistryTest {
  private static final Map<String, String> NOT_IN_A_FILE =
      Map.of(
          "LambdaCallback", "is made of functions",
          "WeightAveraging", "needs a function; EmaWeightAveraging is the one with numbers");

  @TempDir Path folder;

  private TrainerBuilder yaml(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("trainer.yaml"), text);
    return Trainer.builder()
        .environment(Map.of())
        .enableLogging(false)
        .enableCheckpointing(text.contains("Checkpoint"))
        .enableProgressBar(text.contains("Progress"))
        .enableModelSummary(text.contains("Summary"))
        .fromYaml(file);
  }

  private static Set<String> publicCallbacks() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.fulgur")
            .stream()
            .filter(each -> each.isAssignableTo(Callback.class))
            .filter(each -> !each.isInterface())
            .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toSet());
  }

  @Test
  void names_everyPublicCallback_isThereOrCannotBe() throws IOException {
    Set<String> names = CallbackRegistry.without(Set.of()).names();
    Set<String> all = publicCallbacks();

    assertThat(all).hasSizeGreaterThan(15).containsAll(NOT_IN_A_FILE.keySet());
    all.removeAll(NOT_IN_A_FILE.keySet());
    assertThat(names).containsExactlyInAnyOrderElementsOf(all);
    String page = Files.readString(Path.of("../../docs/trainer.md"));
    assertThat(names).allMatch(name -> page.contains("`" + name + "`"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BackboneFinetuning: {backbone: encoder, unfreezeBackboneAtEpoch: 3}",
        "BatchSizeFinder: {mode: binsearch, margin: 0.1}",
        "ConsoleProgressDisplay: {refreshIntervalMillis: 500}",
        "CsvPredictionWriter: {file: a.csv}",
        "DeviceStatsMonitor",
        "DeviceStatsMonitor: {names: cpu_percent}",
        "DeviceStatsMonitor: {names: [cpu_percent]}",
        "EarlyStopping: {monitor: val_loss}",
        "EmaWeightAveraging: {decay: 0.99, updateStartingAtStep: 100}",
        "GradientAccumulationScheduler: {scheduling: {0: 8, 4: 4}}",
        "JsonLinesPredictionWriter: {file: a.jsonl}",
        "LearningRateFinder: {maxLr: 0.5, mode: linear, skipBegin: 3, skipEnd: 0}",
        "LearningRateMonitor",
        "ModelCheckpoint: {monitor: val_loss}",
        "ModelSummary: {maxDepth: -1}",
        "OnExceptionCheckpoint: {folder: runs, fileName: crash}",
        "SpikeDetection: {window: 20, rtol: 3, excludeBatchesPath: skip.json}",
        "StochasticWeightAveraging: {swaLrs: 0.05, annealingStrategy: linear}",
        "ThroughputMonitor: {windowSize: 10}",
        "Timer: {duration: '00:12:00:00'}",
      })
  void fromYaml_optionsOfEach_makeIt(String asked) throws IOException {
    String name = asked.replaceAll(":.*", "");

    assertThat(yaml("callbacks:\n  - " + asked).build().callbacks())
        .extracting(each -> each.getClass().getSimpleName())
        .contains(name);
  }

  @Test
  void fromYaml_optionsOfConstructors_arriveThere() throws IOException {
    Trainer trainer =
        yaml("""
            callbacks:
              - GradientAccumulationScheduler: {scheduling: {1: 8, 4: 2}}
              - OnExceptionCheckpoint: {folder: /runs, fileName: crash}
            """)
            .build();

    assertThat(trainer.callbacks())
        .hasAtLeastOneElementOfType(GradientAccumulationScheduler.class)
        .filteredOn(GradientAccumulationScheduler.class::isInstance)
        .extracting(each -> ((GradientAccumulationScheduler) each).accumulateGradBatches(3))
        .containsExactly(8);
    assertThat(trainer.callbacks())
        .filteredOn(OnExceptionCheckpoint.class::isInstance)
        .extracting(each -> ((OnExceptionCheckpoint) each).path())
        .containsExactly(Path.of("/runs/crash.ckpt"));
  }

  @Test
  void fromYaml_wholeNumberOrFraction_goesToTheMethodOfThatType() throws IOException {
    // Three epochs from the start, but no three times all of them.
    assertThat(
            yaml("callbacks: [StochasticWeightAveraging: {swaLrs: 0.05, swaEpochStart: 3}]")
                .build()
                .callbacks())
        .isNotEmpty();
    assertThatThrownBy(
            () ->
                yaml("callbacks: [StochasticWeightAveraging: {swaLrs: 0.05, swaEpochStart: 3.0}]")
                    .build())
        .hasMessageContaining("swaEpochStart is 3.0, but a fraction must be from 0 to 1.");
  }

  @Test
  void fromYaml_mistakes_areReportedTogether() throws IOException {
    TrainerBuilder builder =
        yaml(
            """
            callbacks:
              - CsvPredictionWriter
              - GradientAccumulationScheduler: {scheduling: {first: 8}}
              - GradientAccumulationScheduler: {scheduling: {0: 0}}
              - BackboneFinetuning: {lambdaFunc: double}
              - ModelSummary: {maxDepth: deep}
            """);

    assertThatThrownBy(builder::build)
        .extracting(error -> error.getMessage().replace(folder.toString(), "DIR"))
        .asString()
        .isEqualTo(
            """
            [InvalidOptions] The trainer cannot be built:
              1) The callback CsvPredictionWriter (in DIR/trainer.yaml) cannot be: [InvalidOptions] CsvPredictionWriter has options that cannot be:
                 1) file is not set. Give a path.
              2) The callback GradientAccumulationScheduler (in DIR/trainer.yaml) cannot be: [InvalidOptions] GradientAccumulationScheduler has options that cannot be:
                 1) scheduling holds first: 8, but must hold whole numbers, "epoch: batches".
              3) The callback GradientAccumulationScheduler (in DIR/trainer.yaml) cannot be: [InvalidOptions] GradientAccumulationScheduler has options that cannot be:
                 1) The number of batches from epoch 0 on is 0, but must be at least 1, which is no accumulation.
              4) BackboneFinetuning (in DIR/trainer.yaml) has no option "lambdaFunc". There are backbone, backboneInitialLr, backboneInitialRatioLr, shouldAlign, trainBatchNorm, unfreezeBackboneAtEpoch, verbose.
              5) maxDepth of ModelSummary (in DIR/trainer.yaml) is "deep"; it must be a whole number.""");
  }
}
