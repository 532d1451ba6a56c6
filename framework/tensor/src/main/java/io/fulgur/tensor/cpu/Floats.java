package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.HalfPrecision;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.NormalizationOperators;
import io.fulgur.tensor.functional.PoolingOperators;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row-major view of {@link DType#F32}, {@link DType#BF16} or {@link DType#F16}, read and written
 * as floats. The methods are those of {@link FloatBuffer}.
 *
 * <p>A kernel that moves its blocks by this class computes with numbers of all three types, also of
 * several at once: in single precision, rounding when it writes. That costs no memory and no pass
 * over it, unlike converting whole tensors.
 */
final class Floats {
  private final @Nullable FloatBuffer floats;
  private final IntBuffer bits;
  private final ShortBuffer halves;
  private final boolean brain;
  private final int limit;

  private Floats(View view) {
    limit = (int) view.elements();
    brain = view.dtype() == DType.BF16;
    if (view.dtype() == DType.F32) {
      floats = Memory.floats(view);
      bits = Memory.requireBytes(view).asIntBuffer();
      halves = ShortBuffer.allocate(0);
    } else {
      floats = null;
      bits = IntBuffer.allocate(0);
      halves = Memory.requireBytes(view).asShortBuffer();
    }
  }

  /** Looks at a view. */
  static Floats of(View view) {
    return new Floats(view);
  }

  /** Operators whose kernels move their blocks by this class. */
  private static final Set<Operator> OPERATORS =
      Set.of(
          Operators.CAST,
          Operators.FILL,
          Operators.AFFINE,
          Operators.CLAMP,
          Operators.ABS,
          Operators.SQUARE,
          Operators.SQRT,
          Operators.RECIPROCAL,
          Operators.RELU,
          Operators.ADD,
          Operators.SUB,
          Operators.MUL,
          Operators.DIV,
          Operators.MAXIMUM,
          Operators.MINIMUM,
          Operators.RELU_BACKWARD,
          Operators.TANH_BACKWARD,
          Operators.SIGMOID_BACKWARD,
          Operators.SUM,
          Operators.MEAN,
          Operators.MAX,
          Operators.MIN,
          Operators.SOFTMAX,
          Operators.LOG_SOFTMAX,
          Operators.SOFTMAX_BACKWARD,
          Operators.LOG_SOFTMAX_BACKWARD,
          Operators.DROPOUT,
          Operators.MASKED_SCALE,
          NormalizationOperators.LAYER_NORM,
          NormalizationOperators.LAYER_NORM_BACKWARD,
          PoolingOperators.MAX_POOL,
          PoolingOperators.MAX_POOL_BACKWARD,
          PoolingOperators.AVERAGE_POOL,
          PoolingOperators.AVERAGE_POOL_BACKWARD,
          NormalizationOperators.BATCH_NORM,
          NormalizationOperators.BATCH_NORM_BACKWARD,
          NormalizationOperators.BATCH_NORM_INFERENCE,
          NormalizationOperators.UPDATE_RUNNING_STATISTICS,
          NormalizationOperators.GROUP_NORM,
          NormalizationOperators.GROUP_NORM_BACKWARD,
          NormalizationOperators.RMS_NORM,
          NormalizationOperators.RMS_NORM_BACKWARD);

  /**
   * Returns whether there is a kernel for 16-bit numbers, alone or beside those of single
   * precision.
   */
  static boolean take(OpCall call) {
    Operator operator = call.operator();
    return (OPERATORS.contains(operator) || ActivationKernels.KERNELS.containsKey(operator))
        && areIn(call);
  }

  /** Returns whether all floating-point inputs and outputs of a call are of these types. */
  static boolean areIn(OpCall call) {
    boolean all = true;
    for (int i = 0; i < call.inputs(); i++) {
      all &= fits(call.input(i).dtype());
    }
    for (int i = 0; i < call.outputs(); i++) {
      all &= fits(call.output(i).dtype());
    }
    return all;
  }

  private static boolean fits(DType dtype) {
    return dtype == DType.F32 || dtype.isSixteenBit() || !dtype.isFloating();
  }

  /** Returns the number of elements. */
  int limit() {
    return limit;
  }

  float get(int index) {
    if (floats != null) {
      return floats.get(index);
    }
    short bits = halves.get(index);
    return brain ? HalfPrecision.bfloat16ToFloat(bits) : HalfPrecision.float16ToFloat(bits);
  }

  void put(int index, float value) {
    if (floats != null) {
      floats.put(index, value);
    } else {
      halves.put(
          index,
          brain ? HalfPrecision.floatToBfloat16(value) : HalfPrecision.floatToFloat16(value));
    }
  }

  void get(int index, float[] target) {
    get(index, target, 0, target.length);
  }

  void get(int index, float[] target, int offset, int count) {
    if (floats != null) {
      floats.get(index, target, offset, count);
      return;
    }
    short[] bits = Scratch.current().halves;
    for (int done = 0; done < count; done += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, count - done);
      halves.get(index + done, bits, 0, n);
      if (brain) {
        HalfPrecision.bfloat16ToFloat(bits, target, offset + done, n);
      } else {
        HalfPrecision.float16ToFloat(bits, target, offset + done, n);
      }
    }
  }

  void put(int index, float[] source) {
    put(index, source, 0, source.length);
  }

  void put(int index, float[] source, int offset, int count) {
    if (floats != null) {
      floats.put(index, source, offset, count);
      return;
    }
    Scratch s = Scratch.current();
    short[] bits = s.halves;
    for (int done = 0; done < count; done += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, count - done);
      if (brain) {
        s.asFloats.put(0, source, offset + done, n);
        s.asInts.get(0, s.ints, 0, n);
        HalfPrecision.floatBitsToBfloat16(s.ints, bits, n);
      } else {
        HalfPrecision.floatToFloat16(source, offset + done, bits, n);
      }
      halves.put(index + done, bits, 0, n);
    }
  }

  /** Reads the bits of numbers in single precision. */
  void getBits(int index, int[] target, int count) {
    if (floats != null) {
      bits.get(index, target, 0, count);
      return;
    }
    Scratch s = Scratch.current();
    for (int done = 0; done < count; done += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, count - done);
      get(index + done, s.block, 0, n);
      s.asFloats.put(0, s.block, 0, n);
      s.asInts.get(0, target, done, n);
    }
  }

  /** Writes numbers whose bits in single precision these are. */
  void putBits(int index, int[] source, int count) {
    if (floats != null) {
      bits.put(index, source, 0, count);
      return;
    }
    Scratch s = Scratch.current();
    for (int done = 0; done < count; done += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, count - done);
      s.asInts.put(0, source, done, n);
      s.asFloats.get(0, s.block, 0, n);
      put(index + done, s.block, 0, n);
    }
  }
}
