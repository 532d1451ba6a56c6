package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Adafactor's step of matrices, of whose second moment the means of rows and columns are kept.
 *
 * <p>One matrix is shared by rows, each piece of them with sums of columns of its own; of several,
 * as in the kernel of a convolution, each is one thread's.
 */
final class FactoredAdafactor extends AdafactorKernel {
  private final FloatBuffer rows;
  private final FloatBuffer columns;
  private final int matrices;
  private final int height;
  private final int width;

  /** The mean of squares of each row, and then one over the root of its factor. */
  private final float[] rowFactors;

  private final float[] columnFactors;

  /** Sums of columns of each matrix, or of each piece of the only one. */
  private final float[][] sums;

  FactoredAdafactor(OpCall call, boolean hasMomentum) {
    super(call, hasMomentum);
    Shape shape = call.output(0).shape();
    height = (int) shape.size(-2);
    width = (int) shape.size(-1);
    rows = Memory.floats(call.output(1));
    columns = Memory.floats(call.output(2));
    matrices = rows.limit() / height;
    rowFactors = new float[rows.limit()];
    columnFactors = new float[columns.limit()];
    sums = new float[matrices == 1 ? Parallel.pieces(height, width) : matrices][width];
  }

  @Override
  void average() {
    for (float[] sum : sums) {
      Arrays.fill(sum, 0);
    }
    if (matrices == 1) {
      Parallel.rows(
          height,
          width,
          (from, to, s) -> {
            for (int row = from; row < to; row++) {
              addRow(row, sums[Parallel.piece(from, width)], s);
            }
          });
      for (int piece = 1; piece < sums.length; piece++) {
        add(sums[piece], sums[0]);
      }
    } else {
      Parallel.rows(
          matrices,
          (long) height * width,
          (from, to, s) -> {
            for (int row = from * height; row < to * height; row++) {
              addRow(row, sums[row / height], s);
            }
          });
    }
    double keep = call.scalar(3);
    for (int matrix = 0; matrix < matrices; matrix++) {
      averageRows(matrix, keep);
      averageColumns(matrix, keep);
    }
  }

  private void addRow(int row, float[] columnSums, Scratch s) {
    float epsilon = (float) call.scalar(4);
    double sum = 0;
    for (int column = 0; column < width; column += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, width - column);
      read(row * width + column, s.b, s.a, n);
      addSquares(s.b, columnSums, column, epsilon, n);
      sum += SquareSums.fold(s.b, n);
    }
    rowFactors[row] = (float) (sum / width);
  }

  private static void addSquares(float[] g, float[] sums, int at, float epsilon, int n) {
    for (int i = 0; i < n; i++) {
      float square = g[i] * g[i] + epsilon;
      g[i] = square;
      sums[at + i] += square;
    }
  }

  private static void add(float[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  private void averageRows(int matrix, double keep) {
    int start = matrix * height;
    double total = 0;
    for (int i = start; i < start + height; i++) {
      float mean = (float) (keep * rows.get(i) + (1 - keep) * rowFactors[i]);
      rows.put(i, mean);
      rowFactors[i] = mean;
      total += mean;
    }
    double mean = total / height;
    for (int i = start; i < start + height; i++) {
      rowFactors[i] = (float) Math.sqrt(mean / rowFactors[i]);
    }
  }

  private void averageColumns(int matrix, double keep) {
    int start = matrix * width;
    for (int i = 0; i < width; i++) {
      float mean = (float) (keep * columns.get(start + i) + (1 - keep) * sums[matrix][i] / height);
      columns.put(start + i, mean);
      columnFactors[start + i] = (float) (1 / Math.sqrt(mean));
    }
  }

  @Override
  void normalize(int at, float[] g, float[] scratch, int n) {
    int i = 0;
    while (i < n) {
      int row = (at + i) / width;
      int column = (at + i) % width;
      int length = Math.min(width - column, n - i);
      scale(g, i, rowFactors[row], columnFactors, row / height * width + column, length);
      i += length;
    }
  }

  private static void scale(float[] g, int at, float row, float[] columns, int from, int n) {
    for (int i = 0; i < n; i++) {
      g[at + i] *= row * columns[from + i];
    }
  }
}
