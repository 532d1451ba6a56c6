package io.fulgur.tensor;

/**
 * Type of a tensor's elements.
 *
 * @since 0.1
 */
public enum DType {
  /** IEEE 754 single precision. */
  F32(4, true),
  /** IEEE 754 double precision. */
  F64(8, true),
  /** Brain floating point: the upper 16 bits of an {@link #F32}. */
  BF16(2, true),
  /** IEEE 754 half precision. */
  F16(2, true),
  /** Signed 64-bit integer; the type of labels and indices. */
  I64(8, false),
  /** Signed 32-bit integer. */
  I32(4, false),
  /** Unsigned 8-bit integer. */
  U8(1, false),
  /** Truth value, one byte, 0 or 1. */
  BOOL(1, false);

  private final int sizeBytes;
  private final boolean floating;

  DType(int sizeBytes, boolean floating) {
    this.sizeBytes = sizeBytes;
    this.floating = floating;
  }

  /** Returns the bytes that one element takes. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** Returns whether this is a floating-point type, the only ones with gradients. */
  public boolean isFloating() {
    return floating;
  }

  /** Returns whether this is a floating-point type of two bytes. */
  public boolean isSixteenBit() {
    return floating && sizeBytes == 2;
  }

  /** Returns whether this is an integer type ({@link #BOOL} is not). */
  public boolean isInteger() {
    return !floating && this != BOOL;
  }
}
