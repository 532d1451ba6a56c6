package io.fulgur.onednn;

import static java.util.Map.entry;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_div;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_sub;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh_use_dst_for_bwd;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.ConvolutionOperators;
import io.fulgur.tensor.functional.NormalizationOperators;
import io.fulgur.tensor.functional.PoolingOperators;
import io.fulgur.tensor.functional.RecurrentOperators;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kernels of oneDNN in {@link DType#F32} and, where the processor has instructions for it, {@link
 * DType#BF16}. In use where it is on the class path and its natives load; {@code
 * -Dfulgur.kernels.exclude=onednn} leaves it out.
 *
 * <p>Which calls it takes is a fixed rule of operator, type and size, so that two runs of a program
 * compute the same bits: {@link Rules}.
 *
 * @since 0.1
 */
public final class OneDnnKernelProvider implements KernelProvider {
  /** All kernels there are, whether or not they are better than others. */
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(Operators.MATMUL, ProductKernels::matmul),
          entry(Operators.LINEAR, ProductKernels::linear),
          entry(Operators.CAST, ElementwiseKernels::cast),
          entry(Operators.TANH, ElementwiseKernels.forward(dnnl_eltwise_tanh)),
          entry(Operators.SIGMOID, ElementwiseKernels.forward(dnnl_eltwise_logistic)),
          entry(Operators.GELU, ElementwiseKernels::gelu),
          entry(
              Operators.RELU_BACKWARD,
              ElementwiseKernels.backward(dnnl_eltwise_relu_use_dst_for_bwd, DNNL_ARG_DST)),
          entry(
              Operators.TANH_BACKWARD,
              ElementwiseKernels.backward(dnnl_eltwise_tanh_use_dst_for_bwd, DNNL_ARG_DST)),
          entry(
              Operators.SIGMOID_BACKWARD,
              ElementwiseKernels.backward(dnnl_eltwise_logistic_use_dst_for_bwd, DNNL_ARG_DST)),
          entry(Operators.GELU_BACKWARD, ElementwiseKernels::geluBackward),
          entry(Operators.ADD, ElementwiseKernels.binary(dnnl_binary_add)),
          entry(Operators.SUB, ElementwiseKernels.binary(dnnl_binary_sub)),
          entry(Operators.MUL, ElementwiseKernels.binary(dnnl_binary_mul)),
          entry(Operators.DIV, ElementwiseKernels.binary(dnnl_binary_div)),
          entry(Operators.SOFTMAX_BACKWARD, SoftmaxKernels::softmaxBackward),
          entry(Operators.LOG_SOFTMAX_BACKWARD, SoftmaxKernels::logSoftmaxBackward),
          entry(ConvolutionOperators.CONVOLUTION, ConvolutionKernels::forward),
          entry(ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT, ConvolutionKernels::backwardInput),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT, ConvolutionKernels::backwardWeight),
          entry(RecurrentOperators.RECURRENT, LayerKernels::recurrent),
          entry(RecurrentOperators.RECURRENT_BACKWARD, LayerKernels::recurrentBackward),
          entry(PoolingOperators.MAX_POOL, PoolingKernels::max),
          entry(PoolingOperators.MAX_POOL_BACKWARD, PoolingKernels::maxBackward),
          entry(PoolingOperators.AVERAGE_POOL, PoolingKernels::average),
          entry(PoolingOperators.AVERAGE_POOL_BACKWARD, PoolingKernels::averageBackward),
          entry(NormalizationOperators.BATCH_NORM, BatchNormKernels::forward),
          entry(NormalizationOperators.BATCH_NORM_INFERENCE, BatchNormKernels::inference),
          entry(NormalizationOperators.BATCH_NORM_BACKWARD, BatchNormKernels::backward));

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
    if (factory == null
        || !MemoryDescriptors.supports(call.output(0).dtype())
        || isEmpty(call)
        || !Rules.isBetter(call)
        || !OneDnn.isLoaded()) {
      return null;
    }
    return make(factory, call);
  }

  static @Nullable Kernel make(KernelFactory factory, OpCall call) {
    if (!Rules.isSmall(call)) {
      return factory.make(call, /* alone= */ false);
    }
    return OpenMp.isAvailable() ? OpenMp.alone(() -> factory.make(call, /* alone= */ true)) : null;
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
