package io.fulgur.callback.checkpoint;

import static io.fulgur.callback.checkpoint.CheckpointRuns.step;
import static io.fulgur.callback.checkpoint.CheckpointRuns.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fulgur.Trainer;
import io.fulgur.callback.ScriptedModule;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.Linear;
import io.fulgur.testkit.BoringData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training onto a disk that fills up: a file system of 1 MB, where one may be mounted. */
class FullDiskTest {
  @TempDir private Path disk;
  private boolean mounted;

  /** Its checkpoints take some 180 kB. */
  private static final class Wide extends ScriptedModule {
    final Linear unused = new Linear(200, 220);

    Wide() {
      super(6, 5, 4, 3, 2, 1);
    }
  }

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "fulgur-full-disk", disk.toString());
    assumeTrue(mounted, "this user may not mount a file system");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // No such command here.
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(disk)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"NO, false", "FILE, false", "LINK, false", "NO, true", "FILE, true", "LINK, true"})
  void fit_diskFillsUp_saysSoAndKeepsWhatWasSaved(SaveLast last, boolean async) throws IOException {
    ModelCheckpoint checkpoint =
        ModelCheckpoint.builder().dirPath(disk).saveTopK(-1).saveLast(last).build();
    Trainer trainer = trainer(9, checkpoint).maxEpochs(6).asyncCheckpoints(async).build();
    FulgurException error =
        catchThrowableOfType(
            FulgurException.class, () -> trainer.fit(new Wide(), BoringData.module(5, 1)));

    assertThat(error.id()).isEqualTo(ErrorId.DISK_FULL);
    assertThat(error)
        .hasMessageContainingAll(
            "[DiskFull] ",
            "could not be written: the disk is full. It needs ",
            " bytes; ",
            "nothing that was saved before has been touched.",
            "Files like it in that folder: ",
            "epoch=0-step=5.ckpt (");
    assertThat(files()).hasSizeGreaterThan(2).allMatch(file -> file.toString().endsWith(".ckpt"));
    for (Path file : files()) {
      try (Checkpoint whole = new SafeTensorsCheckpointIO().load(file)) {
        assertThat(whole.weights()).containsKey("unused.weight");
      }
    }
    if (last != SaveLast.NO) {
      assertThat(step(disk.resolve("last.ckpt"))).isGreaterThanOrEqualTo(10);
    }
  }

  @Test
  void fit_roomIsMade_goesOnFromTheLast() throws IOException {
    trainerFails(ModelCheckpoint.builder().dirPath(disk).saveTopK(-1).saveLast(true).build());
    for (Path file : files()) {
      if (!file.endsWith("last.ckpt")) {
        Files.delete(file);
      }
    }
    Trainer resumed =
        trainer(6, ModelCheckpoint.builder().dirPath(disk).saveLast(true).build()).build();
    resumed.fit(new Wide(), BoringData.module(5, 1), "last");

    assertThat(resumed.globalStep()).isEqualTo(30);
    assertThat(step(disk.resolve("last.ckpt"))).isEqualTo(30);
  }

  private static void trainerFails(ModelCheckpoint checkpoint) {
    Trainer trainer = trainer(6, checkpoint).build();
    assertThat(
            catchThrowableOfType(
                FulgurException.class, () -> trainer.fit(new Wide(), BoringData.module(5, 1))))
        .isNotNull();
  }
}
