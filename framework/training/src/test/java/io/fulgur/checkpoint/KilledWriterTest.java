package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is killed in the middle of saving, as by the system when memory runs out. */
class KilledWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 20})
  void save_processKilled_leavesAWholeCheckpoint(int saves) throws Exception {
    Path file = folder.resolve("last.ckpt");
    Process process =
        new ProcessBuilder(
                FailingChannel.javaCommand(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                SavingLoop.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long announced = 0;
    try (BufferedReader lines = process.inputReader()) {
      while (announced < saves) {
        announced = Long.parseLong(lines.readLine());
      }
    } finally {
      process.destroyForcibly().waitFor();
    }

    CheckpointIO io = new SafeTensorsCheckpointIO();
    try (Checkpoint loaded = io.load(file)) {
      assertThat(loaded.globalStep()).isGreaterThanOrEqualTo(announced);
      float step = (float) loaded.globalStep();
      float[] weight = loaded.weights().get("weight").toFloatArray();
      assertThat(weight).hasSize(SavingLoop.ELEMENTS).containsOnly(step);
    }

    AtomicFiles.writeString(folder.resolve("hparams.yaml"), "");
    assertThat(files()).containsExactly("hparams.yaml", "last.ckpt");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
