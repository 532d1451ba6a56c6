package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.FloatBuffer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products by OpenBLAS on the calling thread.
 *
 * <p>Only those that take less than about 0.1 ms: for them a second thread gains little, and
 * waiting for one that the operating system has put aside costs much. Larger ones go to ND4J, whose
 * oneDNN helper shares them out over OpenMP's threads. OpenBLAS itself is kept from starting
 * threads, which would fight OpenMP's over the same cores.
 */
final class BlasKernels {
  private static final long MOST_MULTIPLY_ADDS = 1L << 22;

  private BlasKernels() {}

  /** Makes OpenBLAS work on the calling thread alone, in the whole process. */
  static void useCallingThread() {
    openblas_nolapack.blas_set_num_threads(1);
  }

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
    return gemm.work() > MOST_MULTIPLY_ADDS ? null : gemm.kernel();
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
    if (gemm.work() > MOST_MULTIPLY_ADDS) {
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
