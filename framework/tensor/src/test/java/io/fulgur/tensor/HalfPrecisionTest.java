package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  @Test
  void everyFloat16_toFloatAndBack_isTheSame() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.float16ToFloat((short) bits);
      short back = HalfPrecision.floatToFloat16(value);
      if (Float.isNaN(value)) {
        assertThat(bits & 0x7FFF).isGreaterThan(0x7C00);
        assertThat(HalfPrecision.float16ToFloat(back)).isNaN();
      } else {
        assertThat(back).isEqualTo((short) bits);
        assertThat((double) value).isEqualTo(float16(bits));
      }
    }
  }

  /** The definition of IEEE 754 binary16. */
  private static double float16(int bits) {
    int exponent = bits >> 10 & 0x1F;
    double fraction = bits & 0x3FF;
    double magnitude =
        exponent == 0x1F
            ? Double.POSITIVE_INFINITY
            : exponent == 0
                ? Math.scalb(fraction, -24)
                : Math.scalb(1024 + fraction, exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void everyBfloat16_toFloatAndBack_isTheSame() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.bfloat16ToFloat((short) bits);
      short back = HalfPrecision.floatToBfloat16(value);
      if (Float.isNaN(value)) {
        assertThat(HalfPrecision.bfloat16ToFloat(back)).isNaN();
      } else {
        assertThat(back).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void halfwayBetweenTwo_roundsToEven() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float low = HalfPrecision.float16ToFloat((short) bits);
      float high = HalfPrecision.float16ToFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;

      assertThat(HalfPrecision.floatToFloat16(middle)).isEqualTo((short) even);
      assertThat(HalfPrecision.floatToFloat16(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(HalfPrecision.floatToFloat16(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(HalfPrecision.floatToFloat16(-middle)).isEqualTo((short) (even | 0x8000));
    }
    for (int bits = 0; bits < 0x7F7F; bits++) {
      float middle = Float.intBitsToFloat(bits << 16 | 0x8000);
      int even = bits % 2 == 0 ? bits : bits + 1;

      assertThat(HalfPrecision.floatToBfloat16(middle)).isEqualTo((short) even);
      assertThat(HalfPrecision.floatToBfloat16(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(HalfPrecision.floatToBfloat16(Math.nextDown(middle))).isEqualTo((short) bits);
    }
  }

  @Test
  void tooLarge_becomesInfinite() {
    assertThat(HalfPrecision.floatToFloat16(65519.996f)).isEqualTo((short) 0x7BFF);
    assertThat(HalfPrecision.floatToFloat16(65520f)).isEqualTo((short) 0x7C00);
    assertThat(HalfPrecision.floatToFloat16(-1e10f)).isEqualTo((short) 0xFC00);
    assertThat(HalfPrecision.floatToBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7F80);
  }

  @Test
  void arrays_areConvertedAsSingleNumbersAre() {
    int count = 1 << 16;
    float[] values = new float[count + 3];
    for (int i = 0; i < count; i++) {
      // All exponents and signs, many fractions, infinities and NaN.
      values[i + 3] = Float.intBitsToFloat(i << 16 | (i * 0x9E3779B1) >>> 16);
    }
    short[] bits = new short[count];
    float[] back = new float[count + 1];

    int[] asInts = new int[count];
    for (int i = 0; i < count; i++) {
      asInts[i] = Float.floatToRawIntBits(values[i + 3]);
    }
    HalfPrecision.floatBitsToBfloat16(asInts, bits, count);
    HalfPrecision.bfloat16ToFloat(bits, back, 1, count);
    for (int i = 0; i < count; i++) {
      assertThat(bits[i]).isEqualTo(HalfPrecision.floatToBfloat16(values[i + 3]));
      assertThat(Float.floatToIntBits(back[i + 1]))
          .isEqualTo(Float.floatToIntBits(HalfPrecision.bfloat16ToFloat(bits[i])));
    }
    HalfPrecision.floatToFloat16(values, 3, bits, count);
    HalfPrecision.float16ToFloat(bits, back, 1, count);
    for (int i = 0; i < count; i++) {
      assertThat(bits[i]).isEqualTo(HalfPrecision.floatToFloat16(values[i + 3]));
      assertThat(Float.floatToIntBits(back[i + 1]))
          .isEqualTo(Float.floatToIntBits(HalfPrecision.float16ToFloat(bits[i])));
    }
  }

  @Test
  void cast_ofTensors_roundsAsTheConversionDoes() {
    float[] values = new float[1 << 14];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(i * 0x9E3779B1);
      values[i] = Math.abs(values[i]) < 6e4f ? values[i] : i * 0.37f;
    }
    Tensor x = Tensor.of(values, values.length);

    float[] bf16 = x.to(DType.BF16).toFloatArray();
    float[] f16 = x.to(DType.F16).toFloatArray();

    for (int i = 0; i < values.length; i++) {
      assertThat(bf16[i])
          .isEqualTo(HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(values[i])));
      assertThat(f16[i])
          .isEqualTo(HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(values[i])));
    }
  }
}
