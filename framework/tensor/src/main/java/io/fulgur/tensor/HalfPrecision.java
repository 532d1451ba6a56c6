package io.fulgur.tensor;

/**
 * Conversions between single precision and the two 16-bit types, rounding half to even.
 *
 * @since 0.1
 */
public final class HalfPrecision {
  private HalfPrecision() {}

  /** Converts from {@link DType#BF16}. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Converts to {@link DType#BF16}. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Converts the first elements of an array from {@link DType#BF16}. */
  public static void bfloat16ToFloat(short[] bits, float[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = Float.intBitsToFloat(bits[i] << 16);
    }
  }

  /**
   * Converts numbers, given by their bits in single precision, to {@link DType#BF16}. Faster than
   * from the numbers themselves, whose bits no vector instruction of the JVM tells.
   *
   * @param bits overwritten
   */
  public static void floatBitsToBfloat16(int[] bits, short[] target, int count) {
    for (int i = 0; i < count; i++) {
      int value = bits[i];
      // All ones where the magnitude is above infinity: NaN.
      int nan = (0x7F800000 - (value & 0x7FFFFFFF)) >> 31;
      int rounded = (value + 0x7FFF + ((value >>> 16) & 1)) >>> 16;
      bits[i] = (rounded & ~nan) | (((value >>> 16) | 0x40) & nan);
    }
    for (int i = 0; i < count; i++) {
      target[i] = (short) bits[i];
    }
  }

  /** Converts the first elements of an array from {@link DType#F16}. */
  public static void float16ToFloat(short[] bits, float[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = float16ToFloat(bits[i]);
    }
  }

  /** Converts elements to the first ones of an array of {@link DType#F16}. */
  public static void floatToFloat16(float[] source, int offset, short[] bits, int count) {
    for (int i = 0; i < count; i++) {
      bits[i] = floatToFloat16(source[offset + i]);
    }
  }

  /** Converts from {@link DType#F16}. */
  public static float float16ToFloat(short half) {
    int bits = half & 0xFFFF;
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1.0p-24f));
    }
    int widened = exponent == 0x1F ? 0xFF : exponent + 112;
    return Float.intBitsToFloat(sign | (widened << 23) | (fraction << 13));
  }

  /** Converts to {@link DType#F16}; what is too large becomes infinite. */
  public static short floatToFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x1.0p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1.0p24f));
    }
    int rounded = (bits & 0x7FFFFFFF) + 0xFFF + ((bits >>> 13) & 1);
    return (short) (sign | ((rounded >>> 13) - (112 << 10)));
  }
}
