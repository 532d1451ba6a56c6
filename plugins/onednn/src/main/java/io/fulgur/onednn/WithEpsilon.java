package io.fulgur.onednn;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with a number built in that a call may change from run to run: scalar 0. It hardly ever
 * does, and then the kernel is made anew.
 */
final class WithEpsilon implements Kernel {
  private final OpCall call;
  private final Maker maker;
  private double epsilon;
  private @Nullable Kernel kernel;

  /** Makes the kernel for a number. */
  @FunctionalInterface
  interface Maker {
    @Nullable Kernel make(float epsilon);
  }

  private WithEpsilon(OpCall call, Maker maker, Kernel kernel) {
    this.call = call;
    this.maker = maker;
    this.epsilon = call.scalar(0);
    this.kernel = kernel;
  }

  /**
   * Makes a kernel that makes another whenever the number is another one.
   *
   * @param alone whether each is made for the calling thread alone, as sums depend on that
   */
  static @Nullable Kernel of(OpCall call, boolean alone, Maker maker) {
    Maker each = alone ? epsilon -> OpenMp.alone(() -> maker.make(epsilon)) : maker;
    Kernel kernel = each.make((float) call.scalar(0));
    return kernel == null ? null : new WithEpsilon(call, each, kernel);
  }

  @Override
  public void run() {
    if (call.scalar(0) != epsilon) {
      close();
      epsilon = call.scalar(0);
      kernel = maker.make((float) epsilon);
    }
    if (kernel == null) {
      throw new IllegalStateException("oneDNN no longer takes " + call);
    }
    kernel.run();
  }

  @Override
  public void close() {
    if (kernel != null) {
      kernel.close();
      kernel = null;
    }
  }
}
