package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.NormalizationOperators;
import java.util.Map;

/** The kernels of normalisations. */
final class NormalizationKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(
              NormalizationOperators.BATCH_NORM,
              either(BatchNormKernels::forward, BatchNormRowKernels::forward)),
          entry(
              NormalizationOperators.BATCH_NORM_BACKWARD,
              either(BatchNormKernels::backward, BatchNormRowKernels::backward)),
          entry(
              NormalizationOperators.BATCH_NORM_INFERENCE,
              either(BatchNormKernels::inference, BatchNormRowKernels::inference)),
          entry(NormalizationOperators.UPDATE_RUNNING_STATISTICS, BatchNormKernels::updateRunning),
          entry(NormalizationOperators.GROUP_NORM, GroupNormKernels::forward),
          entry(NormalizationOperators.GROUP_NORM_BACKWARD, GroupNormKernels::backward),
          entry(NormalizationOperators.RMS_NORM, RmsNormKernels::forward),
          entry(NormalizationOperators.RMS_NORM_BACKWARD, RmsNormKernels::backward));

  private NormalizationKernels() {}

  /** Asks a second factory for what the first declines. */
  private static KernelFactory either(KernelFactory first, KernelFactory second) {
    return call -> {
      Kernel kernel = first.make(call);
      return kernel == null ? second.make(call) : kernel;
    };
  }

  /** Returns whether a call is of F32, or of 16 bits beside it. */
  static boolean isTaken(OpCall call) {
    for (int i = 0; i < call.inputs(); i++) {
      if (call.input(i).dtype() == DType.F64) {
        return false;
      }
    }
    return true;
  }
}
