package io.fulgur.tensor.cpu;

/**
 * Heap arrays through which the kernels of a thread move blocks of native memory.
 *
 * <p>Why: HotSpot turns a loop over heap arrays into vector instructions, but not one over direct
 * buffers, which is several times slower. Copying a block that fits the first-level cache in and
 * out is a memcpy at cache speed. One set for a thread keeps the cache warm.
 */
final class Scratch {
  /** Elements in a block: all five arrays and what they are copied from fit into 48 KB of cache. */
  static final int BLOCK = 1024;

  private static final ThreadLocal<Scratch> CURRENT = ThreadLocal.withInitial(Scratch::new);

  final float[] a = new float[BLOCK];
  final float[] b = new float[BLOCK];
  final float[] c = new float[BLOCK];
  final float[] d = new float[BLOCK];
  final byte[] bytes = new byte[BLOCK];

  static Scratch current() {
    return CURRENT.get();
  }
}
