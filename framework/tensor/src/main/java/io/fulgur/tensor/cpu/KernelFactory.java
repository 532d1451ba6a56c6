package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a kernel of a call, or declines. */
@FunctionalInterface
interface KernelFactory {
  @Nullable Kernel make(OpCall call);

  /** Joins the kernels of families; no operator is in two. */
  static Map<Operator, KernelFactory> merged(List<Map<Operator, KernelFactory>> families) {
    return families.stream()
        .flatMap(family -> family.entrySet().stream())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
