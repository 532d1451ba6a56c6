package io.fulgur.tensorboard;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** A file that takes its first write, the file version, and hangs at the second until let go. */
final class StuckStream extends FilterOutputStream {
  private final CountDownLatch letGo;
  private boolean started;

  StuckStream(OutputStream file, CountDownLatch letGo) {
    super(file);
    this.letGo = letGo;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      if (started) {
        letGo.await();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    started = true;
    out.write(bytes, offset, length);
  }
}
