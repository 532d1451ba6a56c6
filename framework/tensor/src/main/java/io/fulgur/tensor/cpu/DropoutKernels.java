package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.ByteBuffer;

/** Dropout, by {@link Draws}. */
final class DropoutKernels {
  private DropoutKernels() {}

  static Kernel dropout(OpCall call) {
    Generator generator = call.attributes(Generator.class);
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    ByteBuffer mask = Memory.requireBytes(call.output(1));
    return () -> {
      Draws draws = new Draws(generator, call.scalar(0));
      int elements = y.limit();
      long place = generator.reserve((elements + 1) / 2);
      Parallel.run(
          elements,
          Parallel.SLOW_PIECE,
          (from, to, s) -> {
            for (int i = from; i < to; i += Scratch.BLOCK) {
              int n = Math.min(Scratch.BLOCK, to - i);
              draws.factors(place + i / 2, s.b, s.bytes, n, s);
              x.get(i, s.a, 0, n);
              BinaryKernels.mul(s.a, s.b, s.a, n);
              y.put(i, s.a, 0, n);
              mask.put(i, s.bytes, 0, n);
            }
          });
    };
  }

  static Kernel maskedScale(OpCall call) {
    Floats grad = Floats.of(call.input(0));
    ByteBuffer mask = Memory.requireBytes(call.input(1));
    Floats dx = Floats.of(call.output(0));
    return () -> {
      float scale = (float) call.scalar(0);
      Parallel.run(
          dx.limit(),
          (from, to, s) -> {
            for (int i = from; i < to; i += Scratch.BLOCK) {
              int n = Math.min(Scratch.BLOCK, to - i);
              grad.get(i, s.a, 0, n);
              mask.get(i, s.bytes, 0, n);
              apply(s.a, s.bytes, scale, n);
              dx.put(i, s.a, 0, n);
            }
          });
    };
  }

  private static void apply(float[] x, byte[] keep, float scale, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = keep[i] != 0 ? x[i] * scale : 0;
    }
  }
}
