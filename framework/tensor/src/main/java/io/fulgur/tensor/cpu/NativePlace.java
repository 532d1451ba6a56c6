package io.fulgur.tensor.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A pointer that owns nothing and can be moved. */
final class NativePlace extends FloatPointer {
  NativePlace() {
    super((Pointer) null);
  }

  NativePlace at(long place) {
    address = place;
    return this;
  }
}
