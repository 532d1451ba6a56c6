package io.fulgur.benchmarks.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.benchmarks.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentMemoryTest {
  @TempDir private Path process;

  private void status(int resident, int peak) throws IOException {
    Files.writeString(
        process.resolve("status"),
        "Name:\tjava\nVmHWM:\t  %d kB\nVmRSS:\t  %d kB\n".formatted(peak, resident));
  }

  @Test
  void reading_afterGrowth_hasTheStartAndThePeak() throws IOException {
    Path resets = Files.createFile(process.resolve("clear_refs"));
    status(100, 300);
    ResidentMemory memory = ResidentMemory.countingFromNow(process);
    status(150, 400);

    assertThat(memory.reading()).isEqualTo(new Reply.Memory(100 * 1024, 400 * 1024));
    assertThat(memory.reading().growthBytes()).isEqualTo(300 * 1024);
    assertThat(resets).content().isEqualTo("5");
  }

  @Test
  void reading_withoutSuchFiles_isNull() {
    assertThat(ResidentMemory.countingFromNow(process).reading()).isNull();
  }
}
