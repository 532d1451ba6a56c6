package io.fulgur.tensor;

/**
 * The order in which the elements of a dense tensor lie in memory, as {@code torch.memory_format}.
 * It changes neither shape nor values, only what is fast.
 *
 * @since 0.1
 */
public enum MemoryFormat {
  /** The last dimension varies fastest. */
  ROW_MAJOR,

  /**
   * Of {@code [batch, channels, spatial...]} the channels vary fastest, then the spatial dimensions
   * from the last: in memory it is {@code [batch, spatial..., channels]} row-major. Convolutions,
   * pooling and normalisation by channel find the numbers that they need next to each other so.
   */
  CHANNELS_LAST;

  /** Fewest and most dimensions that have channels and space. */
  private static final int LEAST_RANK = 3;

  private static final int MOST_RANK = 5;

  /** Returns whether a tensor of so many dimensions can have this format. */
  private boolean fits(int rank) {
    return this == ROW_MAJOR || (rank >= LEAST_RANK && rank <= MOST_RANK);
  }

  /** Throws {@link ShapeException} if no tensor of this shape can have this format. */
  void check(Shape shape) {
    if (!fits(shape.rank())) {
      throw ShapeException.invalid(
          "Channels-last is for [batch, channels, spatial...] of 3 to 5 dimensions, but got "
              + shape);
    }
  }

  /** Returns the strides of a dense tensor. */
  long[] strides(Shape shape) {
    if (this == ROW_MAJOR) {
      return shape.contiguousStrides();
    }
    check(shape);
    int rank = shape.rank();
    long[] strides = new long[rank];
    strides[1] = 1;
    long step = Math.max(1, shape.size(1));
    for (int i = rank - 1; i > 1; i--) {
      strides[i] = step;
      step *= Math.max(1, shape.size(i));
    }
    strides[0] = step;
    return strides;
  }

  /** Returns whether a tensor of this shape and these strides lies in this format. */
  boolean describes(Shape shape, long[] strides) {
    if (!fits(strides.length)) {
      return false;
    }
    long[] expected = strides(shape);
    for (int i = 0; i < strides.length; i++) {
      if (shape.size(i) != 1 && strides[i] != expected[i]) {
        return shape.elements() == 0;
      }
    }
    return true;
  }
}
