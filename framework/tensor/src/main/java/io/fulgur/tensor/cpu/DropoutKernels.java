package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.ByteBuffer;

/** Dropout: one 64-bit draw decides two elements, 32 bits each. */
final class DropoutKernels {
  private static final double TWO_POW_32 = 0x1.0p32;

  private DropoutKernels() {}

  static Kernel dropout(OpCall call) {
    Generator generator = call.attributes(Generator.class);
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    ByteBuffer mask = Memory.requireBytes(call.output(1));
    Scratch scratch = Scratch.current();
    return () -> {
      double p = call.scalar(0);
      long threshold = (long) (p * TWO_POW_32);
      float scale = p == 1 ? 0 : (float) (1 / (1 - p));
      int elements = y.limit();
      long place = generator.reserve((elements + 1) / 2);
      for (int i = 0; i < elements; i += Scratch.BLOCK) {
        int n = Math.min(Scratch.BLOCK, elements - i);
        draw(generator, place + i / 2, threshold, scratch.bytes, n);
        x.get(i, scratch.a, 0, n);
        apply(scratch.a, scratch.bytes, scale, n);
        y.put(i, scratch.a, 0, n);
        mask.put(i, scratch.bytes, 0, n);
      }
    };
  }

  private static void draw(Generator generator, long place, long threshold, byte[] keep, int n) {
    for (int i = 0; i < n; i += 2) {
      long bits = generator.bitsAt(place + i / 2);
      keep[i] = (byte) ((bits & 0xFFFFFFFFL) >= threshold ? 1 : 0);
      if (i + 1 < n) {
        keep[i + 1] = (byte) ((bits >>> 32) >= threshold ? 1 : 0);
      }
    }
  }

  static Kernel maskedScale(OpCall call) {
    Floats grad = Floats.of(call.input(0));
    ByteBuffer mask = Memory.requireBytes(call.input(1));
    Floats dx = Floats.of(call.output(0));
    Scratch scratch = Scratch.current();
    return () -> {
      float scale = (float) call.scalar(0);
      for (int i = 0; i < dx.limit(); i += Scratch.BLOCK) {
        int n = Math.min(Scratch.BLOCK, dx.limit() - i);
        grad.get(i, scratch.a, 0, n);
        mask.get(i, scratch.bytes, 0, n);
        apply(scratch.a, scratch.bytes, scale, n);
        dx.put(i, scratch.a, 0, n);
      }
    };
  }

  private static void apply(float[] x, byte[] keep, float scale, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = keep[i] != 0 ? x[i] * scale : 0;
    }
  }
}
