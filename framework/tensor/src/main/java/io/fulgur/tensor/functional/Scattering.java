package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/** The checked arguments of a scatter: row-major, the source as large as the index. */
record Scattering(Tensor input, int axis, Tensor index, Tensor source) {
  static Scattering of(
      String function, Tensor givenInput, int dim, Tensor index, Tensor givenSource) {
    Tensor input = Autocast.widest(givenInput, givenSource);
    Tensor source = Autocast.widest(givenSource, givenInput);
    Arguments.requireIndex(function, index);
    Arguments.requireOneType(function, input, source);
    int axis = input.shape().axis(dim);
    boolean fits = index.rank() == input.rank() && source.rank() == input.rank();
    for (int i = 0; fits && i < input.rank(); i++) {
      fits = index.size(i) <= source.size(i) && (i == axis || index.size(i) <= input.size(i));
    }
    if (!fits) {
      throw ShapeException.mismatch(
          function,
          "input, index and source must have one rank, and the index be no larger than the source,"
              + " nor than the input but at dimension "
              + axis,
          input.shape(),
          index.shape(),
          source.shape());
    }
    Tensor part = source;
    for (int i = 0; i < input.rank(); i++) {
      part = part.size(i) == index.size(i) ? part : part.slice(i, 0, index.size(i));
    }
    return new Scattering(input.contiguous(), axis, index.contiguous(), part.contiguous());
  }
}
