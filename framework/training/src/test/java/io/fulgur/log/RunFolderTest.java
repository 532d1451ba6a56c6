package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir private Path dir;

  @Test
  void version_first_isZero() {
    RunFolder folder = RunFolder.under(dir);

    assertThat(folder.version()).isEqualTo("version_0");
    assertThat(folder.path()).isEqualTo(dir.resolve("fulgur_logs/version_0")).isDirectory();
  }

  @Test
  void version_someThere_isOneMoreThanTheGreatest() throws IOException {
    Files.createDirectories(dir.resolve("fulgur_logs/version_2"));
    Files.createDirectories(dir.resolve("fulgur_logs/version_10"));
    Files.createDirectories(dir.resolve("fulgur_logs/awesome"));

    assertThat(RunFolder.under(dir).version()).isEqualTo("version_11");
  }

  @Test
  void version_askedTwice_isTheSame() {
    RunFolder folder = RunFolder.under(dir);

    assertThat(folder.version()).isEqualTo(folder.version());
  }

  @Test
  void version_chosen_isTaken() {
    assertThat(RunFolder.under(dir).version(1).path())
        .isEqualTo(dir.resolve("fulgur_logs/version_1"));
    assertThat(RunFolder.under(dir).name("digits").version("awesome").path())
        .isEqualTo(dir.resolve("digits/awesome"));
  }

  @Test
  void version_neverAskedFor_makesNothing() {
    RunFolder.under(dir).name("digits");

    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void version_manyAtOnce_allDiffer() {
    var versions = ConcurrentHashMap.<String>newKeySet();
    IntStream.range(0, 50).parallel().forEach(i -> versions.add(RunFolder.under(dir).version()));

    assertThat(versions).hasSize(50);
  }
}
