package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Small matrix products by OpenBLAS on the calling thread.
 *
 * <p>Only small ones: OpenBLAS starts its own threads for larger products, and these fight the
 * OpenMP threads of ND4J's kernels on the same cores. Larger products go to ND4J, whose oneDNN
 * helper uses those same OpenMP threads.
 */
final class BlasKernels {
  /** Multiply-adds up to which OpenBLAS stays on the calling thread (its interface/gemm.c). */
  private static final long SINGLE_THREADED = 1L << 18;

  private BlasKernels() {}

  static @Nullable Kernel matmul(OpCall call) {
    View a = call.input(0);
    if (a.shape().rank() > 3 || a.shape().size(-1) == 0) {
      return null;
    }
    Gemm gemm =
        new Gemm(
            Gemm.Matrix.of(a),
            Gemm.Matrix.of(call.input(1)),
            call.output(0),
            call.attributes(Boolean.class));
    return gemm.work() > SINGLE_THREADED ? null : gemm.kernel();
  }

  /** Fills the output with the bias and adds the product to it. */
  static @Nullable Kernel linear(OpCall call) {
    View y = call.output(0);
    if (call.input(0).shape().size(1) == 0) {
      return null;
    }
    Gemm gemm =
        new Gemm(
            Gemm.Matrix.of(call.input(0)),
            Gemm.Matrix.of(call.input(1)).transpose(),
            y,
            /* accumulate= */ true);
    if (gemm.work() > SINGLE_THREADED) {
      return null;
    }
    Kernel product = gemm.kernel();
    FloatBuffer bias = Memory.floats(call.input(2));
    FloatBuffer out = Memory.floats(y);
    float[] row = new float[bias.limit()];
    return () -> {
      bias.get(0, row);
      for (int at = 0; at < out.limit(); at += row.length) {
        out.put(at, row);
      }
      product.run();
    };
  }
}
