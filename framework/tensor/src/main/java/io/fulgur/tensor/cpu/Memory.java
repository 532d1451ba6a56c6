package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** Looks at views as buffers. */
final class Memory {
  private Memory() {}

  /** Returns whether a view's bytes can be looked at through one buffer. */
  static boolean isAddressable(View view) {
    return bytes(view) != null;
  }

  /** Returns whether all inputs and outputs of a call can be. */
  static boolean isAddressable(OpCall call) {
    for (int i = 0; i < call.inputs(); i++) {
      if (!isAddressable(call.input(i))) {
        return false;
      }
    }
    for (int i = 0; i < call.outputs(); i++) {
      if (!isAddressable(call.output(i))) {
        return false;
      }
    }
    return true;
  }

  static @Nullable ByteBuffer bytes(View view) {
    int size = view.dtype().sizeBytes();
    long count = span(view) * size;
    return count > Integer.MAX_VALUE ? null : view.storage().hostBytes(view.offset() * size, count);
  }

  /** Returns how many elements lie between the first and the last of a view, both included. */
  private static long span(View view) {
    if (view.elements() == 0) {
      return 0;
    }
    long last = 0;
    for (int i = 0; i < view.shape().rank(); i++) {
      last += (view.shape().size(i) - 1) * view.stride(i);
    }
    return last + 1;
  }

  static ByteBuffer requireBytes(View view) {
    ByteBuffer bytes = bytes(view);
    if (bytes == null) {
      throw new IllegalArgumentException("The host cannot address " + view);
    }
    return bytes;
  }

  static FloatBuffer floats(View view) {
    return requireBytes(view).asFloatBuffer();
  }

  static LongBuffer longs(View view) {
    return requireBytes(view).asLongBuffer();
  }
}
