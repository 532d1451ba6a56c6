package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/** Conversions between {@link DType#F32} and the 16-bit types, rounding half to even. */
final class CastKernels {
  private CastKernels() {}

  static @Nullable Kernel cast(OpCall call) {
    if (!call.input(0).dtype().isFloating() || !Floats.areIn(call)) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    return () ->
        Parallel.run(
            y.limit(),
            (from, to, scratch) -> {
              for (int i = from; i < to; i += Scratch.BLOCK) {
                int n = Math.min(Scratch.BLOCK, to - i);
                x.get(i, scratch.a, 0, n);
                y.put(i, scratch.a, 0, n);
              }
            });
  }
}
