package io.fulgur.metric;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.HalfPrecision;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * The numbers of a tensor or of a Java array, read in blocks.
 *
 * <p>Read rather than computed with: a metric looks at each number once, which from host memory
 * costs less than calling an operator, and makes no tensor that autograd could record.
 */
abstract class Values {
  /** How many numbers are read at once, where there is a choice. */
  static final int BLOCK = 1 << 12;

  private final DType dtype;
  private final Shape shape;

  private Values(DType dtype, Shape shape) {
    this.dtype = dtype;
    this.shape = shape;
  }

  static Values of(Tensor tensor) {
    if (tensor.isContiguous()) {
      return new OfView(tensor.view());
    }
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      return new OfView(tensor.contiguous().view());
    }
  }

  static Values of(HostArray array) {
    return new OfArray(array);
  }

  DType dtype() {
    return dtype;
  }

  Shape shape() {
    return shape;
  }

  long elements() {
    return shape.elements();
  }

  /** Reads some numbers of the row-major order; truth values are 0 and 1. */
  abstract void read(long from, int count, double[] target, int at);

  final void read(long from, int count, double[] target) {
    read(from, count, target, 0);
  }

  private static final class OfArray extends Values {
    private final HostArray array;

    OfArray(HostArray array) {
      super(array.dtype(), array.shape());
      this.array = array;
    }

    @Override
    void read(long from, int count, double[] target, int at) {
      int start = (int) from;
      for (int i = 0; i < count; i++) {
        target[at + i] = array.get(start + i);
      }
    }
  }

  private static final class OfView extends Values {
    private final View view;

    OfView(View view) {
      super(view.dtype(), view.shape());
      this.view = view;
    }

    private ByteBuffer bytes(long from, int count) {
      Storage storage = view.storage();
      int size = view.dtype().sizeBytes();
      long start = (view.offset() + from) * size;
      ByteBuffer host = storage.hostBytes(start, (long) count * size);
      if (host != null) {
        return host;
      }
      ByteBuffer copy = ByteBuffer.allocateDirect(count * size).order(ByteOrder.nativeOrder());
      storage.copyOut(start, copy);
      return copy.flip();
    }

    @Override
    void read(long from, int count, double[] target, int at) {
      ByteBuffer bytes = bytes(from, count);
      switch (view.dtype()) {
        case F32 -> {
          FloatBuffer floats = bytes.asFloatBuffer();
          for (int i = 0; i < count; i++) {
            target[at + i] = floats.get(i);
          }
        }
        case F64 -> {
          DoubleBuffer doubles = bytes.asDoubleBuffer();
          doubles.get(target, at, count);
        }
        case I64 -> {
          LongBuffer longs = bytes.asLongBuffer();
          for (int i = 0; i < count; i++) {
            target[at + i] = (double) longs.get(i);
          }
        }
        case I32 -> {
          IntBuffer ints = bytes.asIntBuffer();
          for (int i = 0; i < count; i++) {
            target[at + i] = ints.get(i);
          }
        }
        case BF16 -> {
          ShortBuffer halves = bytes.asShortBuffer();
          for (int i = 0; i < count; i++) {
            target[at + i] = HalfPrecision.bfloat16ToFloat(halves.get(i));
          }
        }
        case F16 -> {
          ShortBuffer halves = bytes.asShortBuffer();
          for (int i = 0; i < count; i++) {
            target[at + i] = HalfPrecision.float16ToFloat(halves.get(i));
          }
        }
        case U8, BOOL -> {
          for (int i = 0; i < count; i++) {
            target[at + i] = bytes.get(i) & 0xFF;
          }
        }
      }
    }
  }
}
