package io.fulgur.onednn;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.ConvolutionOperators;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kernels of oneDNN in {@link DType#F32} and, where the processor has instructions for it, {@link
 * DType#BF16}. In use where it is on the class path and its natives load; {@code
 * -Dfulgur.kernels.exclude=onednn} leaves it out.
 *
 * <p>Which calls it takes is a fixed rule of operator, type and size, so that two runs of a program
 * compute the same bits. The rules are from measurements by {@code KernelComparison} in the tests.
 *
 * @since 0.1
 */
public final class OneDnnKernelProvider implements KernelProvider {
  private static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(Operators.MATMUL, ProductKernels::matmul),
          entry(Operators.LINEAR, ProductKernels::linear),
          entry(ConvolutionOperators.CONVOLUTION, ConvolutionKernels::forward),
          entry(ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT, ConvolutionKernels::backwardInput),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT,
              ConvolutionKernels::backwardWeight));

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public int priority() {
    return PLUGIN;
  }

  @Override
  public boolean prefersChannelsLast(DType dtype) {
    return MemoryDescriptors.supports(dtype) && OneDnn.isLoaded();
  }

  @Override
  public @Nullable Kernel prepare(OpCall call) {
    KernelFactory factory = KERNELS.get(call.operator());
    if (factory == null || !MemoryDescriptors.supports(call.output(0).dtype()) || isEmpty(call)) {
      return null;
    }
    return OneDnn.isLoaded() ? factory.make(call) : null;
  }

  /**
   * Returns whether an operand has no elements; oneDNN's kernels do not agree on what to do then.
   */
  private static boolean isEmpty(OpCall call) {
    for (int i = 0; i < call.inputs(); i++) {
      View input = call.input(i);
      if (input.elements() == 0) {
        return true;
      }
    }
    return call.outputs() == 0;
  }
}
