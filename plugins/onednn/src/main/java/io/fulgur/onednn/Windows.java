package io.fulgur.onednn;

import io.fulgur.tensor.functional.WindowGeometry;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** How windows lie, in oneDNN's terms. */
final class Windows {
  private final WindowGeometry window;

  Windows(WindowGeometry window) {
    this.window = window;
  }

  long[] kernel() {
    return each(window::kernel);
  }

  long[] strides() {
    return each(window::stride);
  }

  /** Returns how many elements are left out between two of a window. */
  long[] dilations() {
    return each(axis -> window.dilation(axis) - 1);
  }

  long[] padding() {
    return each(window::padding);
  }

  /** Returns the padding behind the last element, as far as windows reach. */
  long[] paddingAfter() {
    return each(axis -> Math.max(0, window.paddingAfter(axis)));
  }

  private long[] each(IntUnaryOperator value) {
    return IntStream.range(0, window.rank()).map(value).asLongStream().toArray();
  }
}
