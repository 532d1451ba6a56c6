package io.fulgur.tensor.functional;

import io.fulgur.tensor.Tensor;

/**
 * Elements picked along a dimension, and where they were.
 *
 * @param values the elements; gradients flow through them
 * @param indices their places along the dimension, of {@link io.fulgur.tensor.DType#I64}
 * @since 0.1
 */
public record ValuesAndIndices(Tensor values, Tensor indices) {}
