package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.profile.StepTimes;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensorboard.EventFileReader;
import io.fulgur.tensorboard.ScalarPoint;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the default loggers write in a run. */
class TensorBoardLoggerTest {
  @TempDir private Path dir;

  private TrainerBuilder trainer() {
    return Trainer.builder()
        .maxEpochs(2)
        .logEveryNSteps(2)
        .defaultRootDir(dir)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false);
  }

  private Path run(int version) {
    return dir.resolve("fulgur_logs/version_" + version);
  }

  /** Returns the values of each metric at each step, as event files hold them. */
  private static Map<String, Map<Long, Float>> expected(RecordingLogger recorded) {
    Map<String, Map<Long, Float>> all = new TreeMap<>();
    recorded
        .entries()
        .forEach(
            entry ->
                entry
                    .values()
                    .forEach(
                        (name, value) ->
                            all.computeIfAbsent(name, n -> new TreeMap<>())
                                .put(entry.step(), value.floatValue())));
    return all;
  }

  private static Map<String, Map<Long, Float>> written(Path run) {
    Map<String, Map<Long, Float>> all = new TreeMap<>();
    EventFileReader.scalars(run)
        .forEach(
            (name, points) ->
                all.put(
                    name,
                    points.stream()
                        .collect(
                            Collectors.toMap(
                                ScalarPoint::step,
                                point -> (float) point.value(),
                                (first, second) -> second,
                                TreeMap::new))));
    return all;
  }

  @Test
  void fit_default_writesWhatWasLoggedIntoBothFiles() throws IOException {
    RecordingLogger recorded = new RecordingLogger();
    RunFolder folder = RunFolder.under(dir);
    trainer()
        .loggers(new TensorBoardLogger(folder), new CsvLogger(folder), recorded)
        .build()
        .fit(new BoringModule(), BoringData.module(4, 2));

    Map<String, Map<Long, Float>> written = written(run(0));
    assertThat(written.keySet()).containsAll(StepTimes.NAMES);
    written.keySet().removeAll(StepTimes.NAMES);
    assertThat(written).isEqualTo(expected(recorded));
    List<String> rows = Files.readAllLines(run(0).resolve("metrics.csv"));
    assertThat(rows.get(0))
        .isEqualTo(
            "epoch,step,train_loss_step,time/step_ms,time/data_fraction,val_loss,train_loss_epoch,"
                + "time/epoch_step_ms,time/epoch_data_fraction");
    assertThat(rows).hasSize(1 + recorded.entries().size());
    assertThat(run(0).resolve("hparams.yaml")).hasContent("{}\n");
  }

  @Test
  void fit_fails_keepsWhatWasLogged() throws IOException {
    BoringModule failing =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            if (batchIndex == 5) {
              throw new IllegalStateException("out of luck");
            }
            return super.trainingLoss(batch, batchIndex);
          }
        };

    assertThatThrownBy(() -> trainer().build().fit(failing, BoringData.module(8, 1)))
        .hasMessageContaining("out of luck");
    assertThat(written(run(0)).get("train_loss_step").keySet()).containsExactly(1L, 3L);
    assertThat(Files.readAllLines(run(0).resolve("metrics.csv"))).hasSize(3);
  }

  @Test
  void fit_thenTestWithTheSameTrainer_goesOnInTheSameFolder() {
    Trainer trainer = trainer().build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module(4, 2));
    trainer.test(module, BoringData.module(4, 2));
    trainer().build().fit(module, BoringData.module(4, 2));

    assertThat(written(run(0))).containsKeys("train_loss_step", "val_loss", "test_loss");
    assertThat(written(run(1))).containsKey("val_loss").doesNotContainKey("test_loss");
    assertThat(dir.resolve("fulgur_logs").toFile().list()).hasSize(2);
  }

  @Test
  void fit_fastDevRun_writesNothing() {
    trainer().fastDevRun(1).build().fit(new BoringModule(), BoringData.module(4, 2));

    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void fit_folderCannotBeMade_failsBeforeTraining() throws IOException {
    Files.writeString(dir.resolve("fulgur_logs"), "in the way");
    BoringModule untouched =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            throw new AssertionError("training began");
          }
        };

    assertThatThrownBy(() -> trainer().build().fit(untouched, BoringData.module(4, 2)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE))
        .hasMessageContaining("fulgur_logs is a file, not a folder");
  }
}
