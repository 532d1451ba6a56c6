package io.fulgur.tensorboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitFlushTest {
  @TempDir Path folder;

  @Test
  void exit_withoutClose_writesWhatWaits() throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(jvm.getInputStream().readAllBytes(), UTF_8);

    assertThat(jvm.waitFor()).as(output).isZero();
    assertThat(TestEvents.steps(folder)).containsExactly(7L);
  }

  /** A program that does not close its writer. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] args) {
      EventFileWriter.open(Path.of(args[0])).add(TestEvents.ofStep(7));
    }
  }
}
