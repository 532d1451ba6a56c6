package io.fulgur.callback.prediction;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.function.IntFunction;

/** The numbers of a tensor in Java memory, in the shape of one sample. */
final class OutputValues {
  private final IntFunction<Object> values;
  private final long[] shape;
  private final int perRow;

  private OutputValues(IntFunction<Object> values, long[] shape, int perRow) {
    this.values = values;
    this.shape = shape;
    this.perRow = perRow;
  }

  static OutputValues of(Tensor tensor) {
    Shape all = tensor.shape();
    long[] sizes = new long[all.rank() - 1];
    int perRow = 1;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = all.size(i + 1);
      perRow = Math.toIntExact(perRow * sizes[i]);
    }
    return new OutputValues(reader(tensor), sizes, perRow);
  }

  private static IntFunction<Object> reader(Tensor tensor) {
    if (tensor.dtype() == DType.F64) {
      double[] doubles = tensor.toDoubleArray();
      return i -> doubles[i];
    }
    if (tensor.dtype().isFloating()) {
      float[] floats = tensor.toFloatArray();
      return i -> floats[i];
    }
    long[] longs = tensor.toLongArray();
    return tensor.dtype() == DType.BOOL ? i -> longs[i] != 0 : i -> longs[i];
  }

  /** Returns the shape of one sample's part. */
  long[] shape() {
    return shape;
  }

  /** Returns how many numbers a sample has. */
  int perRow() {
    return perRow;
  }

  /** Returns a {@link Float}, {@link Double}, {@link Long} or {@link Boolean}. */
  Object get(int row, int index) {
    return values.apply(row * perRow + index);
  }
}
