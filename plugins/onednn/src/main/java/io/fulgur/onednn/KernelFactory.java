package io.fulgur.onednn;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/** Makes kernels of one operator. */
@FunctionalInterface
interface KernelFactory {
  /**
   * Returns a kernel, or null to leave the call to others.
   *
   * @param alone whether it is to run on the calling thread; OpenMP is set so while it is made
   */
  @Nullable Kernel make(OpCall call, boolean alone);
}
