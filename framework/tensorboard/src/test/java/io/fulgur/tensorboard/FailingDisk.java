package io.fulgur.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A disk with room for so many bytes; a write that needs more leaves what still fits. */
final class FailingDisk implements EventFiles.Opener {
  private int freeBytes;
  private boolean failsAtClose;
  private boolean closed;

  FailingDisk(int freeBytes) {
    this.freeBytes = freeBytes;
  }

  /** Lets closing fail too, as a network disk may that sends late. */
  FailingDisk failingAtClose() {
    failsAtClose = true;
    return this;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public OutputStream open(Path newFile) throws IOException {
    OutputStream file = EventFiles.openNew(newFile);
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        int fitting = Math.min(length, freeBytes);
        file.write(bytes, offset, fitting);
        freeBytes -= fitting;
        if (fitting < length) {
          // What was freed since must not tempt the writer to go on behind half a record.
          freeBytes = Integer.MAX_VALUE;
          throw new IOException("No space left on device");
        }
      }

      @Override
      public void close() throws IOException {
        closed = true;
        file.close();
        if (failsAtClose) {
          throw new IOException("Connection lost");
        }
      }
    };
  }
}
