package io.fulgur.data;

import java.util.Iterator;

/** An iterator that holds something open. */
interface CloseableIterator<T> extends Iterator<T>, AutoCloseable {
  /** Closes an iterator if it can be closed. */
  static void close(Iterator<?> iterator) throws Exception {
    if (iterator instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }
}
