package io.fulgur.tensor.cpu;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Native memory of a thread, for operands of BLAS that are made on the way. */
final class NativeFloats {
  private static final ThreadLocal<NativeFloats> CURRENT =
      ThreadLocal.withInitial(NativeFloats::new);

  private FloatPointer pointer = new FloatPointer(1);
  private FloatBuffer buffer = pointer.asBuffer();

  private NativeFloats() {}

  /** Returns the memory of this thread, of at least so many elements. */
  static NativeFloats current(int elements) {
    NativeFloats current = CURRENT.get();
    if (current.buffer.capacity() < elements) {
      current.pointer.deallocate();
      current.pointer = new FloatPointer(elements);
      current.buffer = current.pointer.asBuffer();
    }
    return current;
  }

  FloatPointer pointer() {
    return pointer;
  }

  FloatBuffer buffer() {
    return buffer;
  }
}
