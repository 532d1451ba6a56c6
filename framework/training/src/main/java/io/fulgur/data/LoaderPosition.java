package io.fulgur.data;

/** How far an iterator has come in its epoch. */
final class LoaderPosition {
  private final long epoch;
  private long batches;
  private boolean finished;

  LoaderPosition(long epoch, long batches) {
    this.epoch = epoch;
    this.batches = batches;
  }

  void advance() {
    batches++;
  }

  void finish() {
    finished = true;
  }

  /** Returns where a later run would go on; at the start of the next epoch if this one is over. */
  LoaderState state(long seed) {
    return finished ? new LoaderState(seed, epoch + 1, 0) : new LoaderState(seed, epoch, batches);
  }
}
