package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void write_diskThatFillsUpAtAnyByte_leavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("last.ckpt");
    SafeTensorsWriter.write(file, Map.of("x", Tensor.of(new float[] {1, 2}, 2)), Map.of());
    byte[] old = Files.readAllBytes(file);
    SafeTensorsWriter writer =
        SafeTensorsWriter.prepare(Map.of("x", Tensor.of(new float[] {3, 4}, 2)), Map.of());
    for (int room = 0; room < old.length; room++) {
      FailingChannel.Disk disk = FailingChannel.disk(room);
      assertThatThrownBy(() -> writer.write(file, disk))
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.DISK_FULL))
          .hasMessageContaining("It needs " + old.length + " bytes; ")
          .hasMessageContaining("nothing that was saved before has been touched");
      assertThat(Files.readAllBytes(file)).isEqualTo(old);
      assertThat(files(folder)).containsExactly("last.ckpt");
    }
    writer.write(file, FailingChannel.disk(old.length));
    assertThat(Files.readAllBytes(file)).hasSameSizeAs(old).isNotEqualTo(old);
  }

  @Test
  void write_contentThatThrows_leavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("hparams.yaml");
    AtomicFiles.writeString(file, "old");
    IllegalStateException bug = new IllegalStateException("bug");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    3,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[] {1}));
                      throw bug;
                    }))
        .isSameAs(bug);
    assertThat(file).hasContent("old");
    assertThat(files(folder)).containsExactly("hparams.yaml");
  }

  @Test
  void write_folderThatDoesNotExist_isMade() {
    Path file = folder.resolve("a/b/hparams.yaml");
    AtomicFiles.writeString(file, "hidden: 8\n");
    assertThat(file).hasContent("hidden: 8\n");
  }

  @Test
  void write_folderBelowAFile_isReported() throws IOException {
    Path blocking = Files.writeString(folder.resolve("runs"), "a file");
    assertThatThrownBy(() -> AtomicFiles.writeString(blocking.resolve("version_0/x.ckpt"), "x"))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE))
        .hasMessage(
            "[CannotWrite] The folder %s could not be made: %s is a file, not a folder. Choose a folder that this user may write to.",
            blocking.resolve("version_0"), blocking);
    assertThat(blocking).hasContent("a file");
  }

  @Test
  void write_whereAFolderStands_isReported() throws IOException {
    Path target = Files.createDirectories(folder.resolve("last.ckpt/inner")).getParent();
    assertThatThrownBy(() -> AtomicFiles.writeString(target, "x"))
        .isInstanceOf(FulgurException.class)
        .hasMessageStartingWith("[CannotWrite] " + target + " could not be written: ");
    assertThat(files(folder)).containsExactly("last.ckpt");
    assertThat(target.resolve("inner")).isDirectory();
  }

  @Test
  void write_threadThatIsInterrupted_writesAndStaysInterrupted() {
    Path file = folder.resolve("last.ckpt");
    Thread.currentThread().interrupt();
    try {
      AtomicFiles.writeString(file, "saved");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file).hasContent("saved");
  }

  @Test
  void write_threadInterruptedInTheMiddle_writesTheWholeFile() throws IOException {
    Path file = folder.resolve("last.ckpt");
    int[] attempts = {0};
    try {
      AtomicFiles.write(
          file,
          8,
          channel -> {
            channel.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)));
            if (attempts[0]++ == 0) {
              Thread.currentThread().interrupt();
            }
            channel.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)));
          });
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(attempts[0]).isEqualTo(2);
    assertThat(file).hasContent("halfhalf");
    assertThat(files(folder)).containsExactly("last.ckpt");
  }

  @Test
  void write_leftoversOfDeadProcesses_areDeletedAndNothingElse() throws Exception {
    Process process = new ProcessBuilder(FailingChannel.javaCommand(), "-version").start();
    process.waitFor();
    String dead = ".last.ckpt." + process.pid() + "-1.fulgur-tmp";
    String ownButUnclaimed = ".last.ckpt." + ProcessHandle.current().pid() + "-0.fulgur-tmp";
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    String living = ".last.ckpt." + parent + "-1.fulgur-tmp";
    List<String> kept =
        List.of(living, ".last.ckpt.tmp", "x." + process.pid() + "-1.fulgur-tmp", ".x.fulgur-tmp");
    for (String name : kept) {
      Files.writeString(folder.resolve(name), "x");
    }
    Files.writeString(folder.resolve(dead), "x");
    Files.writeString(folder.resolve(ownButUnclaimed), "x");
    String ofAnotherMachine = ".last.ckpt." + process.pid() + "-2.fulgur-tmp";

    try (FileChannel writer = TemporaryFiles.open(folder.resolve(ofAnotherMachine))) {
      AtomicFiles.writeString(folder.resolve("hparams.yaml"), "x");
      assertThat(writer.isOpen()).isTrue();
      assertThat(folder.resolve(ofAnotherMachine)).exists();
    }
    AtomicFiles.writeString(folder.resolve("hparams.yaml"), "x");

    assertThat(files(folder))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(kept.stream(), Stream.of("hparams.yaml")).toList());
  }

  @Test
  void write_anotherOneInProgressInTheSameFolder_isLeftAlone() throws IOException {
    Path outer = folder.resolve("outer");
    Path inner = folder.resolve("inner");
    AtomicFiles.write(
        outer,
        5,
        channel -> {
          channel.write(ByteBuffer.wrap("outer".getBytes(StandardCharsets.UTF_8)));
          AtomicFiles.writeString(folder.resolve("../" + folder.getFileName() + "/inner"), "inner");
        });
    assertThat(outer).hasContent("outer");
    assertThat(inner).hasContent("inner");
  }

  @Test
  void write_longName_isWritten() throws IOException {
    String name = "ü".repeat(120);
    AtomicFiles.writeString(folder.resolve(name), "x");
    assertThat(files(folder)).containsExactly(name);
  }
}
