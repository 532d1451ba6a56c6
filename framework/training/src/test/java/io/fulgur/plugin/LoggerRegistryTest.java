package io.fulgur.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.log.CsvLogger;
import io.fulgur.log.Logger;
import io.fulgur.log.RunFolder;
import io.fulgur.log.TensorBoardLogger;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loggers that a file asks for. */
class LoggerRegistryTest {
  @TempDir Path folder;

  private TrainerBuilder yaml(String text) throws IOException {
    return Trainer.builder()
        .environment(Map.of())
        .defaultRootDir(folder)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .fromYaml(Files.writeString(folder.resolve("trainer.yaml"), text));
  }

  private static Set<String> options(Class<?> builder) {
    return Arrays.stream(builder.getMethods())
        .filter(method -> method.getParameterCount() == 1)
        .filter(method -> method.getReturnType().isAssignableFrom(builder))
        .filter(method -> method.getReturnType() != Object.class)
        .map(Method::getName)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({"CsvLogger", "TensorBoardLogger"})
  void builder_ofEach_hasTheOptionsOfItsBuilderAndOfTheFolder(String name) throws Exception {
    Object made = LoggerRegistry.without(Set.of(), folder).builder(name);
    Class<?> ofCode = Class.forName("io.fulgur.log." + name + "$Builder");

    assertThat(made).isNotNull();
    assertThat(options(made.getClass()))
        .containsAll(options(ofCode))
        .containsAll(List.of("saveDir", "name", "version"))
        .hasSize(options(ofCode).size() + 3);
  }

  @Test
  void names_all_areInThePage() throws IOException {
    String page = Files.readString(Path.of("../../docs/logging.md"));

    assertThat(LoggerRegistry.without(Set.of(), folder).names())
        .containsExactly("CsvLogger", "TensorBoardLogger")
        .allMatch(name -> page.contains("  - " + name));
  }

  @Test
  void fromYaml_loggersOfOnePlace_shareAFolderThatComesAfterThoseBefore() throws IOException {
    Files.createDirectories(folder.resolve("runs/digits/version_6"));
    Trainer trainer =
        yaml("""
            loggers:
              - TensorBoardLogger: {saveDir: %s/runs, name: digits, subDir: events}
              - CsvLogger: {saveDir: %s/runs, name: digits, prefix: student}
              - CsvLogger
              - CsvLogger: {version: 3}
              - CsvLogger: {version: wide, flushEveryNRows: 1}
            """
                .formatted(folder, folder))
            .build();

    assertThat(trainer.loggers())
        .extracting(each -> each.getClass().getSimpleName())
        .containsExactly("TensorBoardLogger", "CsvLogger", "CsvLogger", "CsvLogger", "CsvLogger");
    assertThat(trainer.loggers())
        .extracting(Logger::logDir)
        .containsExactly(
            folder.resolve("runs/digits/version_7"),
            folder.resolve("runs/digits/version_7"),
            folder.resolve("fulgur_logs/version_0"),
            folder.resolve("fulgur_logs/version_3"),
            folder.resolve("fulgur_logs/wide"));
  }

  @Test
  void fromYaml_optionsOfALogger_areUsed() throws IOException {
    Trainer trainer =
        yaml("loggers: [CsvLogger: {prefix: student, flushEveryNRows: 1, version: 0}]").build();
    Logger logger = trainer.loggers().get(0);
    logger.logMetrics(new OneMetric(), 4);

    assertThat(folder.resolve("fulgur_logs/version_0/metrics.csv"))
        .hasContent("epoch,step,student-loss\n,4,0.5");
  }

  /** A loss of a half. */
  private static final class OneMetric implements io.fulgur.log.Metrics {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public String name(int index) {
      return "loss";
    }

    @Override
    public double value(int index) {
      return 0.5;
    }
  }

  @Test
  void fromYaml_loggersAndThoseOfTheBuilder_areAllThere() throws IOException {
    CsvLogger own = new CsvLogger(RunFolder.under(folder.resolve("own")));
    TrainerBuilder builder = yaml("loggers: [TensorBoardLogger]").loggers(own);

    assertThat(builder.build().loggers())
        .hasSize(2)
        .startsWith(own)
        .last()
        .isInstanceOf(TensorBoardLogger.class);
    assertThat(yaml("loggers:\n#  - CsvLogger\nmaxEpochs:").build().loggers())
        .extracting(each -> each.getClass().getSimpleName())
        .containsExactly("TensorBoardLogger", "CsvLogger");
    assertThat(yaml("loggers: [CsvLogger]").fastDevRun(1).build().loggers()).isEmpty();
  }

  @Test
  void fromYaml_loggersThatAreWrong_areReportedWithTheRest() throws IOException {
    assertMessage(
        yaml(
            """
            maxEpochs: -7
            enableLogging: false
            loggers:
              - CSVLogger
              - WandbLogger
              - CsvLogger: {flushEveryNRow: 3}
              - CsvLogger: {flushEveryNRows: 0}
              - CsvLogger: {flushEveryNRows: often}
              - TensorBoardLogger: {defaultHpMetric: 3, logGraph: true}
              - TensorBoardLogger: 3
              - CsvLogger: {version: 1}
            """),
        """
        [InvalidOptions] The trainer cannot be built:
          1) There is no logger "CSVLogger" (in DIR/trainer.yaml). Did you mean "CsvLogger"?
          2) There is no logger "WandbLogger" (in DIR/trainer.yaml). There are CsvLogger, TensorBoardLogger.
          3) CsvLogger (in DIR/trainer.yaml) has no option "flushEveryNRow". Did you mean "flushEveryNRows"?
          4) The logger CsvLogger (in DIR/trainer.yaml) cannot be: [InvalidOptions] flushEveryNRows of CsvLogger is 0, but must be at least 1.
          5) flushEveryNRows of CsvLogger (in DIR/trainer.yaml) is "often"; it must be a whole number.
          6) defaultHpMetric of TensorBoardLogger (in DIR/trainer.yaml) is 3; it must be true or false.
          7) TensorBoardLogger (in DIR/trainer.yaml) has no option "logGraph". There are defaultHpMetric, name, prefix, saveDir, subDir, version.
          8) loggers (in DIR/trainer.yaml) holds {"TensorBoardLogger":3}; write a name, or "Name: {option: value}".
          9) maxEpochs (in DIR/trainer.yaml) is -7; it must be at least -1 (-1 for no limit).
          10) enableLogging (in DIR/trainer.yaml) is false, but a logger was given; leave out one of them.""");
    assertMessage(
        yaml("loggers: []"),
        """
        [InvalidOptions] The trainer cannot be built:
          1) loggers (in DIR/trainer.yaml) is empty; leave it out for the default loggers, or set enableLogging to false for none.""");
    assertMessage(
        yaml("loggers: CsvLogger"),
        """
        [InvalidOptions] The trainer cannot be built:
          1) loggers (in DIR/trainer.yaml) is "CsvLogger"; it must be a list of names, or of a name and options each.""");
  }

  private void assertMessage(TrainerBuilder builder, @Nullable String expected) {
    assertThatThrownBy(builder::build)
        .extracting(error -> error.getMessage().replace(folder.toString(), "DIR"))
        .isEqualTo(expected);
  }
}
