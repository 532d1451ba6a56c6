package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.trainer.EndedTraining.Ending;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that are asked to end in the middle of a training. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SignalTest {
  /** Of a process that does not wait for a training that cannot end. */
  private static final long MOST_SECONDS = 120;

  /** What a keyboard sends. */
  private static final int CTRL_C = 3;

  @TempDir private Path folder;

  private List<String> command(Ending ending) {
    List<String> command = new ArrayList<>();
    if (OS.LINUX.isCurrentOs()) {
      // A process that a shell has put into the background passes on that it ignores Ctrl-C.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
            "-cp",
            System.getProperty("java.class.path"),
            EndedTraining.class.getName(),
            folder.toString(),
            ending.name()));
    return command;
  }

  private Process start(Ending ending) throws IOException {
    return start(command(ending));
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectError(new File(folder.toFile(), "errors.txt"))
        .start();
  }

  /** Runs a training until it waits for its end, sends the signal, and returns the exit status. */
  private int ended(Ending ending, String signal) throws Exception {
    Process process = start(ending);
    try (BufferedReader lines = process.inputReader()) {
      assertThat(lines.readLine()).as(this::errors).isEqualTo(EndedTraining.READY);
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertThat(lines.readLine()).isNull();
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path run(int version) {
    return folder.resolve("fulgur_logs").resolve("version_" + version);
  }

  private static Map<String, double[]> uninterrupted() {
    Fulgur.seedEverything(EndedTraining.SEED);
    Classifier module = new Classifier();
    TestTrainers.quiet().maxEpochs(EndedTraining.EPOCHS).build().fit(module, EndedTraining.data());
    return Classifier.weights(module);
  }

  @ParameterizedTest
  @CsvSource({
    "IN_BATCH, TERM, 143, 9",
    "IN_LAST_BATCH, INT, 130, 12",
    "IN_VALIDATION, TERM, 143, 12",
  })
  void fit_processAskedToEnd_savesAndGoesOnBitwise(
      Ending ending, String signal, int status, int steps) throws Exception {
    assertThat(ended(ending, signal)).as(this::errors).isEqualTo(status);
    Path last = run(0).resolve("checkpoints").resolve("last.ckpt");
    try (Checkpoint checkpoint = new SafeTensorsCheckpointIO().load(last)) {
      assertThat(checkpoint.globalStep()).isEqualTo(steps);
    }
    assertThat(errors())
        .contains("The process is to end: Trainer.fit stops after its batch")
        .contains("To go on: trainer.fit(module, data, Path.of(\"" + last + "\"))");
    // A header, and a line for each step and each validation, all of which were flushed.
    assertThat(Files.readAllLines(run(0).resolve("metrics.csv"))).hasSizeGreaterThan(steps);

    Classifier resumed = new Classifier();
    Trainer trainer = EndedTraining.trainer(folder).build();
    trainer.fit(resumed, EndedTraining.data(), "last");

    assertThat(trainer.logDir()).isEqualTo(run(1));
    Map<String, double[]> expected = uninterrupted();
    Classifier.weights(resumed)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  /** What asks a terminal for its width must not take Ctrl-C from those who save. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void fit_ctrlCInTheFirstEpochShownOnATerminal_saves() throws Exception {
    assumeThat(Path.of("/usr/bin/script")).exists();
    String errors = " 2> '" + folder.resolve("errors.txt") + "'";
    String training = "'" + String.join("' '", command(Ending.ON_A_TERMINAL)) + "'" + errors;
    Process terminal =
        start(List.of("/usr/bin/script", "-q", "-e", "-c", "exec " + training, "/dev/null"));
    try (BufferedReader lines = terminal.inputReader();
        OutputStream keyboard = terminal.getOutputStream()) {
      String line = lines.readLine();
      while (line != null && !line.endsWith(EndedTraining.READY)) {
        line = lines.readLine();
      }
      assertThat(line).as(this::errors).contains("Epoch 0:");
      keyboard.write(CTRL_C);
      keyboard.flush();
      assertThat(terminal.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      terminal.destroyForcibly();
    }
    Path last = run(0).resolve("checkpoints").resolve("last.ckpt");
    assertThat(errors()).contains("To go on: trainer.fit(module, data, Path.of(\"" + last + "\"))");
    try (Checkpoint checkpoint = new SafeTensorsCheckpointIO().load(last)) {
      assertThat(checkpoint.globalStep()).isEqualTo(3);
    }
  }

  @Test
  void fit_exitWhenToldOfTheEnd_endsAllTheSame() throws Exception {
    assertThat(ended(Ending.IN_BATCH_AND_EXITS, "TERM")).as(this::errors).isEqualTo(143);
  }

  @ParameterizedTest
  @CsvSource({"EXITS, 3", "FAILS, 1"})
  void fit_processEndsItself_keepsItsStatusAndWhatWasLogged(Ending ending, int status)
      throws Exception {
    Process process = start(ending);
    try {
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(this::errors).isEqualTo(status);
    } finally {
      process.destroyForcibly();
    }
    assertThat(errors())
        .contains(
            ending == Ending.EXITS
                ? "System.exit was called within Trainer.fit"
                : "java.lang.IllegalStateException: on purpose")
        .doesNotContain("did not come to the end of its batch");
    assertThat(Files.readAllLines(run(0).resolve("metrics.csv"))).hasSizeGreaterThan(6);
  }
}
