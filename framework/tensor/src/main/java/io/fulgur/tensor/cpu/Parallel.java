package io.fulgur.tensor.cpu;

import java.util.concurrent.RecursiveAction;

/**
 * Shares long element-wise work with the common pool's threads.
 *
 * <p>The pieces are forked and joined last in, first out: a piece that no other thread has begun is
 * run by the caller itself, so a thread that wakes late, or a busy machine, costs nothing. Each
 * element is computed by the same code whoever does it, so results do not depend on the sharing.
 */
final class Parallel {
  /** A whole number of blocks; below two pieces, waking a thread costs more than it gains. */
  private static final int PIECE = 128 * Scratch.BLOCK;

  private Parallel() {}

  /** Work on a range of elements, with the scratch memory of the thread that does it. */
  @FunctionalInterface
  interface Range {
    void run(int from, int to, Scratch scratch);
  }

  static void run(int elements, Range range) {
    int pieces = elements / PIECE;
    if (pieces < 2) {
      range.run(0, elements, Scratch.current());
      return;
    }
    Piece[] forked = new Piece[pieces - 1];
    for (int i = 0; i < forked.length; i++) {
      int from = (i + 1) * PIECE;
      forked[i] = new Piece(range, from, i + 2 == pieces ? elements : from + PIECE);
    }
    for (Piece piece : forked) {
      piece.fork();
    }
    range.run(0, PIECE, Scratch.current());
    for (int i = forked.length - 1; i >= 0; i--) {
      forked[i].join();
    }
  }

  private static final class Piece extends RecursiveAction {
    private static final long serialVersionUID = 1L;

    private final transient Range range;
    private final int from;
    private final int to;

    Piece(Range range, int from, int to) {
      this.range = range;
      this.from = from;
      this.to = to;
    }

    @Override
    protected void compute() {
      range.run(from, to, Scratch.current());
    }
  }
}
