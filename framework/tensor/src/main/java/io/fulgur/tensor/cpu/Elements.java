package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.HalfPrecision;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;

/** The elements of a row-major view as numbers, whatever their type. */
record Elements(ByteBuffer bytes, DType dtype) {
  static Elements of(View view) {
    return new Elements(Memory.requireBytes(view), view.dtype());
  }

  double get(int index) {
    return switch (dtype) {
      case F32 -> bytes.getFloat(4 * index);
      case F64 -> bytes.getDouble(8 * index);
      case BF16 -> HalfPrecision.bfloat16ToFloat(bytes.getShort(2 * index));
      case F16 -> HalfPrecision.float16ToFloat(bytes.getShort(2 * index));
      case I64, I32, U8, BOOL -> getLong(index);
    };
  }

  void put(int index, double value) {
    switch (dtype) {
      case F32 -> bytes.putFloat(4 * index, (float) value);
      case F64 -> bytes.putDouble(8 * index, value);
      case BF16 -> bytes.putShort(2 * index, HalfPrecision.floatToBfloat16((float) value));
      case F16 -> bytes.putShort(2 * index, HalfPrecision.floatToFloat16((float) value));
      case I64, I32, U8, BOOL -> putLong(index, (long) value);
    }
  }

  /** Reads {@code n} elements from a place on. */
  void read(int from, double[] to, int n) {
    read(from, 1, to, 0, n);
  }

  /** Reads {@code n} elements at equal distances to a place in an array. */
  void read(int from, int step, double[] to, int at, int n) {
    switch (dtype) {
      case F32 -> {
        for (int i = 0; i < n; i++) {
          to[at + i] = bytes.getFloat(4 * (from + i * step));
        }
      }
      case F64 -> {
        for (int i = 0; i < n; i++) {
          to[at + i] = bytes.getDouble(8 * (from + i * step));
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          to[at + i] = get(from + i * step);
        }
      }
    }
  }

  /** Writes {@code n} elements from a place on. */
  void write(int to, double[] from, int n) {
    write(to, 1, from, 0, n);
  }

  /** Writes {@code n} elements at equal distances from a place in an array. */
  void write(int to, int step, double[] from, int at, int n) {
    switch (dtype) {
      case F32 -> {
        for (int i = 0; i < n; i++) {
          bytes.putFloat(4 * (to + i * step), (float) from[at + i]);
        }
      }
      case F64 -> {
        for (int i = 0; i < n; i++) {
          bytes.putDouble(8 * (to + i * step), from[at + i]);
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          put(to + i * step, from[at + i]);
        }
      }
    }
  }

  /** As {@link #read(int, int, double[], int, int)}, exact for large integers. */
  void read(int from, int step, long[] to, int at, int n) {
    if (dtype == DType.I64) {
      for (int i = 0; i < n; i++) {
        to[at + i] = bytes.getLong(8 * (from + i * step));
      }
    } else {
      for (int i = 0; i < n; i++) {
        to[at + i] = getLong(from + i * step);
      }
    }
  }

  /** As {@link #write(int, int, double[], int, int)}, exact for large integers. */
  void write(int to, int step, long[] from, int at, int n) {
    if (dtype == DType.I64) {
      for (int i = 0; i < n; i++) {
        bytes.putLong(8 * (to + i * step), from[at + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        putLong(to + i * step, from[at + i]);
      }
    }
  }

  /** As {@link #get}, exact for large integers. */
  long getLong(int index) {
    return switch (dtype) {
      case I64 -> bytes.getLong(8 * index);
      case I32 -> bytes.getInt(4 * index);
      case U8, BOOL -> bytes.get(index) & 0xFF;
      case F32, F64, BF16, F16 -> (long) get(index);
    };
  }

  void putLong(int index, long value) {
    switch (dtype) {
      case I64 -> bytes.putLong(8 * index, value);
      case I32 -> bytes.putInt(4 * index, (int) value);
      case U8 -> bytes.put(index, (byte) value);
      case BOOL -> bytes.put(index, (byte) (value != 0 ? 1 : 0));
      case F32, F64, BF16, F16 -> put(index, (double) value);
    }
  }
}
