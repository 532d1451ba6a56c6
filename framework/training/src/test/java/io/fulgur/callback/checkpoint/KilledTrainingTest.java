package io.fulgur.callback.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.checkpoint.AtomicFiles;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.checkpoint.StepFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that keeps the best checkpoints and the last one is killed again and again, at random
 * moments, mostly in the middle of saving, and goes on each time.
 */
class KilledTrainingTest {
  private static final int KILLS = 25;
  private static final int LONGEST_MICROS = 60_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"FILE", "LINK"})
  void save_processKilledAtAnyMoment_everyCheckpointIsWholeAndNoneIsLost(SaveLast how)
      throws Exception {
    Random random = new Random(how.name().hashCode());
    long newest = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long announced = runAndKill(how, random.nextInt(3), random.nextInt(LONGEST_MICROS));
      assertThat(announced).as("it goes on").isGreaterThanOrEqualTo(newest);
      newest = Math.max(newest, announced);
      newest = Math.max(newest, assertAllWhole(newest));
    }
    assertThat(newest).as("what two steps at most in each life come to").isGreaterThan(KILLS / 2);

    AtomicFiles.writeString(folder.resolve("hparams.yaml"), "");
    assertThat(names()).allMatch(name -> name.endsWith(".ckpt") || name.equals("hparams.yaml"));
  }

  /** Lets it save so often, and a little longer; returns the last step announced as saved. */
  private long runAndKill(SaveLast how, int saves, int delayMicros) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                KeepingLoop.class.getName(),
                folder.toString(),
                how.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long announced = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (int i = 0; i <= saves; i++) {
        announced = Long.parseLong(Objects.requireNonNull(lines.readLine(), "it has ended"));
      }
      LockSupport.parkNanos(delayMicros * 1000L);
      // Through its handle, for what it has said must still be there to be read.
      process.toHandle().destroyForcibly();
      String line;
      while ((line = lines.readLine()) != null) {
        announced = Long.parseLong(line);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return announced;
  }

  /** Returns the step of the last one. */
  private long assertAllWhole(long announced) throws IOException {
    for (String name : names()) {
      if (name.endsWith(".ckpt") && !name.startsWith(".")) {
        assertWhole(folder.resolve(name));
      }
    }
    Path last = folder.resolve("last.ckpt");
    if (announced == 0 && !Files.exists(last)) {
      return 0;
    }
    long step = StepFiles.step(last);
    assertThat(step).as("the last one").isGreaterThanOrEqualTo(announced);
    for (Path kept : KeepingLoop.kept(last).byPath().keySet()) {
      assertThat(kept).as("what the last one says is kept").exists();
    }
    return step;
  }

  private static void assertWhole(Path file) {
    try (Checkpoint checkpoint = new SafeTensorsCheckpointIO().load(file)) {
      assertThat(Objects.requireNonNull(checkpoint.weights().get("weight")).toFloatArray())
          .hasSize(StepFiles.ELEMENTS)
          .containsOnly((float) checkpoint.globalStep());
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
