package io.fulgur.tensor.functional;

import io.fulgur.tensor.MemoryFormat;

/**
 * Attributes of the operators of a pooling.
 *
 * @param window the geometry
 * @param countPadding whether averages count the padding, though not what a window reaches beyond
 *     it
 * @param format how inputs and outputs lie
 * @since 0.1
 */
public record PoolingAttributes(WindowGeometry window, boolean countPadding, MemoryFormat format) {
  PoolingAttributes rowMajor() {
    return new PoolingAttributes(window, countPadding, MemoryFormat.ROW_MAJOR);
  }

  /** Returns what the sum of a window is divided by along a spatial dimension. */
  public int divisor(int axis, int output) {
    if (!countPadding) {
      return window.endInside(axis, output) - window.firstInside(axis, output);
    }
    int start = window.start(axis, output);
    return Math.min(start + window.kernel(axis), window.input(axis) + window.padding(axis)) - start;
  }
}
