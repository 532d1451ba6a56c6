package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.HalfPrecision;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Picking and scattering along one dimension, for any type. Every tensor is seen as {@code [outer,
 * size, inner]} around that dimension.
 */
final class IndexKernels {
  private IndexKernels() {}

  /** A view seen around one dimension. */
  record Around(int outer, int size, int inner) {
    static Around of(View view, int axis) {
      Shape shape = view.shape();
      int outer = 1;
      int inner = 1;
      for (int i = 0; i < shape.rank(); i++) {
        if (i < axis) {
          outer *= (int) shape.size(i);
        } else if (i > axis) {
          inner *= (int) shape.size(i);
        }
      }
      return new Around(outer, (int) shape.size(axis), inner);
    }
  }

  /**
   * Where a scatter writes: input 1 of the call is the index.
   *
   * @param places for each element of the index, the place whose axis coordinate is 0
   * @param step how far apart neighbours along the axis are
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; read in the innermost loops.
  record Targets(String operator, int[] places, int step, int size, LongBuffer index) {
    static Targets of(String operator, OpCall call, int axis) {
      View target = call.output(0);
      Around around = Around.of(target, axis);
      return new Targets(
          operator,
          IndexKernels.places(target.shape(), call.input(1).shape(), axis),
          around.inner,
          around.size,
          Memory.longs(call.input(1)));
    }

    int count() {
      return places.length;
    }

    int place(int i) {
      return places[i] + checked(operator, index.get(i), size) * step;
    }
  }

  static Kernel indexSelect(OpCall call) {
    int axis = call.attributes(Integer.class);
    Around from = Around.of(call.input(0), axis);
    ByteBuffer x = Memory.requireBytes(call.input(0));
    LongBuffer index = Memory.longs(call.input(1));
    ByteBuffer y = Memory.requireBytes(call.output(0));
    int run = from.inner * call.output(0).dtype().sizeBytes();
    return () -> {
      int to = 0;
      for (int o = 0; o < from.outer; o++) {
        for (int i = 0; i < index.limit(); i++) {
          int at = checked("indexSelect", index.get(i), from.size);
          y.put(to, x, (o * from.size + at) * run, run);
          to += run;
        }
      }
    };
  }

  static Kernel indexAdd(OpCall call) {
    int axis = call.attributes(Integer.class);
    Around into = Around.of(call.output(0), axis);
    ByteBuffer x = Memory.requireBytes(call.input(0));
    LongBuffer index = Memory.longs(call.input(1));
    ByteBuffer y = Memory.requireBytes(call.output(0));
    if (call.output(0).dtype() == DType.F32) {
      return floatRows(call, into, index);
    }
    Adder adder = adder(call.output(0).dtype());
    return () -> {
      int from = 0;
      for (int o = 0; o < into.outer; o++) {
        for (int i = 0; i < index.limit(); i++) {
          int to = (o * into.size + checked("indexAdd", index.get(i), into.size)) * into.inner;
          for (int k = 0; k < into.inner; k++) {
            adder.add(y, to + k, x, from++);
          }
        }
      }
    };
  }

  /** As {@link #indexAdd} in single precision, a row at a time. */
  private static Kernel floatRows(OpCall call, Around into, LongBuffer index) {
    FloatBuffer x = Memory.floats(call.input(0));
    FloatBuffer y = Memory.floats(call.output(0));
    Scratch scratch = Scratch.current();
    return () -> {
      int from = 0;
      for (int o = 0; o < into.outer; o++) {
        for (int i = 0; i < index.limit(); i++) {
          int to = (o * into.size + checked("indexAdd", index.get(i), into.size)) * into.inner;
          for (int k = 0; k < into.inner; k += Scratch.BLOCK) {
            int n = Math.min(Scratch.BLOCK, into.inner - k);
            x.get(from, scratch.a, 0, n);
            y.get(to + k, scratch.b, 0, n);
            BinaryKernels.add(scratch.a, scratch.b, scratch.c, n);
            y.put(to + k, scratch.c, 0, n);
            from += n;
          }
        }
      }
    };
  }

