package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.EmbeddingOperators;
import io.fulgur.tensor.functional.EmbeddingOperators.Table;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * The gradient of an embedding.
 *
 * <p>How: places are put in the order of their indices by counting, so that each row's sum is made
 * in the cache, in the order of its places, and written once. Threads share the rows; no two of
 * them add to the same one, and the result does not depend on how many there are.
 */
final class EmbeddingKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(entry(EmbeddingOperators.EMBEDDING_BACKWARD, EmbeddingKernels::backward));

  private EmbeddingKernels() {}

  private static Kernel backward(OpCall call) {
    Table table = call.attributes(Table.class);
    FloatBuffer grad = Memory.floats(call.input(0));
    LongBuffer index = Memory.longs(call.input(1));
    FloatBuffer out = Memory.floats(call.output(0));
    int rows = (int) table.rows();
    int width = (int) call.output(0).shape().size(1);
    int n = index.limit();
    int[] starts = new int[rows + 1];
    int[] places = new int[n];
    Parallel.Range range =
        (from, to, s) -> {
          float[] sum = s.wide(0, width);
          float[] row = s.wide(1, width);
          for (int r = from; r < to; r++) {
            Arrays.fill(sum, 0, width, 0f);
            if (r != table.paddingIndex()) {
              for (int i = starts[r]; i < starts[r + 1]; i++) {
                grad.get(places[i] * width, row, 0, width);
                add(sum, row, width);
              }
            }
            out.put(r * width, sum, 0, width);
          }
        };
    long work = (long) width * (1 + n / Math.max(1, rows));
    return () -> {
      sort(index, starts, places);
      Parallel.rows(rows, work, range);
    };
  }

  private static void add(float[] sum, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += x[i];
    }
  }

  /** Puts the places of row r at {@code places[starts[r]]} up to that of the next. */
  private static void sort(LongBuffer index, int[] starts, int[] places) {
    int rows = starts.length - 1;
    Arrays.fill(starts, 0);
    for (int i = 0; i < places.length; i++) {
      long r = index.get(i);
      if (r < 0 || r >= rows) {
        throw IndexException.of("embedding", r, rows);
      }
      starts[(int) r + 1]++;
    }
    for (int r = 0; r < rows; r++) {
      starts[r + 1] += starts[r];
    }
    // Each start moves on to that of the next row while its places are filled in, from behind so
    // that it ends where it began.
    for (int i = places.length - 1; i >= 0; i--) {
      int r = (int) index.get(i);
      places[--starts[r + 1]] = i;
    }
    System.arraycopy(starts, 1, starts, 0, rows);
    starts[rows] = places.length;
  }
}
