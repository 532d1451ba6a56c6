package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.Kernel;

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
}
