package io.fulgur.tensor.cpu;

import io.fulgur.tensor.functional.WindowGeometry;
import java.util.Arrays;

/**
 * What the windows over a plane see, an element of the windows ("tap") at a time: for each tap a
 * plane of as many numbers as there are windows. All rows of windows that a tap sees inside of the
 * input are stretches of memory, which are copied, added or multiplied as vectors.
 *
 * <p>Of channels-last images, what is said of an element holds of a pixel with all its channels.
 */
final class Taps {
  private static final int RANK = 3;

  /** Elements of a plane of the input and of the output, and of a window. */
  final int inputs;

  final int outputs;
  final int count;

  private final PoolWindows windows;
  private final int columnStep;

  /** Numbers in an element. */
  private final int unit;

  /** For each tap: pairs of the first window of a row and what the tap sees there. */
  private final int[][] stretches;

  /** For each tap: windows in a row. */
  private final int[] lengths;

  /** For each dimension and element of the kernel: the windows in which it is inside. */
  private final int[][] firsts = new int[RANK][];

  private final int[][] ends = new int[RANK][];

  Taps(WindowGeometry geometry) {
    this(geometry, 1);
  }

  /**
   * @param unit numbers in an element
   */
  Taps(WindowGeometry geometry, int unit) {
    this.unit = unit;
    windows = new PoolWindows(geometry);
    inputs = windows.inputElements * unit;
    outputs = windows.outputElements * unit;
    count = geometry.kernelElements();
    columnStep = geometry.stride(geometry.rank() - 1);
    for (int axis = 0; axis < RANK; axis++) {
      int kernel = windows.kernel[axis];
      firsts[axis] = new int[kernel];
      ends[axis] = new int[kernel];
      for (int k = 0; k < kernel; k++) {
        int first = 0;
        int end = windows.outputs[axis];
        while (first < end && k < windows.firsts[axis][first]) {
          first++;
        }
        while (end > first && k >= windows.ends[axis][end - 1]) {
          end--;
        }
        firsts[axis][k] = first;
        ends[axis][k] = end;
      }
    }
    lengths = new int[count];
    stretches = new int[count][];
    Arrays.setAll(stretches, this::stretches);
  }

  /** Does something with a stretch of a row of windows and what a tap sees there. */
  @FunctionalInterface
  private interface Stretch {
    void apply(int output, int input, int n);
  }

  private void forEach(int tap, Stretch function) {
    int[] places = stretches[tap];
    for (int i = 0; i < places.length; i += 2) {
      function.apply(places[i], places[i + 1], lengths[tap]);
    }
  }

  private int[] stretches(int tap) {
    int[] kernel = windows.kernel;
    int kd = tap / (kernel[1] * kernel[2]);
    int kh = tap / kernel[2] % kernel[1];
    int kw = tap % kernel[2];
    int first = firsts[2][kw];
    int n = Math.max(0, ends[2][kw] - first);
    lengths[tap] = n;
    if (n == 0) {
      return new int[0];
    }
    int offset =
        kd * windows.kernelSteps[0]
            + kh * windows.kernelSteps[1]
            + kw * windows.kernelSteps[2]
            + windows.starts[2][first];
    int rows = Math.max(0, ends[0][kd] - firsts[0][kd]) * Math.max(0, ends[1][kh] - firsts[1][kh]);
    int[] places = new int[2 * rows];
    int at = 0;
    for (int d = firsts[0][kd]; d < ends[0][kd]; d++) {
      for (int h = firsts[1][kh]; h < ends[1][kh]; h++) {
        places[at++] = (d * windows.outputs[1] + h) * windows.outputs[2] + first;
        places[at++] = windows.starts[0][d] + windows.starts[1][h] + offset;
      }
    }
    return places;
  }

  /** Returns whether a tap is inside of the input in every window. */
  private boolean isInsideAlways(int tap) {
    return stretches[tap].length / 2 * lengths[tap] == windows.outputElements;
  }

  /** Writes what a tap sees of the plane at {@code from}, zeros in the padding. */
  void see(int tap, float[] x, int from, float[] seen) {
    if (!isInsideAlways(tap)) {
      Arrays.fill(seen, 0, outputs, 0);
    }
    int[] places = stretches[tap];
    int n = lengths[tap];
    for (int i = 0; i < places.length; i += 2) {
      int to = places[i] * unit;
      int at = from + places[i + 1] * unit;
      if (columnStep == 1) {
        System.arraycopy(x, at, seen, to, n * unit);
      } else if (unit == 1) {
        pick(x, at, columnStep, seen, to, n);
      } else {
        for (int k = 0; k < n; k++) {
          System.arraycopy(x, at + k * columnStep * unit, seen, to + k * unit, unit);
        }
      }
    }
  }

  /** As {@link #see(int, float[], int, float[])} of a plane of bits. */
  void see(int tap, int[] x, int[] seen, int padding) {
    if (!isInsideAlways(tap)) {
      Arrays.fill(seen, 0, outputs, padding);
    }
    int[] places = stretches[tap];
    int n = lengths[tap];
    for (int i = 0; i < places.length; i += 2) {
      int to = places[i] * unit;
      int at = places[i + 1] * unit;
      if (columnStep == 1) {
        System.arraycopy(x, at, seen, to, n * unit);
      } else if (unit == 1) {
        pick(x, at, columnStep, seen, to, n);
      } else {
        for (int k = 0; k < n; k++) {
          System.arraycopy(x, at + k * columnStep * unit, seen, to + k * unit, unit);
        }
      }
    }
  }

  private static void pick(float[] x, int from, int step, float[] seen, int at, int n) {
    for (int i = 0; i < n; i++) {
      seen[at + i] = x[from + i * step];
    }
  }

  private static void pick(int[] x, int from, int step, int[] seen, int at, int n) {
    for (int i = 0; i < n; i++) {
      seen[at + i] = x[from + i * step];
    }
  }

  /** Adds to a plane where a tap sees it. */
  void add(int tap, float[] values, float[] x) {
    int[] places = stretches[tap];
    int n = lengths[tap];
    for (int i = 0; i < places.length; i += 2) {
      int from = places[i] * unit;
      int to = places[i + 1] * unit;
      if (columnStep == 1) {
        addScaled(values, from, 1, x, to, n * unit);
      } else if (unit == 1) {
        scatter(values, from, 1, x, to, columnStep, n);
      } else {
        for (int k = 0; k < n; k++) {
          addScaled(values, from + k * unit, 1, x, to + k * columnStep * unit, unit);
        }
      }
    }
  }

  /** Adds to the plane at {@code to} where a tap sees it. */
  void give(int tap, float[] values, float factor, float[] x, int to) {
    forEach(
        tap,
        (output, input, n) -> {
          if (columnStep == 1) {
            addScaled(values, output, factor, x, to + input, n);
          } else {
            scatter(values, output, factor, x, to + input, columnStep, n);
          }
        });
  }

  private static void addScaled(float[] x, int from, float factor, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += factor * x[from + i];
    }
  }

  private static void scatter(
      float[] x, int from, float factor, float[] y, int to, int step, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i * step] += factor * x[from + i];
    }
  }

  /** Adds what a tap sees of a plane, times a factor. */
  void take(int tap, float[] x, float factor, float[] sums) {
    forEach(
        tap,
        (output, input, n) -> {
          if (columnStep == 1) {
            addScaled(x, input, factor, sums, output, n);
          } else {
            gather(x, input, columnStep, factor, sums, output, n);
          }
        });
  }

  private static void gather(
      float[] x, int from, int step, float factor, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += factor * x[from + i * step];
    }
  }
}
