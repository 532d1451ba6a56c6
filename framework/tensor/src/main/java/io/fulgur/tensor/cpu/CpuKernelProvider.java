package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.functional.CrossEntropyOperators;
import io.fulgur.tensor.functional.NormalizationOperators;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kernels written in Java, and BLAS for small products. The one place that chooses between them and
 * ND4J's: what this provider declines goes to ND4J.
 *
 * <p>The choice was made by measurement: for small tensors the call into native code dominates
 * (about 1 us against 0.1 us here); fused operators save passes over memory; and some of ND4J's
 * kernels are far off (dropout, sparse cross-entropy, layer-norm backward, Adam).
 *
 * @since 0.1
 */
public final class CpuKernelProvider implements KernelProvider {
  private static final Map<Operator, KernelFactory> F64 =
      Map.ofEntries(entry(Operators.MATMUL, BlasKernels::matmul));

  private static final Map<Operator, KernelFactory> BASIC =
      Map.ofEntries(
          entry(Operators.CAST, CastKernels::cast),
          entry(Operators.FILL, UnaryKernels::fill),
          entry(Operators.AFFINE, UnaryKernels::affine),
          entry(Operators.CLAMP, UnaryKernels::clamp),
          entry(Operators.ABS, UnaryKernels.of(UnaryKernels::abs)),
          entry(Operators.SQUARE, UnaryKernels.of(UnaryKernels::square)),
          entry(Operators.SQRT, UnaryKernels.of(UnaryKernels::sqrt)),
          entry(Operators.RECIPROCAL, UnaryKernels.of(UnaryKernels::reciprocal)),
          entry(Operators.RELU, UnaryKernels.of(UnaryKernels::relu)),
          entry(Operators.ADD, BinaryKernels.of(BinaryKernels::add)),
          entry(Operators.SUB, BinaryKernels.of(BinaryKernels::sub)),
          entry(Operators.MUL, BinaryKernels.of(BinaryKernels::mul)),
          entry(Operators.DIV, BinaryKernels.of(BinaryKernels::div)),
          entry(Operators.MAXIMUM, BinaryKernels.of(BinaryKernels::maximum)),
          entry(Operators.MINIMUM, BinaryKernels.of(BinaryKernels::minimum)),
          entry(Operators.TANH_BACKWARD, BinaryKernels.of(BinaryKernels::tanhBackward)),
          entry(Operators.SIGMOID_BACKWARD, BinaryKernels.of(BinaryKernels::sigmoidBackward)),
          entry(Operators.SUM, ReductionKernels::sum),
          entry(Operators.MEAN, ReductionKernels::mean),
          entry(Operators.SOFTMAX, RowKernels::softmax),
          entry(Operators.LOG_SOFTMAX, RowKernels::logSoftmax),
          entry(Operators.SOFTMAX_BACKWARD, RowKernels::softmaxBackward),
          entry(Operators.LOG_SOFTMAX_BACKWARD, RowKernels::logSoftmaxBackward),
          entry(Operators.MATMUL, BlasKernels::matmul),
          entry(Operators.LINEAR, BlasKernels::linear),
          entry(CrossEntropyOperators.CROSS_ENTROPY, CrossEntropyKernel::forward),
          entry(CrossEntropyOperators.CROSS_ENTROPY_BACKWARD, CrossEntropyKernel::backward),
          entry(CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY, WeightedCrossEntropyKernel::forward),
          entry(
              CrossEntropyOperators.WEIGHTED_CROSS_ENTROPY_BACKWARD,
              WeightedCrossEntropyKernel::backward),
          entry(Operators.DROPOUT, DropoutKernels::dropout),
          entry(Operators.MASKED_SCALE, DropoutKernels::maskedScale),
          entry(NormalizationOperators.LAYER_NORM, LayerNormKernels::forward),
          entry(NormalizationOperators.LAYER_NORM_BACKWARD, LayerNormKernels::backward));

  private static final Map<Operator, KernelFactory> F32 =
      KernelFactory.merged(
          List.of(
              BASIC,
              ActivationKernels.KERNELS,
              ExtremumKernels.KERNELS,
              RecurrentKernels.KERNELS,
              AttentionKernels.KERNELS,
              EmbeddingKernels.KERNELS,
              OptimizerStepKernels.KERNELS,
              ConvolutionKernels.KERNELS,
              PoolingKernels.KERNELS,
              NormalizationKernels.KERNELS));

  /** Makes the provider, and keeps OpenBLAS from starting threads of its own. */
  public CpuKernelProvider() {
    BlasKernels.useCallingThread();
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int priority() {
    return BUILT_IN;
  }

  @Override
  public @Nullable Kernel prepare(OpCall call) {
    KernelFactory factory = factory(call);
    if (factory == null || !Memory.isAddressable(call)) {
      return null;
    }
    return factory.make(call);
  }

  private static @Nullable KernelFactory factory(OpCall call) {
    Operator operator = call.operator();
    if (call.hasSixteenBit()) {
      return Floats.take(call) ? F32.get(operator) : null;
    }
    return switch (call.output(0).dtype()) {
      case F32 -> F32.get(operator);
      case F64 -> F64.get(operator);
      case I64 -> ExtremumKernels.PLACES.get(operator);
      default -> null;
    };
  }
}
