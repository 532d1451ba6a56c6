package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

  @Test
  void processor_namedInTheFile_isThatName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("cpuinfo");
    Files.writeString(
        file,
        """
        processor\t: 0
        model\t\t: 143
        model name\t: Some Processor: 2 GHz
        model name\t: Another
        """);

    assertThat(Machine.processor(file)).isEqualTo("Some Processor: 2 GHz");
  }

  @Test
  void processor_noSuchFile_isTheArchitecture(@TempDir Path folder) {
    assertThat(Machine.processor(folder.resolve("none"))).isEqualTo(System.getProperty("os.arch"));
  }
}
