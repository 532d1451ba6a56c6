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
  private @Nullable Snapshot inPreparation;
  private int preparations;

  SnapshotPool(int size) {
    places = size;
  }

  /** Returns a snapshot that nobody reads, waiting for one however often it is interrupted. */
  synchronized Snapshot acquire() {
    boolean interrupted = false;
    while (idle.isEmpty() && (places == 0 || inPreparation != null)) {
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

  /**
   * Returns a snapshot to be made ready, which others wait for: the one that is being made ready
   * already, an idle one, or a new one. Null if all are in use, and thus have been ready once.
   */
  synchronized @Nullable Snapshot startPreparing() {
    if (inPreparation == null) {
      inPreparation = idle.pollFirst();
      if (inPreparation == null && places > 0) {
        places--;
        inPreparation = new Snapshot();
      }
    }
    if (inPreparation != null) {
      preparations++;
    }
    return inPreparation;
  }

  /** Ends what the last call of {@link #startPreparing} began that has not been ended. */
  synchronized void endPreparing() {
    Snapshot ready = inPreparation;
    if (--preparations == 0 && ready != null) {
      inPreparation = null;
      release(ready);
    }
  }

  /** Gives the memory of idle snapshots back. */
  synchronized void freeAll() {
    places += idle.size();
    idle.forEach(Snapshot::free);
    idle.clear();
  }
}
