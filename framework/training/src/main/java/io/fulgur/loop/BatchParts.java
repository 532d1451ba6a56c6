package io.fulgur.loop;

/**
 * What is done on a training batch that cannot be taken back, in parts that are numbered in their
 * order: the step of each optimizer, what precision learns from them, the step of each schedule. A
 * checkpoint that is saved after some of them goes on with the others.
 */
final class BatchParts {
  private int done;

  /** Begins a batch. */
  void begin() {
    done = 0;
  }

  /** Goes on with a batch of which so many parts have been done. */
  void resume(int parts) {
    done = parts;
  }

  /** Returns how many parts, from the first, have been done or left out. */
  int done() {
    return done;
  }

  /** Returns whether a part has been done or left out. */
  boolean isDone(int part) {
    return part < done;
  }

  /** Tells that a part is being done; those before that have not been are left out. */
  void take(int part) {
    done = Math.max(done, part + 1);
  }
}
