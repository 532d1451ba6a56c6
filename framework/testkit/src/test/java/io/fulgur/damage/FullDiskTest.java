package io.fulgur.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.checkpoint.SaveLast;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.CsvLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Training onto a disk of 1 MB that fills up; a checkpoint takes some 110 kB. */
class FullDiskTest {
  private static final int SIZE_BYTES = 1 << 20;
  private static final int ENDLESS = 10_000;

  @TempDir private Path folder;
  private boolean mounted;

  /** Which disk is full. */
  enum Disk {
    /** A file system, where one may be mounted. */
    REAL,
    /** A folder that refuses more, anywhere. */
    SIMULATED
  }

  private Path disk(Disk kind) throws Exception {
    if (kind == Disk.SIMULATED) {
      return WatchedFiles.of(folder, new SmallDisk(folder, SIZE_BYTES));
    }
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_BYTES, "full", folder.toString());
    assumeTrue(mounted, "this user may not mount a file system");
    return folder;
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", folder.toString())).isTrue();
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
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Keeps all that it saves. */
  private static TrainerBuilder trainer(Path disk, SaveLast last, boolean async) {
    return Trainer.builder()
        .maxSteps(ENDLESS)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .asyncCheckpoints(async)
        .callback(
            ModelCheckpoint.builder()
                .dirPath(disk)
                .fileName("{step}")
                .everyNTrainSteps(1)
                .saveTopK(-1)
                .saveLast(last)
                .build());
  }

  private static FulgurException failure(Trainer trainer) {
    return catchThrowableOfType(
        FulgurException.class, () -> trainer.fit(new StepCounting(), StepCounting.data()));
  }

  static List<Object[]> ways() {
    List<Object[]> ways = new ArrayList<>();
    for (Disk disk : Disk.values()) {
      for (SaveLast last : SaveLast.values()) {
        ways.add(new Object[] {disk, last, false});
        ways.add(new Object[] {disk, last, true});
      }
    }
    return ways;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void fit_diskFillsUp_saysSoAndKeepsWhatWasSaved(Disk kind, SaveLast last, boolean async)
      throws Exception {
    Path disk = disk(kind);
    FulgurException error = failure(trainer(disk, last, async).build());

    assertThat(error.id()).isEqualTo(ErrorId.DISK_FULL);
    assertThat(error)
        .hasMessageStartingWith(
            async
                ? "[DiskFull] Saving checkpoints in the background failed while training went on."
                : "[DiskFull] " + folder)
        .hasMessageContainingAll(
            "could not be written: the disk is full. It needs ",
            " bytes; ",
            "nothing that was saved before has been touched.",
            "Files like it in that folder: ",
            "step=1.ckpt (");
    assertThat(files()).hasSizeGreaterThan(3).allMatch(file -> file.toString().endsWith(".ckpt"));
    long newest = 0;
    for (Path file : files()) {
      newest = Math.max(newest, StepCounting.wholeStep(file));
    }
    if (last == SaveLast.NO) {
      assertThat(newest).isGreaterThan(3);
    } else {
      assertThat(StepCounting.wholeStep(folder.resolve("last.ckpt"))).isBetween(3L, newest);
    }
  }

  @ParameterizedTest
  @EnumSource
  void fit_roomIsMade_goesOnFromTheLast(Disk kind) throws Exception {
    Path disk = disk(kind);
    assertThat(failure(trainer(disk, SaveLast.FILE, false).build())).isNotNull();
    long last = StepCounting.wholeStep(folder.resolve("last.ckpt"));
    for (Path file : files()) {
      if (!file.endsWith("last.ckpt")) {
        Files.delete(file);
      }
    }
    Trainer resumed = trainer(folder, SaveLast.FILE, true).maxSteps(last + 2).build();
    resumed.fit(new StepCounting(), StepCounting.data(), "last");

    assertThat(resumed.globalStep()).isEqualTo(last + 2);
    assertThat(StepCounting.wholeStep(folder.resolve("last.ckpt"))).isEqualTo(last + 2);
  }

  @Test
  void fit_loggerFillsTheDisk_saysSoAndKeepsTheRows() throws Exception {
    Path disk = disk(Disk.REAL);
    Files.write(disk.resolve("taken"), new byte[SIZE_BYTES - (32 << 10)]);
    FulgurException error =
        failure(
            Trainer.builder()
                .maxSteps(ENDLESS)
                .logEveryNSteps(1)
                .enableCheckpointing(false)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .logger(new CsvLogger(disk))
                .build());

    assertThat(error)
        .hasMessageContainingAll(
            "CsvLogger cannot write ",
            "metrics.csv: No space left on device. What it held before is still there. "
                + "Check the folder and the room on its disk.");
    Path table = disk.resolve("fulgur_logs/version_0/metrics.csv");
    List<String> lines = Files.readAllLines(table);
    assertThat(lines).hasSizeGreaterThan(10);
    // The last row is as whole as the others.
    assertThat(Files.readString(table)).endsWith("\n");
  }
}
