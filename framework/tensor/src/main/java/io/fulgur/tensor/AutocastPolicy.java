package io.fulgur.tensor;

/**
 * What {@link Autocast} does with the floating-point inputs of an operator. {@link DType#F64} is
 * never converted.
 *
 * @since 0.1
 */
public enum AutocastPolicy {
  /**
   * Inputs get the 16-bit type of the region. For products: they gain the most speed, and their
   * kernels add up in {@link DType#F32}.
   */
  LOWER_PRECISION,

  /** 16-bit inputs get {@link DType#F32}. For what overflows, cancels or adds up many numbers. */
  SINGLE_PRECISION,

  /** Inputs stay what they are; those of functions of several tensors get their widest type. */
  AS_GIVEN
}
