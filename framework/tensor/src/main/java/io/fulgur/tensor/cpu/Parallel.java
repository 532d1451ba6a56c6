package io.fulgur.tensor.cpu;

import io.fulgur.tensor.ThreadPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RecursiveAction;

/**
 * Shares long work with the threads of OpenMP, or where there is no such team, or it is at work
 * already, with those of the common pool.
 *
 * <p>Each piece is computed by the same code whoever does it, so results do not depend on the
 * sharing. In the common pool the pieces are forked and joined last in, first out: one that no
 * other thread has begun is run by the caller itself.
 */
final class Parallel {
  /** A whole number of blocks; below two pieces, waking a thread costs more than it gains. */
  private static final int PIECE = 128 * Scratch.BLOCK;

  /** A piece of work that takes several times as long for an element as an addition. */
  static final int SLOW_PIECE = 32 * Scratch.BLOCK;

  /** Multiply-adds in a product in the time of an element of an element-wise function. */
  static final int MULTIPLY_ADDS = 16;

  private Parallel() {}

  /** Work on a range of elements, with the scratch memory of the thread that does it. */
  @FunctionalInterface
  interface Range {
    void run(int from, int to, Scratch scratch);
  }

  /** Runs work on single elements. */
  static void run(int elements, Range range) {
    inPieces(elements, PIECE, range);
  }

  /**
   * Runs work on pieces of {@code size} elements or somewhat more.
   *
   * @param size a whole number of blocks
   */
  static void run(int elements, int size, Range range) {
    inPieces(elements, size, range);
  }

  /** Returns how many threads share the work at most. */
  static int threads() {
    // Not the common pool's: where a pinned thread was the first to ask, it knows of one core.
    return ThreadPolicy.current().threads();
  }

  private static int rowsInProduct(int rows, long multiplyAdds) {
    boolean small = rows * multiplyAdds < 2L * PIECE * MULTIPLY_ADDS;
    return small ? rows : Math.max(1, (rows + threads() - 1) / threads());
  }

  /**
   * Shares work on rows.
   *
   * @param width the work on a row, in the time that an element-wise function takes an element
   */
  static void rows(int rows, long width, Range range) {
    inPieces(rows, (int) Math.min(rows, rowsInPiece(width)), range);
  }

  /** A part of some work that is divided when it is prepared. */
  @FunctionalInterface
  interface Share {
    void run(Scratch scratch);
  }

  /** Makes a part of some work on rows. */
  @FunctionalInterface
  interface Division {
    Share share(int from, int to);
  }

  /**
   * Divides matrix products among the threads.
   *
   * @param multiplyAdds of a row
   */
  static List<Share> divide(int rows, long multiplyAdds, Division division) {
    return divide(rows, rowsInProduct(rows, multiplyAdds), division);
  }

  /** Divides work on rows among the threads, so many rows for each and some more for the last. */
  static List<Share> divide(int rows, int size, Division division) {
    int pieces = Math.max(1, size == 0 ? 0 : rows / size);
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pieces; i++) {
      shares.add(division.share(i * size, i + 1 == pieces ? rows : (i + 1) * size));
    }
    return shares;
  }

  /** Runs all parts of some work. */
  static void run(List<Share> shares) {
    inPieces(
        shares.size(),
        1,
        (from, to, scratch) -> {
          for (int i = from; i < to; i++) {
            shares.get(i).run(scratch);
          }
        });
  }

  private static void inPieces(int count, int size, Range range) {
    int pieces = size == 0 ? 0 : count / size;
    if (pieces < 2) {
      range.run(0, count, Scratch.current());
      return;
    }
    OpenMpTeam.Piece work =
        piece ->
            range.run(
                piece * size, piece + 1 == pieces ? count : (piece + 1) * size, Scratch.current());
    if (threads() < 2) {
      // In the same pieces, on which the order of sums depends.
      for (int piece = 0; piece < pieces; piece++) {
        work.run(piece);
      }
      return;
    }
    OpenMpTeam team = OpenMpTeam.idle();
    if (team != null) {
      team.run(pieces, work);
      return;
    }
    Piece[] forked = new Piece[pieces - 1];
    for (int i = 0; i < forked.length; i++) {
      int from = (i + 1) * size;
      forked[i] = new Piece(range, from, i + 2 == pieces ? count : from + size);
    }
    for (Piece piece : forked) {
      piece.fork();
    }
    range.run(0, size, Scratch.current());
    for (int i = forked.length - 1; i >= 0; i--) {
      forked[i].join();
    }
  }

  /** Returns in how many pieces {@link #rows} shares work, whatever the number of threads. */
  static int pieces(int rows, long width) {
    return (int) Math.max(1, rows / rowsInPiece(width));
  }

  /** Returns the number of the piece that begins at a row, for what each piece keeps apart. */
  static int piece(int from, long width) {
    return (int) (from / rowsInPiece(width));
  }

  private static long rowsInPiece(long width) {
    return (PIECE + width - 1) / Math.max(1, width);
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
