package io.fulgur.callback.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.ScriptedModule;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCheckpointTest {
  private static final double[] LOSSES = {10, 9, 2.8, 5, 2.5};

  @TempDir private Path dir;

  private static TrainerBuilder trainer(int epochs, Callback... callbacks) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callbacks(callbacks);
  }

  private ModelCheckpointBuilder checkpoint() {
    return ModelCheckpoint.builder().dirPath(dir);
  }

  private ModelCheckpointBuilder monitoring() {
    return checkpoint().monitor("val_loss").fileName("{epoch}");
  }

  private void fit(int epochs, Callback... callbacks) {
    trainer(epochs, callbacks).build().fit(new ScriptedModule(LOSSES), BoringData.module(5, 1));
  }

  /** Returns the names in the folder, in order, without extension. */
  private String files() {
    try (Stream<Path> files = Files.list(dir)) {
      Set<String> names = new TreeSet<>();
      files.forEach(
          file -> {
            assertThat(file.toString()).endsWith(".ckpt");
            names.add(file.getFileName().toString().replace(".ckpt", ""));
          });
      return String.join(" ", names);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path file(String name) {
    return dir.resolve(name + ".ckpt").toAbsolutePath().normalize();
  }

  /** Records the names of checkpoints in the order in which they are written. */
  private static final class Saves implements Callback {
    private final List<String> names = new ArrayList<>();

    @Override
    public void onSaveCheckpoint(
        Trainer trainer, FulgurModule module, Checkpoint.Builder checkpoint) {
      names.add(trainer.currentEpoch() + "@" + trainer.globalStep());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-1, false, epoch=0 epoch=1 epoch=2 epoch=3 epoch=4",
    "0, false, ''",
    "1, false, epoch=4",
    "2, false, epoch=2 epoch=4",
    "3, false, epoch=2 epoch=3 epoch=4",
    "4, false, epoch=1 epoch=2 epoch=3 epoch=4",
    "1, true, epoch=4 last",
    "0, true, last"
  })
  void fit_monitored_keepsTheBest(int k, boolean last, String expected) {
    ModelCheckpoint checkpoint = monitoring().saveTopK(k).saveLast(last).build();
    fit(5, checkpoint);

    assertThat(files()).isEqualTo(expected);
    assertThat(checkpoint.bestModelPath()).isEqualTo(k == 0 ? null : file("epoch=4"));
    assertThat(checkpoint.bestModelScore()).isEqualTo(k == 0 ? null : (Double) 2.5);
    assertThat(checkpoint.lastModelPath()).isEqualTo(last ? file("last") : null);
  }

  @Test
  void fit_defaults_keepsTheNewest() {
    ModelCheckpoint checkpoint = checkpoint().build();
    Saves saves = new Saves();
    fit(3, checkpoint, saves);

    assertThat(files()).isEqualTo("epoch=2-step=15");
    assertThat(saves.names).containsExactly("0@5", "1@10", "2@15");
    assertThat(checkpoint.bestModelPath()).isEqualTo(file("epoch=2-step=15"));
    assertThat(checkpoint.bestModelScore()).isNull();
    assertThat(checkpoint.bestKModels()).isEmpty();
  }

  @Test
  void fit_notMonitoredAndAllKept_newestIsBest() {
    ModelCheckpoint checkpoint = checkpoint().saveTopK(-1).saveLast(true).build();
    fit(2, checkpoint);

    assertThat(files()).isEqualTo("epoch=0-step=5 epoch=1-step=10 last");
    assertThat(checkpoint.bestModelPath()).isEqualTo(file("epoch=1-step=10"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "1, epoch=0 epoch=1 epoch=2 epoch=3 epoch=4",
    "2, epoch=1 epoch=3",
    "3, epoch=2"
  })
  void fit_everyNEpochs_savesInThose(int every, String expected) {
    fit(5, checkpoint().fileName("{epoch}").saveTopK(-1).everyNEpochs(every).build());

    assertThat(files()).isEqualTo(expected);
  }

  @Test
  void fit_fixedName_isAlwaysOneFile() {
    fit(3, checkpoint().fileName("model").build());

    assertThat(files()).isEqualTo("model");
  }

  @Test
  void fit_twiceInOneFolder_addsVersions() {
    fit(2, checkpoint().fileName("{epoch}").saveTopK(-1).saveLast(true).build());
    fit(2, checkpoint().fileName("{epoch}").saveTopK(-1).saveLast(true).build());

    assertThat(files()).isEqualTo("epoch=0 epoch=0-v1 epoch=1 epoch=1-v1 last last-v1");
  }

  @Test
  void fit_twiceWithoutVersionCounter_overwrites() {
    ModelCheckpointBuilder builder =
        checkpoint().fileName("{epoch}").saveTopK(-1).saveLast(true).enableVersionCounter(false);
    fit(2, builder.build());
    fit(2, builder.build());

    assertThat(files()).isEqualTo("epoch=0 epoch=1 last");
  }

  @Test
  void fit_saveLastAndNothingBetter_lastIsTheNewest() {
    ModelCheckpoint checkpoint = monitoring().saveLast(true).build();
    Trainer trainer = trainer(2, checkpoint).build();
    trainer.fit(new ScriptedModule(1, 2), BoringData.module(5, 1));

    assertThat(files()).isEqualTo("epoch=0 last");
    Trainer resumed = trainer(2).enableCheckpointing(false).build();
    resumed.fit(new ScriptedModule(1, 2), BoringData.module(5, 1), file("last"));
    assertThat(resumed.globalStep()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"1.0, '0@2 1@4'", "0.5, '0@1 0@2 1@3 1@4'"})
  void fit_valCheckInterval_savesAtEachValidation(double interval, String expected) {
    Saves saves = new Saves();
    trainer(2, checkpoint().saveTopK(-1).build(), saves)
        .valCheckInterval(interval)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(2, 1));

    assertThat(String.join(" ", saves.names)).isEqualTo(expected);
  }

  @Test
  void fit_validationEverySecondEpoch_savesThen() {
    trainer(4, monitoring().saveTopK(-1).build())
        .checkValEveryNEpoch(2)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(2, 1));

    assertThat(files()).isEqualTo("epoch=1 epoch=3");
  }

  @Test
  void fit_endOfTrainingEpochsBeforeTheFirstValidation_waits() {
    trainer(3, monitoring().saveTopK(-1).saveOnTrainEpochEnd(true).build())
        .checkValEveryNEpoch(2)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(2, 1));

    assertThat(files()).isEqualTo("epoch=1 epoch=2");
  }

  @Test
  void fit_trainingMetricWithoutValidation_isMonitored() {
    ModelCheckpoint checkpoint = checkpoint().monitor("script").fileName("{epoch}").build();
    trainer(5, checkpoint)
        .limitValBatches(0)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(2, 1));

    assertThat(checkpoint.bestModelScore()).isEqualTo(2.5);
  }

  @Test
  void fit_metricsInFileName_areWritten() {
    fit(1, monitoring().fileName("{epoch:02d}-{step}-{val_loss:.2f}").build());

    assertThat(files()).isEqualTo("epoch=00-step=5-val_loss=10.00");
  }

  @Test
  void fit_monitorThatIsNotLogged_isAnError() {
    assertThatThrownBy(() -> fit(1, checkpoint().monitor("val_los").build()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MONITOR_NOT_FOUND))
        .hasMessage(
            "[MonitorNotFound] ModelCheckpoint monitors \"val_los\", which was never logged.\n"
                + "Logged so far: script, train_loss, train_loss_epoch, train_loss_step, val_loss."
                + " Did you mean \"val_loss\"?");
  }

  @Test
  void fit_unknownMetricInFileName_isAnErrorThatLosesNothing() throws IOException {
    Files.writeString(dir.resolve("other.ckpt"), "kept");

    assertThatThrownBy(() -> fit(1, checkpoint().fileName("{epoch}-{acc:.2f}").build()))
        .hasMessageStartingWith(
            "[UnknownMetric] ModelCheckpoint's file name \"{epoch}-{acc:.2f}\"");
    assertThat(files()).isEqualTo("other");
  }

  @Test
  void fit_fails_savesTheLast() {
    ModelCheckpoint checkpoint = checkpoint().saveLast(true).build();
    Callback failing =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            if (trainer.globalStep() == 7) {
              throw new IllegalStateException("out of luck");
            }
          }
        };

    assertThatThrownBy(() -> fit(3, failing, checkpoint)).hasMessageContaining("out of luck");
    assertThat(files()).isEqualTo("epoch=0-step=5 last");
    Trainer resumed = trainer(2).enableCheckpointing(false).build();
    resumed.fit(new ScriptedModule(LOSSES), BoringData.module(5, 1), file("last"));
    assertThat(resumed.globalStep()).isEqualTo(10);
  }

  @Test
  void fit_fastDevRun_savesNothing() {
    ModelCheckpoint checkpoint = checkpoint().saveLast(true).build();
    trainer(3, checkpoint)
        .fastDevRun(2)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(5, 1));

    assertThat(files()).isEmpty();
    assertThat(checkpoint.bestModelPath()).isNull();
  }

  @Test
  void fit_failsInTheSanityCheck_savesNothing() {
    BoringModule failing =
        new BoringModule() {
          @Override
          protected void validationStep(Batch batch) {
            throw new IllegalStateException("out of luck");
          }
        };

    assertThatThrownBy(
            () ->
                trainer(1, checkpoint().saveLast(true).build())
                    .build()
                    .fit(failing, BoringData.module(2, 1)))
        .hasMessageContaining("out of luck");
    assertThat(files()).isEmpty();
  }

  @Test
  void fit_resumed_goesOnRankingAndKeepsWhatItCameFrom() {
    fit(2, monitoring().saveTopK(1).build());
    assertThat(files()).isEqualTo("epoch=1");

    ModelCheckpoint checkpoint = monitoring().saveTopK(1).build();
    trainer(5, checkpoint)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(5, 1), file("epoch=1"));

    assertThat(files()).isEqualTo("epoch=1 epoch=4");
    assertThat(checkpoint.bestModelScore()).isEqualTo(2.5);
  }

  @Test
  void fit_resumedFromWorse_bestOfBeforeStays() {
    fit(3, monitoring().saveTopK(1).saveLast(true).build());
    ModelCheckpoint checkpoint = monitoring().saveTopK(1).saveLast(true).build();
    trainer(4, checkpoint).build().fit(new ScriptedModule(LOSSES), BoringData.module(5, 1), "last");

    assertThat(files()).isEqualTo("epoch=2 last");
    assertThat(checkpoint.bestModelPath()).isEqualTo(file("epoch=2"));
    assertThat(checkpoint.bestModelScore()).isEqualTo(2.8);
  }

  @Test
  void fit_resumedInAnotherFolder_touchesNothingInTheFirst(@TempDir Path other) {
    fit(2, monitoring().saveTopK(1).build());
    ModelCheckpoint checkpoint = monitoring().dirPath(other).build();
    trainer(5, checkpoint)
        .build()
        .fit(new ScriptedModule(LOSSES), BoringData.module(5, 1), file("epoch=1"));

    assertThat(files()).isEqualTo("epoch=1");
    assertThat(checkpoint.bestModelPath())
        .isEqualTo(other.toAbsolutePath().resolve("epoch=4.ckpt"));
  }

  @Test
  void fit_best_isTheBestOfTheFit() {
    ModelCheckpoint checkpoint = monitoring().saveTopK(-1).build();
    Trainer trainer = trainer(4, checkpoint).build();
    ScriptedModule module = new ScriptedModule(LOSSES);
    trainer.fit(module, BoringData.module(5, 1));
    float[] trained = weights(module);
    trainer.validate(module, BoringData.module(5, 1), "best");

    assertThat(checkpoint.bestModelPath()).isEqualTo(file("epoch=2"));
    assertThat(weights(module)).isNotEqualTo(trained);
  }

  private static float[] weights(FulgurModule module) {
    return module.parameters().get(0).toFloatArray();
  }

  @Test
  void fit_folderCannotBeMade_failsBeforeTraining() throws IOException {
    Path blocked = dir.resolve("file.ckpt");
    Files.writeString(blocked, "in the way");
    Saves saves = new Saves();

    assertThatThrownBy(() -> fit(1, ModelCheckpoint.builder().dirPath(blocked).build(), saves))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE))
        .hasMessageContaining(blocked.toString());
    assertThat(saves.names).isEmpty();
  }

  @Test
  void lastModelPath_ofAnEarlierRun_isTheNewestInTheFolder() throws IOException {
    for (String name : List.of("last.ckpt", "last-v0.ckpt", "last-v1.ckpt", "last", "log.txt")) {
      Files.writeString(dir.resolve(name), name);
    }
    Map<String, Long> times = Map.of("last.ckpt", 1L, "last-v0.ckpt", 3L, "last-v1.ckpt", 2L);
    for (Map.Entry<String, Long> each : times.entrySet()) {
      assertThat(dir.resolve(each.getKey()).toFile().setLastModified(each.getValue() * 1000))
          .isTrue();
    }

    assertThat(checkpoint().build().lastModelPath()).isEqualTo(dir.resolve("last-v0.ckpt"));
  }

  @Test
  void build_contradictions_areReportedTogether() {
    assertThatThrownBy(() -> ModelCheckpoint.builder().saveTopK(3).everyNEpochs(-3).build())
        .hasMessage(
            "[InvalidOptions] ModelCheckpoint has options that cannot be:\n"
                + "1) saveTopK is 3 without a monitor, so there is nothing to rank by. Set monitor,"
                + " or use -1, 0 or 1.\n"
                + "2) everyNEpochs is -3, but must be at least 0, which never saves.");
    assertThatThrownBy(() -> ModelCheckpoint.builder().monitor("x").saveTopK(-3).build())
        .hasMessageContaining("saveTopK is -3, but must be at least -1");
  }

  @Test
  void trainer_default_savesIntoTheFolderOfTheRun() {
    Trainer trainer =
        trainer(1).enableLogging(true).defaultRootDir(dir).numSanityValSteps(0).build();
    trainer.fit(new ScriptedModule(LOSSES), BoringData.module(5, 1));

    Path run = dir.resolve("fulgur_logs/version_0");
    assertThat(run.resolve("checkpoints/epoch=0-step=5.ckpt")).isRegularFile();
    assertThat(run.resolve("metrics.csv")).isRegularFile();
    assertThat(run.resolve("hparams.yaml")).isRegularFile();
  }
}
