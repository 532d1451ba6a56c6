package io.fulgur.onednn;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.PoolingAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import java.nio.ByteBuffer;

/**
 * A maximum pooling whose windows with a NaN become NaN. oneDNN's passes over them, so the input is
 * looked through, which costs less than the pooling; only if there is one, which in training is the
 * exception, are its windows found by a plain loop.
 */
final class NanKeepingMaxPool implements Kernel {
  private static final int BLOCK = 4096;
  private static final int MAGNITUDE = 0x7fffffff;
  private static final int INFINITY = 0x7f800000;

  private final Kernel pooling;
  private final View x;
  private final View y;
  private final View index;
  private final WindowGeometry window;
  private final ByteBuffer input;
  private final ByteBuffer output;
  private final ByteBuffer positions;
  private final int[] block = new int[BLOCK];
  private final short[] halves = new short[BLOCK];

  NanKeepingMaxPool(
      Kernel pooling, OpCall call, ByteBuffer input, ByteBuffer output, ByteBuffer positions) {
    this.pooling = pooling;
    this.x = call.input(0);
    this.y = call.output(0);
    this.index = call.output(1);
    this.window = call.attributes(PoolingAttributes.class).window();
    this.input = input;
    this.output = output;
    this.positions = positions;
  }

  @Override
  public void run() {
    pooling.run();
    if (hasNaN()) {
      keepNaN();
    }
  }

  private boolean hasNaN() {
    int count = (int) x.elements();
    boolean single = x.dtype() == DType.F32;
    for (int from = 0; from < count; from += BLOCK) {
      int n = Math.min(BLOCK, count - from);
      if (single) {
        input.asIntBuffer().get(from, block, 0, n);
      } else {
        input.asShortBuffer().get(from, halves, 0, n);
        for (int i = 0; i < n; i++) {
          block[i] = halves[i] << 16;
        }
      }
      int most = 0;
      for (int i = 0; i < n; i++) {
        most = Math.max(most, block[i] & MAGNITUDE);
      }
      if (most > INFINITY) {
        return true;
      }
    }
    return false;
  }

  private float value(int at) {
    return x.dtype() == DType.F32
        ? input.getFloat(4 * at)
        : Float.intBitsToFloat(input.getShort(2 * at) << 16);
  }

  private void keepNaN() {
    int rank = y.shape().rank();
    int[] place = new int[rank];
    for (long i = 0; i < y.elements(); i++) {
      int position = firstNaN(place);
      if (position >= 0) {
        int at = (int) offset(y, place);
        if (y.dtype() == DType.F32) {
          output.putFloat(4 * at, Float.NaN);
        } else {
          output.putShort(2 * at, (short) (Float.floatToIntBits(Float.NaN) >>> 16));
        }
        positions.put((int) offset(index, place), (byte) position);
      }
      for (int axis = rank - 1; axis >= 0 && ++place[axis] == y.shape().size(axis); axis--) {
        place[axis] = 0;
      }
    }
  }

  /** Returns the position in its window of the first NaN that an output sees, or -1. */
  private int firstNaN(int[] place) {
    int dims = window.rank();
    for (int position = 0; position < window.kernelElements(); position++) {
      long at = place[0] * x.stride(0) + place[1] * x.stride(1);
      boolean inside = true;
      int rest = position;
      for (int axis = dims - 1; axis >= 0; axis--) {
        int element = rest % window.kernel(axis);
        rest /= window.kernel(axis);
        int coordinate = window.start(axis, place[axis + 2]) + element;
        inside &= coordinate >= 0 && coordinate < window.input(axis);
        at += coordinate * x.stride(axis + 2);
      }
      if (inside && Float.isNaN(value((int) at))) {
        return position;
      }
    }
    return -1;
  }

  private static long offset(View view, int[] place) {
    long at = 0;
    for (int i = 0; i < place.length; i++) {
      at += place[i] * view.stride(i);
    }
    return at;
  }

  @Override
  public void close() {
    pooling.close();
  }
}
