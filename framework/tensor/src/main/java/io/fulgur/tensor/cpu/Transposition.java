package io.fulgur.tensor.cpu;

import java.nio.IntBuffer;

/**
 * Copies matrices of 4-byte elements between memory that is dense along the rows in the source and
 * along the columns in the target.
 *
 * <p>How: a tile at a time goes through arrays that fit into the first-level cache: in and out by
 * bulk copies, and from one array to the other by a loop without any checks. Where a tile is as
 * wide as the matrix, its lines are next to each other, and one bulk copy takes them all.
 *
 * @param fromStep how far apart columns lie in the source, in elements
 * @param toStep how far apart rows lie in the target, in elements
 */
record Transposition(IntBuffer source, IntBuffer target, int fromStep, int toStep) {
  /** Elements of a tile along either direction, unless the other has fewer. */
  private static final int SIDE = 32;

  private static final int TILE = SIDE * SIDE;

  /**
   * Copies the columns of some rows.
   *
   * @param from the place of the first element in the source
   * @param to the same in the target
   */
  void copy(int from, int to, int rows, int columns, Scratch s) {
    int height = columns < SIDE ? TILE / Math.max(1, columns) : SIDE;
    int width = rows < SIDE ? TILE / Math.max(1, rows) : SIDE;
    int[] in = s.wideInts(0, TILE);
    int[] out = s.wideInts(1, TILE);
    for (int r = 0; r < rows; r += height) {
      int m = Math.min(height, rows - r);
      for (int c = 0; c < columns; c += width) {
        int n = Math.min(width, columns - c);
        read(from + r + c * fromStep, m, n, in);
        turn(in, out, m, n);
        write(to + c + r * toStep, m, n, out);
      }
    }
  }

  private void read(int at, int rows, int columns, int[] to) {
    if (rows == fromStep) {
      source.get(at, to, 0, rows * columns);
      return;
    }
    for (int c = 0; c < columns; c++) {
      source.get(at + c * fromStep, to, c * rows, rows);
    }
  }

  private static void turn(int[] in, int[] out, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      int at = r * columns;
      for (int c = 0, place = r; c < columns; c++, place += rows) {
        out[at + c] = in[place];
      }
    }
  }

  private void write(int at, int rows, int columns, int[] from) {
    if (columns == toStep) {
      target.put(at, from, 0, rows * columns);
      return;
    }
    for (int r = 0; r < rows; r++) {
      target.put(at + r * toStep, from, r * columns, columns);
    }
  }
}
