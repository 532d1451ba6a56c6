package io.fulgur.precision;

import io.fulgur.tensor.DType;

/**
 * The precisions that come with Fulgur.
 *
 * @since 0.1
 */
public enum Precision {
  /** Parameters, activations and gradients are {@link DType#F32}. */
  F32_TRUE(DType.F32),
  /** Parameters, activations and gradients are {@link DType#F64}. */
  F64_TRUE(DType.F64);

  private final DType dtype;

  Precision(DType dtype) {
    this.dtype = dtype;
  }

  /** Returns what brings this precision about. */
  public PrecisionPlugin plugin() {
    return new TruePrecision(dtype);
  }
}
