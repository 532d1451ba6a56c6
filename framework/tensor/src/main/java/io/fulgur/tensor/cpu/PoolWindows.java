package io.fulgur.tensor.cpu;

import io.fulgur.tensor.functional.WindowGeometry;

/**
 * What the windows over a plane of up to three spatial dimensions see, as tables. Fewer dimensions
 * are filled up with leading ones.
 */
final class PoolWindows {
  private static final int RANK = 3;

  /** Elements of a plane of the input and of the output. */
  final int inputElements;

  final int outputElements;

  /** For each dimension: sizes, and the distance of neighbours in memory. */
  final int[] outputs = {1, 1, 1};

  final int[] kernel = {1, 1, 1};
  private final int[] inputs = {1, 1, 1};

  /** For each dimension, what one step of the kernel means in memory. */
  final int[] kernelSteps = new int[RANK];

  /** For each dimension and window: where it begins in memory, and which elements are inside. */
  final int[][] starts = new int[RANK][];

  final int[][] firsts = new int[RANK][];
  final int[][] ends = new int[RANK][];

  PoolWindows(WindowGeometry window) {
    int missing = RANK - window.rank();
    inputElements = window.inputElements();
    outputElements = window.outputElements();
    int step = 1;
    for (int axis = RANK - 1; axis >= 0; axis--) {
      int from = axis - missing;
      if (from < 0) {
        starts[axis] = new int[1];
        firsts[axis] = new int[1];
        ends[axis] = new int[] {1};
        continue;
      }
      inputs[axis] = window.input(from);
      outputs[axis] = window.output(from);
      kernel[axis] = window.kernel(from);
      kernelSteps[axis] = step * window.dilation(from);
      starts[axis] = new int[outputs[axis]];
      firsts[axis] = new int[outputs[axis]];
      ends[axis] = new int[outputs[axis]];
      for (int o = 0; o < outputs[axis]; o++) {
        starts[axis][o] = step * window.start(from, o);
        firsts[axis][o] = window.firstInside(from, o);
        ends[axis][o] = window.endInside(from, o);
      }
      step *= inputs[axis];
    }
  }

  /** Returns, for each element of a window, how far it is from the window's start in memory. */
  int[] offsets() {
    int[] offsets = new int[kernel[0] * kernel[1] * kernel[2]];
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] =
          k / (kernel[1] * kernel[2]) * kernelSteps[0]
              + k / kernel[2] % kernel[1] * kernelSteps[1]
              + k % kernel[2] * kernelSteps[2];
    }
    return offsets;
  }
}
