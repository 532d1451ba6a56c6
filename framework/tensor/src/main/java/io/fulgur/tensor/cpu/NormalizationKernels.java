package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.NormalizationOperators;
import java.util.Map;

/** The kernels of normalisations. */
final class NormalizationKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(NormalizationOperators.BATCH_NORM, BatchNormKernels::forward),
          entry(NormalizationOperators.BATCH_NORM_BACKWARD, BatchNormKernels::backward),
          entry(NormalizationOperators.BATCH_NORM_INFERENCE, BatchNormKernels::inference),
          entry(NormalizationOperators.UPDATE_RUNNING_STATISTICS, BatchNormKernels::updateRunning),
          entry(NormalizationOperators.GROUP_NORM, GroupNormKernels::forward),
          entry(NormalizationOperators.GROUP_NORM_BACKWARD, GroupNormKernels::backward),
          entry(NormalizationOperators.RMS_NORM, RmsNormKernels::forward),
          entry(NormalizationOperators.RMS_NORM_BACKWARD, RmsNormKernels::backward));

  private NormalizationKernels() {}

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
