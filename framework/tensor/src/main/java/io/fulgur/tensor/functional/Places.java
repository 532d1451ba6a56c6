package io.fulgur.tensor.functional;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * What indices of the first dimensions of a tensor mean once those are joined into one.
 *
 * @param rows the tensor's shape with the indexed dimensions joined
 * @param linear the indices of the joined dimension, a vector
 * @param result the shape of what is picked
 */
record Places(Shape rows, Tensor linear, Shape result) {
  static Places of(String function, Tensor input, Tensor[] indices) {
    if (indices.length == 0 || indices.length > input.rank()) {
      throw ShapeException.mismatch(
          function,
          "needs from 1 to " + input.rank() + " indices, but got " + indices.length,
          input.shape());
    }
    Shape common = Shape.SCALAR;
    for (Tensor index : indices) {
      Arguments.requireIndex(function, index);
      common = Shape.broadcast(function, common, index.shape());
    }
    long joined = 1;
    long[] linear = new long[Math.toIntExact(common.elements())];
    for (int d = 0; d < indices.length; d++) {
      long size = input.size(d);
      long[] values = indices[d].expand(common.toArray()).toLongArray();
      for (int i = 0; i < linear.length; i++) {
        if (values[i] < 0 || values[i] >= size) {
          throw IndexException.of(function, values[i], size);
        }
        linear[i] = linear[i] * size + values[i];
      }
      joined *= size;
    }
    long[] sizes = input.shape().toArray();
    int rest = sizes.length - indices.length;
    long[] rows = new long[1 + rest];
    long[] result = new long[common.rank() + rest];
    rows[0] = joined;
    System.arraycopy(sizes, indices.length, rows, 1, rest);
    System.arraycopy(common.toArray(), 0, result, 0, common.rank());
    System.arraycopy(sizes, indices.length, result, common.rank(), rest);
    return new Places(Shape.of(rows), Tensor.of(linear, linear.length), Shape.of(result));
  }
}
