package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;

/**
 * The rows of a row-major view along one dimension.
 *
 * @param count how many rows
 * @param size elements in a row
 * @param step distance of neighbours in a row: the product of the sizes after the dimension
 */
record AxisRows(int count, int size, int step) {
  static AxisRows of(View view, int axis) {
    Shape shape = view.shape();
    int step = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      step *= (int) shape.size(i);
    }
    int size = (int) shape.size(axis);
    return new AxisRows(size == 0 ? 0 : (int) (shape.elements() / size), size, step);
  }

  /** Returns the place of a row's first element. */
  int start(int row) {
    return row / step * step * size + row % step;
  }
}
