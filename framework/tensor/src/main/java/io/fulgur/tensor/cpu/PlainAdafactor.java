package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;

/** Adafactor's step of a vector or a number, whose second moment is kept as it is. */
final class PlainAdafactor extends AdafactorKernel {
  private final FloatBuffer squares;

  PlainAdafactor(OpCall call, boolean hasMomentum) {
    super(call, hasMomentum);
    squares = Memory.floats(call.output(1));
  }

  @Override
  void average() {
    Parallel.run(squares.limit(), this::average);
  }

  private void average(int from, int to, Scratch s) {
    float beta2 = (float) call.scalar(3);
    float rest2 = (float) (1 - call.scalar(3));
    float epsilon = (float) call.scalar(4);
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      read(i, s.b, s.a, n);
      squares.get(i, s.c, 0, n);
      for (int k = 0; k < n; k++) {
        s.b[k] = s.b[k] * s.b[k] + epsilon;
      }
      average(s.c, s.b, beta2, rest2, n);
      squares.put(i, s.c, 0, n);
    }
  }

  @Override
  void normalize(int at, float[] g, float[] scratch, int n) {
    squares.get(at, scratch, 0, n);
    for (int i = 0; i < n; i++) {
      g[i] /= (float) Math.sqrt(scratch[i]);
    }
  }
}
