package io.fulgur.tensor.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;

/** Native memory of a thread for what goes from one matrix product to the next. */
final class NativeScratch {
  private static final ThreadLocal<NativeScratch> CURRENT =
      ThreadLocal.withInitial(NativeScratch::new);
  private static final int BLOCKS = 3;

  private final Block[] blocks = new Block[BLOCKS];

  private NativeScratch() {}

  /** A piece of native memory. */
  static final class Block {
    final FloatBuffer floats;
    final long address;

    Block(int elements) {
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(elements * Float.BYTES).order(ByteOrder.nativeOrder());
      floats = bytes.asFloatBuffer();
      address = new Pointer(bytes).address();
    }
  }

  static NativeScratch current() {
    return CURRENT.get();
  }

  /** Returns memory of at least this size, the same for each call with this slot. */
  Block block(int slot, int elements) {
    Block block = blocks[slot];
    if (block == null || block.floats.capacity() < elements) {
      block = new Block(elements);
      blocks[slot] = block;
    }
    return block;
  }
}
