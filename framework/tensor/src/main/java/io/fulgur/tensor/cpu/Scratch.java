package io.fulgur.tensor.cpu;

import io.fulgur.tensor.ThreadPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

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
  final float[] e = new float[BLOCK];
  final byte[] bytes = new byte[BLOCK];
  final short[] halves = new short[BLOCK];

  // Of VectorExp: what it works on, and one piece of native memory, seen as numbers and as bits.
  final float[] block = new float[BLOCK];
  final float[] sums = new float[BLOCK];
  final int[] ints = new int[BLOCK];
  final FloatBuffer asFloats;
  final IntBuffer asInts;

  // Of Draws: words of two elements each, and the same native memory.
  final long[] longs = new long[BLOCK / 2];
  final LongBuffer asLongs;

  private final float[][] wide = new float[9][0];
  private double @Nullable [] reals;
  private long @Nullable [] integers;
  private int @Nullable [] words;

  private Scratch() {
    if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
      // Started by a thread that may be pinned to the core that runs steps, to relieve that core.
      ThreadPolicy.current().leaveStepCore();
    }
    ByteBuffer bits = ByteBuffer.allocateDirect(BLOCK * Float.BYTES).order(ByteOrder.nativeOrder());
    asFloats = bits.asFloatBuffer();
    asInts = bits.asIntBuffer();
    asLongs = bits.asLongBuffer();
  }

  /** Returns three blocks of doubles in a row. */
  double[] reals() {
    double[] array = reals;
    if (array == null) {
      array = new double[3 * BLOCK];
      reals = array;
    }
    return array;
  }

  /** Returns three blocks of longs in a row. */
  long[] integers() {
    long[] array = integers;
    if (array == null) {
      array = new long[3 * BLOCK];
      integers = array;
    }
    return array;
  }

  private byte[] wideBytes = {};

  /** As {@link #wide}, of bytes. */
  byte[] wideBytes(int size) {
    if (wideBytes.length < size) {
      wideBytes = new byte[size];
    }
    return wideBytes;
  }

  private final int[][] wideInts = new int[4][0];

  /** As {@link #wide}, of integers. */
  int[] wideInts(int slot, int size) {
    if (wideInts[slot].length < size) {
      wideInts[slot] = new int[size];
    }
    return wideInts[slot];
  }

  /** Returns two blocks of ints in a row. */
  int[] words() {
    int[] array = words;
    if (array == null) {
      array = new int[2 * BLOCK];
      words = array;
    }
    return array;
  }

  static Scratch current() {
    return CURRENT.get();
  }

  /** Returns an array of at least this size, the same one for each call with this slot. */
  float[] wide(int slot, int size) {
    float[] array = wide[slot];
    if (array.length < size) {
      array = new float[size];
      wide[slot] = array;
    }
    return array;
  }
}
