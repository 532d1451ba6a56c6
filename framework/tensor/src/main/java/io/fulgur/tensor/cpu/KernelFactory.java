package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/** Makes a kernel of a call, or declines. */
@FunctionalInterface
interface KernelFactory {
  @Nullable Kernel make(OpCall call);
}
