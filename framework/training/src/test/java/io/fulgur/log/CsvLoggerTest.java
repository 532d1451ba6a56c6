package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvLoggerTest {
  @TempDir private Path dir;
  private RunFolder folder;
  private Path file;

  @BeforeEach
  void chooseFolder() {
    folder = RunFolder.under(dir).version(0);
    file = dir.resolve("fulgur_logs/version_0/metrics.csv");
  }

  private static Metrics metrics(Object... namesAndValues) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
    }
    return Metrics.of(values);
  }

  @Test
  void finish_someRows_writesThem() {
    CsvLogger logger = new CsvLogger(folder);
    logger.logMetrics(metrics("loss", 0.5, "epoch", 0), 3);
    logger.logMetrics(metrics("loss", Double.NaN, "epoch", 1), 7);
    logger.finish(RunStatus.FAILED);

    assertThat(file).hasContent("epoch,step,loss\n0,3,0.5\n1,7,NaN\n");
  }

  @Test
  void logMetrics_newKey_addsAColumnWithoutLosingRows() {
    CsvLogger logger = CsvLogger.builder(folder).flushEveryNRows(1).build();
    logger.logMetrics(metrics("loss", 0.5, "epoch", 0), 0);
    logger.logMetrics(metrics("a,b", 2, "epoch", 0), 1);
    logger.logMetrics(metrics("loss", 0.25, "acc", 1, "epoch", 0), 2);

    assertThat(file)
        .hasContent("epoch,step,loss,\"a,b\",acc\n0,0,0.5,,\n0,1,,2.0,\n0,2,0.25,,1.0\n");
  }

  @Test
  void logMetrics_everySecondRow_flushes() throws IOException {
    CsvLogger logger = CsvLogger.builder(folder).flushEveryNRows(2).build();
    logger.logMetrics(metrics("loss", 0.5, "epoch", 0), 0);
    assertThat(Files.readAllLines(file)).hasSize(1);
    logger.logMetrics(metrics("loss", 0.4, "epoch", 0), 1);
    assertThat(Files.readAllLines(file)).hasSize(3);
  }

  @Test
  void logMetrics_fileOfAnEarlierRun_goesOnWithIt() {
    CsvLogger first = new CsvLogger(folder);
    first.logMetrics(metrics("loss", 1, "epoch", 0), 0);
    first.logMetrics(metrics("loss", 2, "epoch", 0), 1);
    first.finish(RunStatus.SUCCESS);
    CsvLogger second = new CsvLogger(RunFolder.under(dir).version(0));
    second.logMetrics(metrics("acc", 3, "epoch", 1), 2);
    second.finish(RunStatus.SUCCESS);

    assertThat(file).hasContent("epoch,step,loss,acc\n0,0,1.0,\n0,1,2.0,\n1,2,,3.0\n");
  }

  @Test
  void logMetrics_fileThatEndsWithinARow_startsANewOne() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "epoch,step,loss\n0,0,1.0\n0,1,2");
    CsvLogger logger = new CsvLogger(folder);
    logger.logMetrics(metrics("loss", 3, "epoch", 0), 2);
    logger.finish(RunStatus.SUCCESS);

    assertThat(file).hasContent("epoch,step,loss\n0,0,1.0\n0,1,2\n0,2,3.0\n");
  }

  @Test
  void logMetrics_manyRows_keepsAll() throws IOException {
    CsvLogger logger = new CsvLogger(folder);
    for (int i = 0; i < 1050; i++) {
      logger.logMetrics(metrics("m" + i / 300, i, "epoch", i / 100), i);
    }
    logger.save();

    assertThat(Files.readAllLines(file))
        .hasSize(1051)
        .startsWith("epoch,step,m0,m1,m2,m3")
        .contains("2,299,299.0,,,", "3,300,,300.0,,")
        .endsWith("10,1049,,,,1049.0");
  }

  @Test
  void logHyperparameters_twoLoggers_writeOneFile() {
    Hyperparameters hparams = Hyperparameters.of(Map.of("hidden", 128));
    new CsvLogger(folder).logHyperparameters(hparams);
    new TensorBoardLogger(folder).logHyperparameters(Hyperparameters.none());

    assertThat(file.resolveSibling("hparams.yaml")).hasContent("hidden: 128\n");
  }

  @Test
  void logHyperparameters_folderIsAFile_failsBeforeTraining() throws IOException {
    Files.writeString(dir.resolve("fulgur_logs"), "in the way");
    CsvLogger logger = new CsvLogger(dir);

    assertThatThrownBy(() -> logger.logHyperparameters(Hyperparameters.none()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE))
        .hasMessage(
            "[CannotWrite] The folder of the run cannot be made in %s: %s is a file, not a folder. Choose a folder that this user may write to with defaultRootDir, or switch logging off with enableLogging(false)."
                .formatted(
                    dir.resolve("fulgur_logs").toAbsolutePath(), dir.resolve("fulgur_logs")));
  }

  @Test
  void flush_fileBecameAFolder_keepsTheRows() throws IOException {
    CsvLogger logger = new CsvLogger(folder);
    logger.logMetrics(metrics("loss", 1, "epoch", 0), 0);
    logger.save();
    logger.logMetrics(metrics("loss", 2, "epoch", 0), 1);
    String before = Files.readString(file);
    Files.delete(file);
    Files.createDirectory(file);

    assertThatThrownBy(logger::save)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE));

    Files.delete(file);
    Files.writeString(file, before);
    logger.save();
    assertThat(file).hasContent("epoch,step,loss\n0,0,1.0\n0,1,2.0\n");
  }

  @Test
  void new_noFlushInterval_isRefused() {
    assertThatThrownBy(() -> CsvLogger.builder(folder).flushEveryNRows(0).build())
        .hasMessage("[InvalidOptions] flushEveryNRows of CsvLogger is 0, but must be at least 1.");
  }
}
