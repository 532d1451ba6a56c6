package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionedFileTest {
  @TempDir Path folder;

  private Path random(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return Files.write(folder.resolve("data"), bytes);
  }

  /** Most of the interrupts fall into a read, where they close the channel. */
  @Test
  void readFully_threadInterruptedAgainAndAgain_readsTheBytes() throws Exception {
    Path path = random(1 << 20);
    byte[] expected = Files.readAllBytes(path);
    Thread reader = Thread.currentThread();
    AtomicInteger reads = new AtomicInteger();
    Thread interrupter =
        new Thread(
            () -> {
              for (int i = 0; i < 100; i++) {
                int before = reads.get();
                while (reads.get() == before) {
                  Thread.onSpinWait();
                }
                reader.interrupt();
              }
            });
    interrupter.setDaemon(true);
    interrupter.start();
    ByteBuffer target = ByteBuffer.allocateDirect(expected.length);
    try (PositionedFile file = PositionedFile.open(path)) {
      while (interrupter.isAlive()) {
        file.readFully(target.clear(), 0);
        reads.incrementAndGet();
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(expected));
      }
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void readFully_pastTheEnd_tellsWhereTheFileEnds() throws IOException {
    try (PositionedFile file = PositionedFile.open(random(10))) {
      assertThat(file.sizeBytes()).isEqualTo(10);
      assertThatThrownBy(() -> file.readFully(ByteBuffer.allocate(8), 4))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("the file ends at byte 10");
    }
  }

  @Test
  void readFully_closedFile_isNotOpenedAgain() throws IOException {
    PositionedFile file = PositionedFile.open(random(10));
    file.close();
    assertThatThrownBy(() -> file.readFully(ByteBuffer.allocate(1), 0))
        .isInstanceOf(ClosedChannelException.class);
  }
}
