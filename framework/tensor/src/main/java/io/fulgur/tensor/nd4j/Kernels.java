package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Puts kernels together. */
final class Kernels {
  private Kernels() {}

  static Kernel inOrder(Kernel first, Kernel second) {
    return new Kernel() {
      @Override
      public void run() {
        first.run();
        second.run();
      }

      @Override
      public void close() {
        first.close();
        second.close();
      }
    };
  }

  /** Returns a kernel that owns arrays. */
  static Kernel owning(Kernel kernel, INDArray[] arrays, INDArray another) {
    return new Kernel() {
      @Override
      public void run() {
        kernel.run();
      }

      @Override
      public void close() {
        kernel.close();
        for (INDArray array : arrays) {
          array.close();
        }
        another.close();
      }
    };
  }
}
