package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators.Axes;
import io.fulgur.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums over dimensions next to each other, and over all but one.
 *
 * <p>How: a block holds as many rows as fit. Sums down columns add block to block, as vectors, so
 * that each row of a block has partial sums of its own, and add up the rows of the last at the end.
 * Sums across rows are those of {@link Sums}. Large sums are made in parts, the number of which
 * follows from the sizes alone.
 */
final class ReductionKernels {
  /** Blocks after which sums are set aside, so that rounding errors stay small. */
  private static final int PARTIAL = 256;

  /** Elements of a long row that are added up by one thread. */
  private static final int PART = 64 * Scratch.BLOCK;

  private ReductionKernels() {}

  static @Nullable Kernel sum(OpCall call) {
    return reduce(call, 1);
  }

  static @Nullable Kernel mean(OpCall call) {
    long count = call.input(0).elements() / Math.max(1, call.output(0).elements());
    return count == 0 ? null : reduce(call, 1f / count);
  }

  private static @Nullable Kernel reduce(OpCall call, float scale) {
    Sizes sizes = Sizes.of(call.input(0).shape(), call.attributes(Axes.class));
    if (sizes == null) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    if (sizes.before != 1) {
      return aroundKept(x, y, sizes, scale);
    }
    return sizes.inner == 1
        ? across(x, y, sizes.reduced, scale)
        : down(x, y, sizes.reduced, sizes.inner, scale);
  }

  /**
   * How a tensor is seen: {@code [before, kept, reduced, inner]}, of which {@code before} and
   * {@code reduced} are summed over. One of {@code before} and {@code inner} is 1.
   */
  record Sizes(int before, int kept, int reduced, int inner) {
    static @Nullable Sizes of(Shape shape, Axes axes) {
      int[] runs = new int[4];
      Arrays.fill(runs, 1);
      // Even places are reduced: before; kept; reduced; inner.
      int place = 0;
      for (int i = 0; i < shape.rank(); i++) {
        if (shape.size(i) == 1) {
          continue;
        }
        boolean reduced = axes.contains(i);
        if (reduced != (place % 2 == 0)) {
          place++;
        }
        if (place > 3) {
          return null;
        }
        runs[place] *= (int) shape.size(i);
      }
      if (runs[2] == 1) {
        // Leading dimensions only.
        return new Sizes(1, 1, runs[0], runs[1]);
      }
      return runs[0] != 1 && runs[3] != 1 ? null : new Sizes(runs[0], runs[1], runs[2], runs[3]);
    }
  }

  private static Kernel across(Floats x, Floats y, int width, float scale) {
    if (width >= 2 * PART) {
      return acrossLong(x, y, width, scale);
    }
    int together = RowKernels.together(width);
    Parallel.Range range =
        (from, to, s) -> {
          float[] rows = s.wide(0, together * width);
          for (int r = from; r < to; r += together) {
            int n = Math.min(together, to - r);
            x.get(r * width, rows, 0, n * width);
            for (int i = 0; i < n; i++) {
              s.a[i] = (float) (sum(rows, i * width, width) * scale);
            }
            y.put(r, s.a, 0, n);
          }
        };
    return () -> Parallel.rows(y.limit(), width, range);
  }

