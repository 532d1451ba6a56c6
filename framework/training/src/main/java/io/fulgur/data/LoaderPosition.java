package io.fulgur.data;

import io.fulgur.checkpoint.State;
import java.util.OptionalLong;

/** How far an iterator has come in its epoch, and how the loader goes on from there. */
final class LoaderPosition {
  private final EpochSource source;
  private final long seed;
  private final long epoch;
  private long batches;
  private SourceMark newest;
  private SourceMark before;
  private SourceMark end = SourceMark.NONE;
  private boolean servedAny;
  private boolean finished;
  private boolean left;

  LoaderPosition(EpochSource source, EpochContext epoch, EpochStart start) {
    this.source = source;
    this.seed = epoch.seed();
    this.epoch = epoch.epoch();
    this.batches = start.batches();
    this.newest = SourceMark.of(source.state(), start.position());
    this.before = newest;
  }

  /** A batch was served, and this is how things stood after it was read. */
  void advance(SourceMark mark) {
    before = newest;
    newest = mark;
    batches++;
    servedAny = true;
  }

  /** The epoch has come to its end, and this is how things stand there. */
  void finish(SourceMark mark) {
    end = mark;
    finished = true;
  }

  /**
   * Nobody reads any more. What was read ahead and not served is given back: the next epoch begins
   * after what was served, no matter how far ahead workers were.
   *
   * @param readAhead whether more was read than was served
   */
  void leave(boolean readAhead) {
    if (!left) {
      left = true;
      State served = newest.source();
      if (readAhead && !finished && !served.isEmpty()) {
        source.loadState(served);
      }
    }
  }

  /** Returns whether somebody may still read. */
  boolean isOpen() {
    return !left;
  }

  /** Returns where to go on after what was served; at the next epoch if that was all. */
  State state() {
    return finished ? atNextEpoch() : at(batches, newest);
  }

  /** Returns where to go on so that the newest batch is served again. */
  State stateBefore() {
    return at(servedAny ? batches - 1 : batches, before);
  }

  /** Returns where to go on if the rest of the epoch is left out. */
  State atNextEpoch() {
    State sources = finished ? end.source() : newest.source();
    return new LoaderState(
            source.kind(), source.length(), seed, epoch + 1, 0, sources, /* position= */ null)
        .toState();
  }

  private State at(long count, SourceMark mark) {
    OptionalLong length = source.length();
    return new LoaderState(
            source.kind(), length, seed, epoch, count, mark.source(), mark.position())
        .toState();
  }
}
