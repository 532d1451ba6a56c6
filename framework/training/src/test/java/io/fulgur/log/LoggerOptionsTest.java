package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.tensorboard.EventFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options of the loggers that write files change. */
class LoggerOptionsTest {
  @TempDir private Path dir;
  private RunFolder folder;
  private Path run;

  @BeforeEach
  void chooseFolder() {
    folder = RunFolder.under(dir).name("digits").version("awesome");
    run = dir.resolve("digits/awesome");
  }

  private static Metrics lossAndEpoch() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 0.5);
    values.put("epoch", 2.0);
    return Metrics.of(values);
  }

  private static void log(Logger logger) {
    logger.logHyperparameters(Hyperparameters.of(Map.of("hidden", 128)));
    logger.logMetrics(lossAndEpoch(), 7);
    logger.finish(RunStatus.SUCCESS);
  }

  @Test
  void prefix_csv_standsBeforeMetricsButNotBeforeTheAxes() {
    log(CsvLogger.builder(folder).prefix("student").build());

    assertThat(run.resolve("metrics.csv")).hasContent("epoch,step,student-loss\n2,7,0.5\n");
  }

  @Test
  void prefix_tensorBoard_standsBeforeMetricsButNotBeforeTheEpoch() {
    log(TensorBoardLogger.builder(folder).prefix("student").defaultHpMetric(false).build());

    assertThat(EventFileReader.scalars(run)).containsOnlyKeys("student-loss", "epoch");
  }

  @Test
  void logMetrics_otherNamesThanBefore_eachGetsItsOwn() {
    TensorBoardLogger logger = new TensorBoardLogger(folder);
    logger.logMetrics(Metrics.of(Map.of("a", 1.0)), 0);
    logger.logMetrics(Metrics.of(Map.of("b", 2.0)), 1);
    logger.logMetrics(Metrics.of(Map.of()), 2);
    logger.logMetrics(Metrics.of(Map.of("b", 3.0)), 3);
    logger.finish(RunStatus.SUCCESS);

    assertThat(EventFileReader.scalars(run).get("a")).hasSize(1);
    assertThat(EventFileReader.scalars(run).get("b"))
        .extracting(point -> point.value())
        .containsExactly(2.0, 3.0);
  }

  @Test
  void subDir_tensorBoard_holdsTheEventFileOnly() throws IOException {
    TensorBoardLogger logger = TensorBoardLogger.builder(folder).subDir("events").build();
    log(logger);

    assertThat(EventFileReader.scalars(run.resolve("events"))).containsKey("loss");
    assertThat(logger.logDir()).isEqualTo(run);
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("events", "hparams.yaml");
    }
  }

  @Test
  void defaultHpMetric_onAndOff_isMinusOneOrNotThere() {
    log(new TensorBoardLogger(folder));
    RunFolder without = RunFolder.under(dir).version(3);
    log(TensorBoardLogger.builder(without).defaultHpMetric(false).build());

    assertThat(EventFileReader.scalars(run).get("hp_metric"))
        .extracting(point -> point.value())
        .isEqualTo(List.of(-1.0));
    assertThat(EventFileReader.scalars(without.path())).doesNotContainKey("hp_metric");
  }

  @Test
  void writer_whileARunGoesOn_addsTextBesideMetrics() {
    TensorBoardLogger logger = new TensorBoardLogger(folder);
    logger.logMetrics(lossAndEpoch(), 0);
    logger.writer().addText("sample", "to be", 0);
    logger.writer().addHistogram("weights", new float[] {1, 2, 3}, 0);
    logger.finish(RunStatus.SUCCESS);

    try (EventFileReader reader = EventFileReader.open(run)) {
      assertThat(reader.events().flatMap(event -> event.getSummary().getValueList().stream()))
          .extracting(value -> value.getTag())
          .containsExactlyInAnyOrder("loss", "epoch", "sample", "weights");
    }
  }
}
