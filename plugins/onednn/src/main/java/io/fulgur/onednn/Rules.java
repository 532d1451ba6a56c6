package io.fulgur.onednn;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.ConvolutionOperators;
import io.fulgur.tensor.functional.RecurrentOperators;
import io.fulgur.tensor.functional.RecurrentOperators.Layer;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Which calls are better computed here than by the kernels that would be asked next, and which are
 * too small for several threads. Fixed numbers, read off the table that {@code KernelComparison} in
 * the tests prints, and not measured when a program runs: then two runs could differ in their bits.
 */
final class Rules {
  /** In single precision the Java kernels are as fast or faster up to so many elements. */
  private static final Map<Operator, Long> FEWEST_SINGLE =
      Map.ofEntries(
          entry(Operators.ADD, Long.MAX_VALUE),
          entry(Operators.SUB, Long.MAX_VALUE),
          entry(Operators.MUL, Long.MAX_VALUE),
          entry(Operators.DIV, Long.MAX_VALUE),
          entry(Operators.TANH_BACKWARD, Long.MAX_VALUE),
          entry(Operators.SIGMOID_BACKWARD, Long.MAX_VALUE),
          entry(Operators.RELU_BACKWARD, 1024L));

  /** What takes about 20 us on one thread; waking another takes longer. */
  private static final long MOST_PRODUCTS_ALONE = 1 << 20;

  private static final long MOST_ELEMENTS_ALONE = 1 << 15;

  /** Multiply-adds of operators that consist of them. */
  private static final Map<Operator, ToLongFunction<OpCall>> PRODUCTS =
      Map.ofEntries(
          entry(
              Operators.MATMUL, call -> call.output(0).elements() * call.input(0).shape().size(-1)),
          entry(
              Operators.LINEAR, call -> call.output(0).elements() * call.input(0).shape().size(-1)),
          entry(RecurrentOperators.RECURRENT, call -> recurrent(call, 0)),
          entry(
              RecurrentOperators.RECURRENT_BACKWARD,
              call ->
                  recurrent(call, RecurrentOperators.forwardInputs(call.attributes(Layer.class)))),
          entry(
              ConvolutionOperators.CONVOLUTION,
              call -> call.output(0).elements() * filter(call.input(1).shape().toArray())),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT,
              call -> call.input(0).elements() * filter(call.input(1).shape().toArray())),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT,
              call -> call.input(0).elements() * filter(call.output(0).shape().toArray())));

  private Rules() {}

  /** Returns how many products make one output of a convolution. */
  private static long filter(long[] weight) {
    long product = 1;
    for (int i = 1; i < weight.length; i++) {
      product *= weight[i];
    }
    return product;
  }

  /** Returns how many products all steps of a recurrent layer consist of. */
  private static long recurrent(OpCall call, int first) {
    View x = call.input(first);
    int weights = first + RecurrentOperators.weights(call.attributes(Layer.class));
    return x.shape().size(0)
        * x.shape().size(1)
        * (call.input(weights).elements() + call.input(weights + 1).elements());
  }

  /** Returns whether a call that there is a kernel for is to be computed by it. */
  static boolean isBetter(OpCall call) {
    if (call.output(0).dtype() != DType.F32) {
      // The others compute 16-bit numbers by way of single precision, in several passes.
      return true;
    }
    return call.output(0).elements() >= FEWEST_SINGLE.getOrDefault(call.operator(), 0L);
  }

  /** Returns whether the calling thread has a call computed before another would be awake. */
  static boolean isSmall(OpCall call) {
    ToLongFunction<OpCall> products = PRODUCTS.get(call.operator());
    return products == null
        ? call.output(0).elements() <= MOST_ELEMENTS_ALONE
        : products.applyAsLong(call) <= MOST_PRODUCTS_ALONE;
  }
}
