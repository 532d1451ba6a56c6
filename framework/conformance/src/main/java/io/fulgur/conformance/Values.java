package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a reference, in row-major order.
 *
 * @param dtype null for any floating-point type
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Values(@Nullable DType dtype, long[] shape, double[] numbers) {

  boolean isFloating() {
    return dtype == null;
  }

  boolean isEmpty() {
    return numbers.length == 0;
  }

  boolean hasSizeOne() {
    return Arrays.stream(shape).anyMatch(size -> size == 1);
  }

  /**
   * Returns these numbers as a tensor.
   *
   * @param type stands for "any" floating-point type; if {@link DType#I32}, for integers
   */
  Tensor tensor(DType type) {
    DType target = dtype == null || (dtype == DType.I64 && type == DType.I32) ? type : dtype;
    return switch (target) {
      case F64 -> Tensor.of(numbers, shape);
      case I64 -> Tensor.of(Arrays.stream(numbers).mapToLong(x -> (long) x).toArray(), shape);
      case I32 -> Tensor.of(Arrays.stream(numbers).mapToInt(x -> (int) x).toArray(), shape);
      case BOOL -> booleans();
      case F32 -> floats();
      case BF16, F16 -> floats().to(target);
      case U8 -> throw new IllegalArgumentException("No reference is of U8");
    };
  }

  private Tensor floats() {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return Tensor.of(floats, shape);
  }

  private Tensor booleans() {
    boolean[] booleans = new boolean[numbers.length];
    for (int i = 0; i < booleans.length; i++) {
      booleans[i] = numbers[i] != 0;
    }
    return Tensor.of(booleans, shape);
  }
}
