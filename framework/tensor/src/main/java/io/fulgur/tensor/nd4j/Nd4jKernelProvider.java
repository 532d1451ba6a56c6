package io.fulgur.tensor.nd4j;

import static java.util.Map.entry;

import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Operators.Axes;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.ConvolutionOperators;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J's kernels for the basic operators, of every type. Asked last.
 *
 * <p>Operators that ND4J lacks or gets wrong are not here; {@link
 * io.fulgur.tensor.cpu.HostKernelProvider} takes them for every type.
 */
final class Nd4jKernelProvider implements KernelProvider {
  /** Makes a kernel of a call. */
  @FunctionalInterface
  private interface Factory {
    @Nullable Kernel make(OpCall call);
  }

  private final EngineStatistics statistics;
  private final Map<Operator, Factory> factories;

  Nd4jKernelProvider(EngineStatistics statistics) {
    this.statistics = statistics;
    Nd4jConvolutions convolutions = new Nd4jConvolutions(statistics);
    this.factories =
        Map.ofEntries(
            entry(ConvolutionOperators.CONVOLUTION, convolutions::forward),
            entry(ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT, convolutions::backwardInput),
            entry(ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT, convolutions::backwardWeight),
            entry(Operators.COPY, call -> assign(call)),
            entry(Operators.FILL, call -> new ScalarKernel(call, "assign", this::op, 0, false)),
            entry(
                Operators.CAST,
                call -> op("cast", arrays(call)).type(Nd4jStorage.type(call.output(0).dtype()))),
            entry(Operators.AFFINE, this::affine),
            entry(Operators.POW_SCALAR, call -> new ScalarKernel(call, "Pow", this::op, 0, true)),
            entry(Operators.ABS, transform(Transform.SAME, 0)),
            entry(Operators.SIGN, transform(Transform.SAME, 1)),
            entry(Operators.SQUARE, transform(Transform.SAME, 12)),
            entry(Operators.EXP, transform(Transform.STRICT, 23)),
            entry(Operators.EXPM1, transform(Transform.STRICT, 51)),
            entry(Operators.LOG, transform(Transform.STRICT, 24)),
            entry(Operators.LOG1P, transform(Transform.STRICT, 44)),
            entry(Operators.SQRT, transform(Transform.FLOAT, 1)),
            entry(Operators.RSQRT, transform(Transform.FLOAT, 3)),
            entry(Operators.RECIPROCAL, transform(Transform.SAME, 11)),
            entry(Operators.SIN, transform(Transform.STRICT, 27)),
            entry(Operators.COS, transform(Transform.STRICT, 22)),
            entry(Operators.TANH, transform(Transform.STRICT, 29)),
            entry(Operators.SIGMOID, transform(Transform.STRICT, 26)),
            entry(Operators.ERF, transform(Transform.STRICT, 45)),
            entry(Operators.FLOOR, transform(Transform.SAME, 18)),
            entry(Operators.CEIL, transform(Transform.SAME, 17)),
            entry(Operators.ROUND, transform(Transform.STRICT, 48)),
            entry(Operators.RELU, call -> op("relu", arrays(call)).reals(0)),
            entry(Operators.IS_NAN, transform(Transform.BOOL, 2)),
            entry(Operators.IS_FINITE, transform(Transform.BOOL, 3)),
            entry(Operators.LOGICAL_NOT, call -> op("boolean_not", arrays(call))),
            entry(Operators.ADD, broadcasting("add")),
            entry(Operators.SUB, broadcasting("subtract")),
            entry(Operators.MUL, broadcasting("multiply")),
            entry(Operators.DIV, broadcasting("divide")),
            entry(Operators.POW, broadcasting("Pow")),
            entry(Operators.EQ, broadcasting("equals")),
            entry(Operators.NE, broadcasting("not_equals")),
            entry(Operators.LT, broadcasting("less")),
            entry(Operators.LE, broadcasting("less_equal")),
            entry(Operators.GT, broadcasting("greater")),
            entry(Operators.GE, broadcasting("greater_equal")),
            entry(Operators.LOGICAL_AND, broadcasting("boolean_and")),
            entry(Operators.LOGICAL_OR, broadcasting("boolean_or")),
            entry(Operators.LOGICAL_XOR, broadcasting("boolean_xor")),
            entry(Operators.SUM, reduction("reduce_sum", 0)),
            entry(Operators.MEAN, reduction("reduce_mean", Double.NaN)),
            entry(Operators.PROD, reduction("reduce_prod", 1)),
            entry(Operators.ANY, call -> new TruthReduction(call, 0)),
            entry(Operators.ALL, call -> new TruthReduction(call, 1)),
            entry(Operators.SOFTMAX, this::softmax),
            entry(Operators.MATMUL, this::matmul),
            entry(Operators.LINEAR, this::linear));
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public int priority() {
    return LAST;
  }

  /**
   * ND4J's own kernels add 16-bit numbers up in 16 bits, so that a sum of a thousand ones is 256;
   * its 16-bit products are a scalar loop; and its 0 and -0 of 16 bits are not equal.
   */
  private static final Set<Operator> NOT_IN_SIXTEEN_BITS =
      Set.of(
          Operators.SUM,
          Operators.MEAN,
          Operators.PROD,
          Operators.SOFTMAX,
          Operators.MATMUL,
          Operators.LINEAR,
          Operators.EQ,
          Operators.NE,
          Operators.LT,
          Operators.LE,
          Operators.GT,
          Operators.GE);

  @Override
  public @Nullable Kernel prepare(OpCall call) {
    Factory factory = factories.get(call.operator());
    if (factory == null
        || (call.hasSixteenBit() && NOT_IN_SIXTEEN_BITS.contains(call.operator()))) {
      return null;
    }
    return factory.make(call);
  }

  private ContextKernel op(String name, INDArray[][] arrays) {
    statistics.countContext();
    return new ContextKernel(name, arrays[0], arrays[1]);
  }

  /**
   * ND4J takes the shape of the operand with more elements where one has several and the other a
   * single one, also if that has more dimensions; so both get the output's rank.
   */
  private Factory broadcasting(String name) {
    return call -> {
      View out = call.output(0);
      INDArray[] inputs = {raised(call.input(0), out), raised(call.input(1), out)};
      return op(name, new INDArray[][] {inputs, {Nd4jArrays.of(out)}});
    };
  }

  private static INDArray raised(View view, View out) {
    int rank = view.shape().rank();
    int extra = out.shape().rank() - rank;
    if (extra == 0 || rank == 0) {
      return Nd4jArrays.of(view);
    }
    Shape shape = view.shape();
    for (int i = 0; i < extra; i++) {
      shape = shape.inserted(0, 1);
    }
    return Nd4jArrays.of(view, shape.toArray(), shape.contiguousStrides());
  }

  private static Factory transform(Transform family, int number) {
    return call -> new TransformKernel(call, family, number);
  }

  private Kernel softmax(OpCall call) {
    return op("softmax", arrays(call)).integers(call.attributes(Integer.class));
  }

  /**
   * A reduction.
   *
   * @param ofNothing the result over an empty dimension
   */
  private Factory reduction(String name, double ofNothing) {
    return call -> {
      if (call.input(0).elements() == 0) {
        INDArray target = Nd4jArrays.of(call.output(0));
        return () -> target.assign(ofNothing);
      }
      Axes axes = call.attributes(Axes.class);
      int rank = call.input(0).shape().rank();
      if (rank == 0 || axes.mask() == 0) {
        return assign(call);
      }
      long[] dims = IntStream.range(0, rank).filter(axes::contains).mapToLong(i -> i).toArray();
      return op(name, arrays(call)).integers(dims).flags(axes.keepDim());
    };
  }

  private Kernel affine(OpCall call) {
    // Integers and half precision go through the same two kernels, which round once each.
    ScalarKernel scale = new ScalarKernel(call, "multiply", this::op, 0, true);
    ScalarKernel shift = new ScalarKernel(call, "add", this::op, 1, false);
    return Kernels.inOrder(scale, shift);
  }

  private Kernel assign(OpCall call) {
    INDArray source = Nd4jArrays.of(call.input(0));
    INDArray target = Nd4jArrays.of(call.output(0));
    if (call.output(0).elements() == 1) {
      return () -> target.assign(source);
    }
    return op("assign", new INDArray[][] {{target, source.reshape(target.shape())}, {target}});
  }

  private Kernel matmul(OpCall call) {
    View a = call.input(0);
    View b = call.input(1);
    boolean accumulate = call.attributes(Boolean.class);
    if (a.shape().size(-1) == 0) {
      INDArray target = Nd4jArrays.of(call.output(0));
      return accumulate ? () -> {} : () -> target.assign(0);
    }
    boolean transposeA = byColumns(a);
    boolean transposeB = byColumns(b);
    INDArray[] inputs = {matrix(a, transposeA), matrix(b, transposeB)};
    return op("matmul", new INDArray[][] {inputs, {Nd4jArrays.of(call.output(0))}})
        .integers(transposeA ? 1 : 0, transposeB ? 1 : 0, 0)
        .reals(1, accumulate ? 1 : 0);
  }

  private Kernel linear(OpCall call) {
    INDArray bias = Nd4jArrays.of(call.input(2));
    INDArray y = Nd4jArrays.of(call.output(0));
    if (call.input(0).elements() == 0) {
      return () -> y.assign(bias.broadcast(y.shape()));
    }
    INDArray x = Nd4jArrays.of(call.input(0));
    INDArray weight = Nd4jArrays.of(call.input(1));
    return Kernels.inOrder(
        op("matmul", new INDArray[][] {{x, weight}, {y}}).integers(0, 1, 0).reals(1, 0),
        op("biasadd", new INDArray[][] {{y, bias}, {y}}).flags(false));
  }

  private static boolean byColumns(View view) {
    int rank = view.shape().rank();
    return view.stride(rank - 1) != 1 && view.stride(rank - 2) == 1;
  }

  private static INDArray matrix(View view, boolean transpose) {
    long[] shape = view.shape().toArray();
    long[] strides = view.strides();
    if (transpose) {
      swapLast(shape);
      swapLast(strides);
    }
    return Nd4jArrays.of(view, shape, strides);
  }

  private static void swapLast(long[] values) {
    int last = values.length - 1;
    long value = values[last];
    values[last] = values[last - 1];
    values[last - 1] = value;
  }

  private static INDArray[][] arrays(OpCall call) {
    return new INDArray[][] {
      IntStream.range(0, call.inputs())
          .mapToObj(i -> Nd4jArrays.of(call.input(i)))
          .toArray(INDArray[]::new),
      IntStream.range(0, call.outputs())
          .mapToObj(i -> Nd4jArrays.of(call.output(i)))
          .toArray(INDArray[]::new)
    };
  }
}
