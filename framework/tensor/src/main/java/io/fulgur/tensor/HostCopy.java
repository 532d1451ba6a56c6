package io.fulgur.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Moves elements between Java arrays and row-major views, converting types. Large arrays go in
 * blocks through one small buffer.
 */
final class HostCopy {
  private static final int BLOCK = 1 << 14;

  private HostCopy() {}

  /** Tells this thread's observer of a copy, if there is one; returns whom to tell of its end. */
  private static @Nullable OperatorObserver begin(boolean toDevice, long elements, DType dtype) {
    OperatorObserver told = ExecutionContext.current().observer;
    if (told != null) {
      told.copying(toDevice, elements * dtype.sizeBytes());
    }
    return told;
  }

  private static void end(@Nullable OperatorObserver told) {
    if (told != null) {
      told.copied();
    }
  }

  /** Returns an element by its number in row-major order; for views of any strides. */
  static double element(View view, long index) {
    OperatorObserver told = begin(/* toDevice= */ false, 1, view.dtype());
    try {
      return read(view, index);
    } finally {
      end(told);
    }
  }

  private static double read(View view, long index) {
    long place = view.offset();
    long rest = index;
    Shape shape = view.shape();
    for (int i = shape.rank() - 1; i >= 0; i--) {
      place += rest % shape.size(i) * view.stride(i);
      rest /= shape.size(i);
    }
    DType dtype = view.dtype();
    return get(bytes(view.storage(), place, 1), 0, dtype);
  }

  /** Sets the only element of a view. */
  static void setElement(View view, double value) {
    OperatorObserver told = begin(/* toDevice= */ true, 1, view.dtype());
    try {
      write(view, value);
    } finally {
      end(told);
    }
  }

  private static void write(View view, double value) {
    Storage storage = view.storage();
    DType dtype = view.dtype();
    long at = view.offset() * dtype.sizeBytes();
    ByteBuffer host = storage.hostBytes(at, dtype.sizeBytes());
    ByteBuffer buffer = host != null ? host : buffer(dtype.sizeBytes());
    put(buffer, 0, dtype, value);
    if (host == null) {
      storage.copyIn(at, buffer);
    }
  }

  /** Copies between row-major views of one type and size. */
  static void copy(View source, View target) {
    long elements = source.elements();
    int size = source.dtype().sizeBytes();
    for (long i = 0; i < elements; i += BLOCK) {
      int count = (int) Math.min(BLOCK, elements - i);
      target
          .storage()
          .copyIn(
              (target.offset() + i) * size, bytes(source.storage(), source.offset() + i, count));
    }
  }

  private static ByteBuffer bytes(Storage storage, long place, int count) {
    int size = storage.dtype().sizeBytes();
    ByteBuffer host = storage.hostBytes(place * size, (long) count * size);
    if (host != null) {
      return host;
    }
    ByteBuffer copy = buffer(count * size);
    storage.copyOut(place * size, copy);
    return copy.flip();
  }

  private static ByteBuffer buffer(int sizeBytes) {
    return ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
  }

  // ---------------------------------------------------------------- arrays to memory

  @FunctionalInterface
  private interface Filler {
    void fill(ByteBuffer target, int from, int count);
  }

  private static void write(int elements, View target, Filler filler) {
    OperatorObserver told = begin(/* toDevice= */ true, elements, target.dtype());
    try {
      fill(elements, target, filler);
    } finally {
      end(told);
    }
  }

  private static void fill(int elements, View target, Filler filler) {
    Storage storage = target.storage();
    int size = storage.dtype().sizeBytes();
    for (int i = 0; i < elements; i += BLOCK) {
      int count = Math.min(BLOCK, elements - i);
      long at = (target.offset() + i) * size;
      ByteBuffer host = storage.hostBytes(at, (long) count * size);
      ByteBuffer buffer = host != null ? host : buffer(count * size);
      filler.fill(buffer, i, count);
      if (host == null) {
        storage.copyIn(at, buffer);
      }
    }
  }

