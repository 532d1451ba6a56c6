package io.fulgur.onednn;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Working memory that all primitives of a thread share, as they run one after the other. It grows
 * to what the neediest of them asks for.
 */
final class Scratchpad {
  private static final ThreadLocal<Scratchpad> CURRENT = ThreadLocal.withInitial(Scratchpad::new);

  private @Nullable Storage memory;

  static Scratchpad current() {
    return CURRENT.get();
  }

  /** Makes room; memory that was handed out before may be gone. */
  void reserve(Engine engine, long sizeBytes) {
    Storage before = memory;
    if (before != null && before.elements() >= sizeBytes) {
      return;
    }
    memory = engine.allocate(DType.U8, sizeBytes);
    if (before != null) {
      before.free();
    }
  }

  /** Returns where the memory is now; 0 before any was reserved. */
  long address() {
    Storage now = memory;
    return now == null ? 0 : now.address();
  }
}
