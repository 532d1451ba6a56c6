package io.fulgur.tensor.nd4j;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Operators.Axes;
import io.fulgur.tensor.View;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J's kernels for the basic operators, of every type. Asked last.
 *
 * <p>Index operators need no arithmetic and are not here; the kernels in {@code
 * io.fulgur.tensor.cpu} take them for every type.
 */
final class Nd4jKernelProvider implements KernelProvider {
  /** Makes a kernel of a call. */
  @FunctionalInterface
  private interface Factory {
    Kernel make(OpCall call);
  }

  private final EngineStatistics statistics;
  private final Map<Operator, Factory> factories;

  Nd4jKernelProvider(EngineStatistics statistics) {
    this.statistics = statistics;
    this.factories =
        Map.ofEntries(
            entry(Operators.COPY, call -> assign(call)),
            entry(Operators.FILL, call -> new ScalarKernel(call, "assign", this::op, 0, false)),
            entry(Operators.CAST, call -> op("cast", arrays(call)).type(call.output(0).dtype())),
            entry(Operators.AFFINE, this::affine),
            entry(Operators.POW_SCALAR, call -> new ScalarKernel(call, "Pow", this::op, 0, true)),
            entry(Operators.CLAMP, this::clamp),
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
            entry(Operators.ADD, named("add")),
            entry(Operators.SUB, named("subtract")),
            entry(Operators.MUL, named("multiply")),
            entry(Operators.DIV, named("divide")),
            entry(Operators.POW, named("Pow")),
            entry(Operators.MAXIMUM, named("maximum")),
            entry(Operators.MINIMUM, named("minimum")),
            entry(Operators.EQ, named("equals")),
            entry(Operators.NE, named("not_equals")),
            entry(Operators.LT, named("less")),
            entry(Operators.LE, named("less_equal")),
            entry(Operators.GT, named("greater")),
            entry(Operators.GE, named("greater_equal")),
            entry(Operators.LOGICAL_AND, named("boolean_and")),
            entry(Operators.LOGICAL_OR, named("boolean_or")),
            entry(Operators.LOGICAL_XOR, named("boolean_xor")),
            entry(Operators.WHERE, named("Where")),
            entry(Operators.SUM, reduction("reduce_sum")),
            entry(Operators.MEAN, reduction("reduce_mean")),
            entry(Operators.PROD, reduction("reduce_prod")),
            entry(Operators.MAX, reduction("reduce_max")),
            entry(Operators.MIN, reduction("reduce_min")),
            entry(Operators.ANY, call -> new TruthReduction(call, 0)),
            entry(Operators.ALL, call -> new TruthReduction(call, 1)),
            entry(Operators.ARGMAX, reduction("argmax")),
            entry(Operators.ARGMIN, reduction("argmin")),
            entry(Operators.SOFTMAX, alongAxis("softmax")),
            entry(Operators.LOG_SOFTMAX, alongAxis("log_softmax")),
            entry(Operators.INDEX_SELECT, alongAxis("gather")),
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

  @Override
  public boolean offers(Operator operator, DType dtype) {
    return factories.containsKey(operator);
  }

  @Override
  public Kernel prepare(OpCall call) {
    Factory factory = factories.get(call.operator());
    if (factory == null) {
      throw new IllegalArgumentException("Not offered: " + call);
    }
    return factory.make(call);
  }

  private ContextKernel op(String name, INDArray[][] arrays) {
    statistics.countContext();
    return new ContextKernel(name, arrays[0], arrays[1]);
  }

  private Factory named(String name) {
    return call -> op(name, arrays(call));
  }

  private static Factory transform(Transform family, int number) {
    return call -> new TransformKernel(call, family, number);
  }

  private Factory alongAxis(String name) {
    return call -> op(name, arrays(call)).integers(call.attributes(Integer.class));
  }

  private Factory reduction(String name) {
    return call -> {
      Axes axes = call.attributes(Axes.class);
      int rank = call.input(0).shape().rank();
      if (rank == 0 || axes.mask() == 0) {
        return name.startsWith("arg")
            ? () -> Nd4jArrays.of(call.output(0)).assign(0)
            : assign(call);
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

  private Kernel clamp(OpCall call) {
    ScalarKernel low = new ScalarKernel(call, "maximum", this::op, 0, true);
    ScalarKernel high = new ScalarKernel(call, "minimum", this::op, 1, false);
    return Kernels.inOrder(low, high);
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
    INDArray[][] arrays = {
      {matrix(a, transposeA), matrix(b, transposeB)}, {Nd4jArrays.of(call.output(0))}
    };
    return op("matmul", arrays)
        .integers(transposeA ? 1 : 0, transposeB ? 1 : 0, 0)
        .reals(1, accumulate ? 1 : 0);
  }

  private Kernel linear(OpCall call) {
    INDArray x = Nd4jArrays.of(call.input(0));
    INDArray weight = Nd4jArrays.of(call.input(1));
    INDArray bias = Nd4jArrays.of(call.input(2));
    INDArray y = Nd4jArrays.of(call.output(0));
    if (x.columns() == 0) {
      return () -> y.assign(bias.broadcast(y.shape()));
    }
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