  static void write(float[] values, View target) {
    write(values.length, target, (to, from, n) -> to.asFloatBuffer().put(values, from, n));
  }

  static void write(long[] values, View target) {
    write(values.length, target, (to, from, n) -> to.asLongBuffer().put(values, from, n));
  }

  static void write(int[] values, View target) {
    write(values.length, target, (to, from, n) -> to.asIntBuffer().put(values, from, n));
  }

  static void write(byte[] values, View target) {
    write(values.length, target, (to, from, n) -> to.duplicate().put(values, from, n));
  }

  /** Writes doubles into memory of any type. */
  static void write(double[] values, View target) {
    DType dtype = target.dtype();
    write(
        values.length,
        target,
        (to, from, n) -> {
          for (int i = 0; i < n; i++) {
            put(to, i, dtype, values[from + i]);
          }
        });
  }

  // ---------------------------------------------------------------- memory to arrays

  @FunctionalInterface
  private interface Reader {
    void read(ByteBuffer source, int to, int count);
  }

  private static void read(View source, Reader reader) {
    OperatorObserver told = begin(/* toDevice= */ false, source.elements(), source.dtype());
    try {
      drain(source, reader);
    } finally {
      end(told);
    }
  }

  private static void drain(View source, Reader reader) {
    int elements = Math.toIntExact(source.elements());
    for (int i = 0; i < elements; i += BLOCK) {
      int count = Math.min(BLOCK, elements - i);
      reader.read(bytes(source.storage(), source.offset() + i, count), i, count);
    }
  }

  static float[] toFloats(View source) {
    float[] values = new float[Math.toIntExact(source.elements())];
    DType dtype = source.dtype();
    read(
        source,
        (from, at, n) -> {
          if (dtype == DType.F32) {
            from.asFloatBuffer().get(values, at, n);
          } else {
            for (int i = 0; i < n; i++) {
              values[at + i] = (float) get(from, i, dtype);
            }
          }
        });
    return values;
  }

  static double[] toDoubles(View source) {
    double[] values = new double[Math.toIntExact(source.elements())];
    DType dtype = source.dtype();
    read(
        source,
        (from, at, n) -> {
          for (int i = 0; i < n; i++) {
            values[at + i] = get(from, i, dtype);
          }
        });
    return values;
  }

  static long[] toLongs(View source) {
    long[] values = new long[Math.toIntExact(source.elements())];
    DType dtype = source.dtype();
    read(
        source,
        (from, at, n) -> {
          for (int i = 0; i < n; i++) {
            values[at + i] = dtype == DType.I64 ? from.getLong(8 * i) : (long) get(from, i, dtype);
          }
        });
    return values;
  }

  // ---------------------------------------------------------------- one element

  private static double get(ByteBuffer buffer, int index, DType dtype) {
    return switch (dtype) {
      case F32 -> buffer.getFloat(4 * index);
      case F64 -> buffer.getDouble(8 * index);
      case BF16 -> HalfPrecision.bfloat16ToFloat(buffer.getShort(2 * index));
      case F16 -> HalfPrecision.float16ToFloat(buffer.getShort(2 * index));
      case I64 -> buffer.getLong(8 * index);
      case I32 -> buffer.getInt(4 * index);
      case U8, BOOL -> buffer.get(index) & 0xFF;
    };
  }

  private static void put(ByteBuffer buffer, int index, DType dtype, double value) {
    switch (dtype) {
      case F32 -> buffer.putFloat(4 * index, (float) value);
      case F64 -> buffer.putDouble(8 * index, value);
      case BF16 -> buffer.putShort(2 * index, HalfPrecision.floatToBfloat16((float) value));
      case F16 -> buffer.putShort(2 * index, HalfPrecision.floatToFloat16((float) value));
      case I64 -> buffer.putLong(8 * index, (long) value);
      case I32 -> buffer.putInt(4 * index, (int) value);
      case U8 -> buffer.put(index, (byte) (long) value);
      case BOOL -> buffer.put(index, (byte) (value != 0 ? 1 : 0));
    }
  }
}
