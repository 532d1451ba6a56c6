package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.functional.Ctc;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kernels of any type that ND4J lacks or gets wrong, on memory that the host can address. Asked
 * after the faster ones of {@link CpuKernelProvider}.
 *
 * <p>ND4J has no operators by index that check it, and its choice by a condition does not
 * broadcast. Its maximum and minimum, of pairs and over dimensions, lose NaN; its product of
 * integers cannot be written into their type, and its division of integers ends the process at a
 * zero; its sums drift; for softmax see {@link SoftmaxKernels}.
 *
 * <p>Apart from {@link CpuKernelProvider}, so that excluding that one by name, to compare or to
 * circumvent its arithmetic, leaves an engine with every basic operator.
 *
 * @since 0.1
 */
public final class HostKernelProvider implements KernelProvider {
  private static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(Operators.DIV, PairKernels::div),
          entry(Operators.SUM, FoldKernels::sum),
          entry(Operators.MEAN, FoldKernels::mean),
          entry(Operators.CLAMP, PairKernels::clamp),
          entry(Operators.MAXIMUM, PairKernels::maximum),
          entry(Operators.MINIMUM, PairKernels::minimum),
          entry(Operators.MAX, FoldKernels::max),
          entry(Operators.MIN, FoldKernels::min),
          entry(Operators.PROD, FoldKernels::prod),
          entry(Operators.ARGMAX, FoldKernels::argmax),
          entry(Operators.ARGMIN, FoldKernels::argmin),
          entry(Operators.SOFTMAX, SoftmaxKernels::softmax),
          entry(Operators.LOG_SOFTMAX, SoftmaxKernels::logSoftmax),
          entry(Operators.COPY, CopyKernel::of),
          entry(Operators.WHERE, WhereKernels::where),
          entry(Operators.GATHER, IndexKernels::gather),
          entry(Operators.SCATTER_ADD, IndexKernels::scatterAdd),
          entry(Operators.INDEX_SELECT, IndexKernels::indexSelect),
          entry(Operators.INDEX_ADD, IndexKernels::indexAdd),
          entry(Ctc.CTC, CtcKernels::forward),
          entry(Ctc.CTC_BACKWARD, CtcKernels::backward));

  private static final Map<Operator, KernelFactory> ALL =
      KernelFactory.merged(
          List.of(
              KERNELS,
              PointwiseKernels.KERNELS,
              ScanKernels.KERNELS,
              SortKernels.KERNELS,
              ScatterKernels.KERNELS,
              LapackKernels.KERNELS));

  @Override
  public String name() {
    return "host";
  }

  @Override
  public int priority() {
    return BUILT_IN - 1;
  }

  @Override
  public @Nullable Kernel prepare(OpCall call) {
    KernelFactory factory = ALL.get(call.operator());
    return factory == null || !Memory.isAddressable(call) ? null : factory.make(call);
  }
}
