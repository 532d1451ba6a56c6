package io.fulgur;

import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.log.CsvLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the whole text of the errors that options of a trainer cause. */
class OptionErrorTextsTest {
  @TempDir private Path folder;
  private GoldenErrors errors = new GoldenErrors(Path.of(""));

  @BeforeEach
  void begin() {
    errors = new GoldenErrors(folder);
  }

  private void fails(String name, TrainerBuilder builder) {
    errors.add(name, () -> builder.environment(Map.of()).build());
  }

  private void yaml(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name.replace(' ', '-') + ".yaml"), text);
    fails(name, Trainer.builder().fromYaml(file));
  }

  private void numbers() {
    fails(
        "numbers out of range",
        Trainer.builder()
            .maxEpochs(-2)
            .maxSteps(-2)
            .minEpochs(-1)
            .minSteps(-1)
            .fastDevRun(-1)
            .checkValEveryNEpoch(0)
            .numSanityValSteps(-2)
            .logEveryNSteps(-1)
            .accumulateGradBatches(0)
            .reloadDataloadersEveryNEpochs(-1)
            .gradientClipVal(-0.5));
    fails(
        "limits out of range",
        Trainer.builder()
            .limitTrainBatches(-1)
            .limitValBatches(1.5)
            .limitTestBatches(-0.5)
            .limitPredictBatches(Double.NaN)
            .overfitBatches(-3)
            .valCheckInterval(0));
    fails("fraction to validate", Trainer.builder().valCheckInterval(1.5));
  }

  private void contradictions() {
    fails(
        "minima above maxima",
        Trainer.builder().maxEpochs(2).minEpochs(3).maxSteps(10).minSteps(11));
    fails(
        "validation across epochs",
        Trainer.builder().valCheckAcrossEpochs(true).valCheckInterval(0.5).checkValEveryNEpoch(2));
    fails(
        "switched off and given",
        Trainer.builder()
            .enableLogging(false)
            .logger(new CsvLogger(folder))
            .enableCheckpointing(false)
            .callback(ModelCheckpoint.builder().build()));
    fails(
        "barebones",
        Trainer.builder()
            .barebones(true)
            .enableCheckpointing(true)
            .logEveryNSteps(5)
            .detectAnomaly(true)
            .profiler("simple")
            .logger(new CsvLogger(folder))
            .callback(ModelCheckpoint.builder().build()));
  }

  private void names() {
    fails("unknown profiler", Trainer.builder().profiler("simpel"));
    errors.add("unknown precision", () -> Trainer.builder().precision("bf17"));
    errors.add("not a time", () -> Trainer.builder().maxTime("60 minutes"));
    errors.add("not a time to validate", () -> Trainer.builder().valCheckInterval("6:00:00"));
  }

  private void files() throws IOException {
    yaml("not yaml", "maxEpochs: [1\n");
    yaml("twice", "maxEpochs: 1\nmaxEpochs: 2\n");
    yaml("a list", "- maxEpochs\n");
    yaml("wrong names", "maxEpoch: 3\nlogger: true\n");
    yaml(
        "wrong values",
        """
        maxEpochs: many
        maxTime: 3 hours
        fastDevRun: 0.5
        limitTrainBatches: all
        enableLogging: 1
        gradientClipAlgorithm: norm2
        excludedPlugins: [1]
        """);
    fails("no such file", Trainer.builder().fromYaml(folder.resolve("missing.yaml")));
    Map<String, String> environment = new HashMap<>();
    environment.put("FULGUR_TRAINER_MAX_STEPS", "1e3");
    errors.add("environment", () -> Trainer.builder().environment(environment).build());
  }

  private void callbacksOfFiles() throws IOException {
    yaml("callbacks are no list", "callbacks: EarlyStopping\n");
    yaml("callbacks of a wrong form", "callbacks: [{EarlyStopping: loss}, 3]\n");
    yaml(
        "callbacks by wrong names",
        """
        callbacks:
          - EarlyStoping
          - EarlyStopping: {monitr: val_loss}
          - EarlyStopping: {monitor: val_loss, patience: long}
          - EarlyStopping: {monitor: val_loss, mode: least}
          - EarlyStopping: {monitor: val_loss, patience: -1}
        """);
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() throws IOException {
    numbers();
    contradictions();
    names();
    files();
    callbacksOfFiles();
    errors.assertAreThoseOf(OptionErrorTextsTest.class, "option-error-texts.txt");
  }
}
