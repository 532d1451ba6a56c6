package io.fulgur.tensor.cpu;

import io.fulgur.tensor.functional.WindowGeometry;
import java.util.Arrays;

/**
 * What the windows over a plane see, an element of the windows ("tap") at a time: for each tap a
 * plane of as many numbers as there are windows. All rows of windows that a tap sees inside of the
 * input are stretches of memory, which are copied, added or multiplied as vectors.
 */
final class Taps {
  private static final int RANK = 3;

  /** Elements of a plane of the input and of the output, and of a window. */
  final int inputs;

  final int outputs;
  final int count;

  private final PoolWindows windows;
  private final int columnStep;

  /** For each dimension and element of the kernel: the windows in which it is inside. */
  private final int[][] firsts = new int[RANK][];

  private final int[][] ends = new int[RANK][];

  Taps(WindowGeometry geometry) {
    windows = new PoolWindows(geometry);
    inputs = windows.inputElements;
    outputs = windows.outputElements;
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
  }

  /** Does something with a stretch of a row of windows and what a tap sees there. */
  @FunctionalInterface
  private interface Stretch {
    void apply(int output, int input, int n);
  }

  private void forEach(int tap, Stretch function) {
    int[] kernel = windows.kernel;
    int kd = tap / (kernel[1] * kernel[2]);
    int kh = tap / kernel[2] % kernel[1];
    int kw = tap % kernel[2];
    int first = firsts[2][kw];
    int n = ends[2][kw] - first;
    if (n <= 0) {
      return;
    }
    int offset =
        kd * windows.kernelSteps[0]
            + kh * windows.kernelSteps[1]
            + kw * windows.kernelSteps[2]
            + windows.starts[2][first];
    for (int d = firsts[0][kd]; d < ends[0][kd]; d++) {
      for (int h = firsts[1][kh]; h < ends[1][kh]; h++) {
        int row = (d * windows.outputs[1] + h) * windows.outputs[2];
        function.apply(row + first, windows.starts[0][d] + windows.starts[1][h] + offset, n);
      }
    }
  }

  /** Writes what a tap sees of the plane at {@code from}, zeros in the padding. */
  void see(int tap, float[] x, int from, float[] seen) {
    Arrays.fill(seen, 0, outputs, 0);
    forEach(
        tap,
        (output, input, n) -> {
          if (columnStep == 1) {
            System.arraycopy(x, from + input, seen, output, n);
          } else {
            pick(x, from + input, columnStep, seen, output, n);
          }
        });
  }

  private static void pick(float[] x, int from, int step, float[] seen, int at, int n) {
    for (int i = 0; i < n; i++) {
      seen[at + i] = x[from + i * step];
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
