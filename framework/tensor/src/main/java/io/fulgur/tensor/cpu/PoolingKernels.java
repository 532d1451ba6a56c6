package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.PoolingOperators;
import java.util.Map;

/** The kernels of pooling, of F32. */
final class PoolingKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(PoolingOperators.MAX_POOL, MaxPoolKernels::forward),
          entry(PoolingOperators.MAX_POOL_BACKWARD, MaxPoolKernels::backward),
          entry(PoolingOperators.AVERAGE_POOL, AveragePoolKernels::forward),
          entry(PoolingOperators.AVERAGE_POOL_BACKWARD, AveragePoolKernels::backward));

  private PoolingKernels() {}
}