  static Kernel gather(OpCall call) {
    int axis = call.attributes(Integer.class);
    View source = call.input(0);
    int[] places = places(source.shape(), call.input(1).shape(), axis);
    int step = Around.of(source, axis).inner;
    int size = (int) source.shape().size(axis);
    ByteBuffer x = Memory.requireBytes(source);
    LongBuffer index = Memory.longs(call.input(1));
    ByteBuffer y = Memory.requireBytes(call.output(0));
    int bytes = source.dtype().sizeBytes();
    return () -> {
      for (int i = 0; i < places.length; i++) {
        int at = places[i] + checked("gather", index.get(i), size) * step;
        y.put(i * bytes, x, at * bytes, bytes);
      }
    };
  }

  static Kernel scatterAdd(OpCall call) {
    int axis = call.attributes(Integer.class);
    View target = call.output(0);
    int[] places = places(target.shape(), call.input(1).shape(), axis);
    int step = Around.of(target, axis).inner;
    int size = (int) target.shape().size(axis);
    ByteBuffer x = Memory.requireBytes(call.input(0));
    LongBuffer index = Memory.longs(call.input(1));
    ByteBuffer y = Memory.requireBytes(target);
    Adder adder = adder(target.dtype());
    return () -> {
      for (int i = 0; i < places.length; i++) {
        adder.add(y, places[i] + checked("scatterAdd", index.get(i), size) * step, x, i);
      }
    };
  }

  /** Returns, for each element of an index, the place in the source whose axis coordinate is 0. */
  private static int[] places(Shape source, Shape index, int axis) {
    int[] places = new int[(int) index.elements()];
    long[] strides = source.contiguousStrides();
    for (int i = 0; i < places.length; i++) {
      long rest = i;
      long place = 0;
      for (int d = index.rank() - 1; d >= 0; d--) {
        long coordinate = rest % index.size(d);
        rest /= index.size(d);
        place += d == axis ? 0 : coordinate * strides[d];
      }
      places[i] = (int) place;
    }
    return places;
  }

  static int checked(String operator, long index, int size) {
    if (index < 0 || index >= size) {
      throw IndexException.of(operator, index, size);
    }
    return (int) index;
  }

  /** Adds an element of one buffer to one of another; places are in elements. */
  @FunctionalInterface
  private interface Adder {
    void add(ByteBuffer y, int to, ByteBuffer x, int from);
  }

  private static Adder adder(DType dtype) {
    return switch (dtype) {
      case F32 -> (y, to, x, from) -> y.putFloat(4 * to, y.getFloat(4 * to) + x.getFloat(4 * from));
      case F64 ->
          (y, to, x, from) -> y.putDouble(8 * to, y.getDouble(8 * to) + x.getDouble(8 * from));
      case I64 -> (y, to, x, from) -> y.putLong(8 * to, y.getLong(8 * to) + x.getLong(8 * from));
      case I32 -> (y, to, x, from) -> y.putInt(4 * to, y.getInt(4 * to) + x.getInt(4 * from));
      case BF16 ->
          (y, to, x, from) ->
              y.putShort(
                  2 * to,
                  HalfPrecision.floatToBfloat16(
                      HalfPrecision.bfloat16ToFloat(y.getShort(2 * to))
                          + HalfPrecision.bfloat16ToFloat(x.getShort(2 * from))));
      case F16 ->
          (y, to, x, from) ->
              y.putShort(
                  2 * to,
                  HalfPrecision.floatToFloat16(
                      HalfPrecision.float16ToFloat(y.getShort(2 * to))
                          + HalfPrecision.float16ToFloat(x.getShort(2 * from))));
      case U8 -> (y, to, x, from) -> y.put(to, (byte) (y.get(to) + x.get(from)));
      case BOOL -> (y, to, x, from) -> y.put(to, (byte) (y.get(to) | x.get(from)));
    };
  }
}
