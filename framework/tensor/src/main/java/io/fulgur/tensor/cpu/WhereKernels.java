package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/** Choosing between two tensors by a condition, of any type, all three broadcast. */
final class WhereKernels {
  private WhereKernels() {}

  static Kernel where(OpCall call) {
    BroadcastRuns runs = BroadcastRuns.of(call);
    return call.output(0).dtype().sizeBytes() == Integer.BYTES
        ? words(call, runs)
        : elements(call, runs);
  }

  /** Elements of 4 bytes, whatever they mean, a block at a time. */
  private static Kernel words(OpCall call, BroadcastRuns runs) {
    ByteBuffer condition = Memory.requireBytes(call.input(0));
    IntBuffer a = Memory.requireBytes(call.input(1)).asIntBuffer();
    IntBuffer b = Memory.requireBytes(call.input(2)).asIntBuffer();
    IntBuffer y = Memory.requireBytes(call.output(0)).asIntBuffer();
    int run = runs.run();
    return () ->
        Parallel.run(
            y.limit(),
            (from, to, scratch) -> {
              int[] x = scratch.words();
              int n;
              for (int i = from; i < to; i += n) {
                n = Math.min(Math.min(Scratch.BLOCK, to - i), run - i % run);
                read(condition, runs.place(0, i), runs.step(0), scratch.bytes, n);
                read(a, runs.place(1, i), runs.step(1), x, 0, n);
                read(b, runs.place(2, i), runs.step(2), x, Scratch.BLOCK, n);
                choose(scratch.bytes, x, n);
                y.put(i, x, 0, n);
              }
            });
  }

  private static void read(ByteBuffer x, int place, int step, byte[] to, int n) {
    if (step == 0) {
      Arrays.fill(to, 0, n, x.get(place));
    } else {
      x.get(place, to, 0, n);
    }
  }

  private static void read(IntBuffer x, int place, int step, int[] to, int at, int n) {
    if (step == 0) {
      Arrays.fill(to, at, at + n, x.get(place));
    } else {
      x.get(place, to, at, n);
    }
  }

  /** Without a branch, which is twice as fast where it is foreseen, and slower where it is not. */
  private static void choose(byte[] condition, int[] x, int n) {
    for (int i = 0; i < n; i++) {
      int mask = -condition[i];
      x[i] = (x[i] & mask) | (x[Scratch.BLOCK + i] & ~mask);
    }
  }

  private static Kernel elements(OpCall call, BroadcastRuns runs) {
    ByteBuffer condition = Memory.requireBytes(call.input(0));
    ByteBuffer a = Memory.requireBytes(call.input(1));
    ByteBuffer b = Memory.requireBytes(call.input(2));
    ByteBuffer y = Memory.requireBytes(call.output(0));
    int size = call.output(0).dtype().sizeBytes();
    int elements = (int) call.output(0).elements();
    return () ->
        Parallel.run(
            elements,
            (from, to, scratch) -> {
              for (int i = from; i < to; i++) {
                boolean first = condition.get(runs.place(0, i)) != 0;
                int place = runs.place(first ? 1 : 2, i);
                copy(first ? a : b, place * size, y, i * size, size);
              }
            });
  }

  private static void copy(ByteBuffer x, int from, ByteBuffer y, int to, int size) {
    switch (size) {
      case 8 -> y.putLong(to, x.getLong(from));
      case 2 -> y.putShort(to, x.getShort(from));
      default -> y.put(to, x.get(from));
    }
  }
}
