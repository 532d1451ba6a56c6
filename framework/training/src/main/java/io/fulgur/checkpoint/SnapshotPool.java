package io.fulgur.checkpoint;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A few snapshots that take turns. A second one is made only when the first is still being written
 * while the next checkpoint comes.
 */
final class SnapshotPool {
  private final Deque<Snapshot> idle = new ArrayDeque<>();
  private int places;
  private boolean preparing;

  SnapshotPool(int size) {
    places = size;
  }

  /** Returns a snapshot that nobody reads, waiting for one however often it is interrupted. */
  synchronized Snapshot acquire() {
    boolean interrupted = false;
    while (idle.isEmpty() && (places == 0 || preparing)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Snapshot used = idle.pollFirst();
    if (used != null) {
      return used;
    }
    places--;
    return new Snapshot();
  }

  synchronized void release(Snapshot snapshot) {
    idle.addFirst(snapshot);
    notifyAll();
  }

  /** Returns a snapshot to be made ready, which others wait for; null if there is one already. */
  synchronized @Nullable Snapshot startPreparing() {
    if (preparing || !idle.isEmpty() || places == 0) {
      return null;
    }
    preparing = true;
    places--;
    return new Snapshot();
  }

  synchronized void endPreparing(Snapshot snapshot) {
    preparing = false;
    release(snapshot);
  }

  /** Gives the memory of idle snapshots back. */
  synchronized void freeAll() {
    places += idle.size();
    idle.forEach(Snapshot::free);
    idle.clear();
  }
}