  /** Sums blocks, and adds the sums in double precision. */
  private static double sum(float[] x, int from, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += Scratch.BLOCK) {
      sum += Sums.sum(x, from + i, Math.min(Scratch.BLOCK, n - i));
    }
    return sum;
  }

  /** As {@link #across}, each row in parts. */
  private static Kernel acrossLong(Floats x, Floats y, int width, float scale) {
    int parts = width / PART;
    double[] sums = new double[parts];
    return () -> {
      for (int row = 0; row < y.limit(); row++) {
        int start = row * width;
        Parallel.rows(
            parts,
            PART,
            (from, to, s) -> {
              for (int part = from; part < to; part++) {
                int end = part + 1 == parts ? width : (part + 1) * PART;
                double sum = 0;
                for (int i = part * PART; i < end; i += Scratch.BLOCK) {
                  int n = Math.min(Scratch.BLOCK, end - i);
                  x.get(start + i, s.a, 0, n);
                  sum += Sums.sum(s.a, 0, n);
                }
                sums[part] = sum;
              }
            });
        double sum = 0;
        for (double part : sums) {
          sum += part;
        }
        y.put(row, (float) (sum * scale));
      }
    };
  }

  private static Kernel down(Floats x, Floats y, int rows, int width, float scale) {
    int together = Math.min(Math.max(1, rows), RowKernels.together(width));
    int outer = y.limit() / Math.max(1, width);
    Partials partials = new Partials(rows, width, together * width);
    int parts = outer == 1 ? partials.parts() : 1;
    if (parts > 1) {
      Parallel.Range range =
          (from, to, s) -> {
            for (int part = from; part < to; part++) {
              float[] sums = partials.cleared(part);
              addRows(x, partials.first(part), partials.first(part + 1), width, together, sums, s);
            }
          };
      return () -> {
        Parallel.rows(parts, (long) rows * width / parts, range);
        finish(partials.sum(), y, 0, together, width, scale, Scratch.current());
      };
    }
    Parallel.Range range =
        (from, to, s) -> {
          float[] sums = s.wide(0, together * width);
          for (int o = from; o < to; o++) {
            Arrays.fill(sums, 0, together * width, 0f);
            addRows(x, o * rows, (o + 1) * rows, width, together, sums, s);
            finish(sums, y, o * width, together, width, scale, s);
          }
        };
    return () -> Parallel.rows(outer, (long) rows * width, range);
  }

  /** Adds up rows, of which each has its place in a block of so many together. */
  private static void addRows(
      Floats x, int first, int end, int width, int together, float[] sums, Scratch s) {
    int size = together * width;
    float[] block = s.wide(1, size);
    float[] partial = s.wide(2, size);
    int blocks = 0;
    Arrays.fill(partial, 0, size, 0f);
    for (int r = first; r < end; r += together) {
      int n = Math.min(together, end - r) * width;
      x.get(r * width, block, 0, n);
      BinaryKernels.add(partial, block, partial, n);
      if (++blocks % PARTIAL == 0) {
        BinaryKernels.add(sums, partial, sums, size);
        Arrays.fill(partial, 0, size, 0f);
      }
    }
    BinaryKernels.add(sums, partial, sums, size);
  }

  private static void finish(
      float[] sums, Floats y, int at, int rows, int width, float scale, Scratch s) {
    RowKernels.addUp(sums, rows, width, s);
    if (scale != 1) {
      RowKernels.scale(sums, 0, width, scale);
    }
    y.put(at, sums, 0, width);
  }

  /** Sums over what is before and behind a dimension, as of channels of images. */
  private static Kernel aroundKept(Floats x, Floats y, Sizes sizes, float scale) {
    int width = sizes.reduced;
    int kept = sizes.kept;
    int together = Math.min(kept, RowKernels.together(width));
    long work = (long) kept * width;
    int parts = (int) Math.max(1, Math.min(sizes.before, sizes.before * work / PART));
    double[][] sums = new double[parts][kept];
    Parallel.Range range =
        (from, to, s) -> {
          float[] rows = s.wide(0, together * width);
          for (int part = from; part < to; part++) {
            Arrays.fill(sums[part], 0);
            int end = (int) ((part + 1L) * sizes.before / parts);
            for (int b = (int) ((long) part * sizes.before / parts); b < end; b++) {
              for (int k = 0; k < kept; k += together) {
                int n = Math.min(together, kept - k);
                x.get((b * kept + k) * width, rows, 0, n * width);
                for (int i = 0; i < n; i++) {
                  sums[part][k + i] += sum(rows, i * width, width);
                }
              }
            }
          }
        };
    return () -> {
      Parallel.rows(parts, sizes.before * work / parts, range);
      for (int k = 0; k < kept; k++) {
        double sum = 0;
        for (double[] part : sums) {
          sum += part[k];
        }
        y.put(k, (float) (sum * scale));
      }
    };
  }
}
