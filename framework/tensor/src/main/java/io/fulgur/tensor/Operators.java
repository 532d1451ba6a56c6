package io.fulgur.tensor;

import io.fulgur.tensor.Operator.Output;

/**
 * The operators that kernels are written for.
 *
 * <p><em>Basic</em> operators are taken by every engine. <em>Composite</em> ones bring a {@link
 * Composition} of basic ones for calls that no provider takes. In the signatures below, {@code a ->
 * b} are inputs and outputs, {@code s0, s1} scalars.
 *
 * @since 0.1
 */
public final class Operators {
  /** Attributes of an operator that has none. */
  public static final Object NONE = "";

  // Moving data.

  /** {@code x -> y}: copies elements; input and output may have any strides. */
  public static final Operator COPY = Operator.of("copy", Operators::sameAsFirst);

  /** {@code -> y}: sets every element to s0; only into given memory. */
  public static final Operator FILL = Operator.of("fill", Operators::intoGiven);

  /**
   * {@code x -> y}: converts to the {@link DType} that is the attribute; floats truncate to
   * integers.
   */
  public static final Operator CAST = Operator.of("cast", (a, in) -> one((DType) a, in[0].shape()));

  // Element-wise with scalars.

  /** {@code x -> y}: {@code y = x * s0 + s1}. */
  public static final Operator AFFINE = Operator.of("affine", Operators::sameAsFirst);

  /** {@code x -> y}: {@code y = x ^ s0}. */
  public static final Operator POW_SCALAR = Operator.of("pow", floating("pow")).inSinglePrecision();

  /** {@code x -> y}: {@code y = min(max(x, s0), s1)}; NaN stays NaN. */
  public static final Operator CLAMP = Operator.of("clamp", Operators::sameAsFirst);

  // Element-wise with one input.

  public static final Operator ABS = Operator.of("abs", Operators::sameAsFirst);
  public static final Operator SIGN = Operator.of("sign", Operators::sameAsFirst);
  public static final Operator SQUARE = Operator.of("square", Operators::sameAsFirst);
  public static final Operator EXP = Operator.of("exp", floating("exp")).inSinglePrecision();
  public static final Operator EXPM1 = Operator.of("expm1", floating("expm1")).inSinglePrecision();
  public static final Operator LOG = Operator.of("log", floating("log")).inSinglePrecision();
  public static final Operator LOG1P = Operator.of("log1p", floating("log1p")).inSinglePrecision();
  public static final Operator SQRT = Operator.of("sqrt", floating("sqrt"));
  public static final Operator RSQRT = Operator.of("rsqrt", floating("rsqrt")).inSinglePrecision();
  public static final Operator RECIPROCAL =
      Operator.of("reciprocal", floating("reciprocal")).inSinglePrecision();
  public static final Operator SIN = Operator.of("sin", floating("sin"));
  public static final Operator COS = Operator.of("cos", floating("cos"));
  public static final Operator TANH = Operator.of("tanh", floating("tanh"));
  public static final Operator SIGMOID = Operator.of("sigmoid", floating("sigmoid"));
  public static final Operator ERF = Operator.of("erf", floating("erf"));
  public static final Operator FLOOR = Operator.of("floor", floating("floor"));
  public static final Operator CEIL = Operator.of("ceil", floating("ceil"));

  /** Rounds half to even. */
  public static final Operator ROUND = Operator.of("round", floating("round"));

  public static final Operator RELU = Operator.of("relu", Operators::sameAsFirst);
  public static final Operator IS_NAN = Operator.of("isNan", Operators::boolAsFirst);
  public static final Operator IS_FINITE = Operator.of("isFinite", Operators::boolAsFirst);

  /** {@code x -> y}: of {@link DType#BOOL}. */
  public static final Operator LOGICAL_NOT = Operator.of("logicalNot", Operators::logicalUnary);

  // Element-wise with two inputs of one type, broadcast by NumPy's rules. The output may be an
  // input.

  public static final Operator ADD = Operator.of("add", binary("add"));
  public static final Operator SUB = Operator.of("sub", binary("sub"));
  public static final Operator MUL = Operator.of("mul", binary("mul"));

  /** Division; of integers it truncates towards zero. */
  public static final Operator DIV = Operator.of("div", binary("div"));

  public static final Operator POW = Operator.of("pow", binary("pow")).inSinglePrecision();
  public static final Operator MAXIMUM = Operator.of("maximum", binary("maximum"));
  public static final Operator MINIMUM = Operator.of("minimum", binary("minimum"));
  public static final Operator EQ = Operator.of("eq", comparison("eq"));
  public static final Operator NE = Operator.of("ne", comparison("ne"));
  public static final Operator LT = Operator.of("lt", comparison("lt"));
  public static final Operator LE = Operator.of("le", comparison("le"));
  public static final Operator GT = Operator.of("gt", comparison("gt"));
  public static final Operator GE = Operator.of("ge", comparison("ge"));
  public static final Operator LOGICAL_AND = Operator.of("logicalAnd", logical("logicalAnd"));
  public static final Operator LOGICAL_OR = Operator.of("logicalOr", logical("logicalOr"));
  public static final Operator LOGICAL_XOR = Operator.of("logicalXor", logical("logicalXor"));

  /** {@code condition, a, b -> y}, all three broadcast: {@code y = condition ? a : b}. */
  public static final Operator WHERE =
      Operator.of(
          "where",
          (attributes, in) ->
              one(
                  in[1].dtype(),
                  Shape.broadcast(
                      "where",
                      in[0].shape(),
                      Shape.broadcast("where", in[1].shape(), in[2].shape()))));

  // Reductions. The attribute is Axes.

  public static final Operator SUM = Operator.of("sum", Operators::reduced).inSinglePrecision();
  public static final Operator MEAN = Operator.of("mean", Operators::reduced).inSinglePrecision();
  public static final Operator PROD = Operator.of("prod", Operators::reduced).inSinglePrecision();
  public static final Operator MAX = Operator.of("max", Operators::reducedNonEmpty);
  public static final Operator MIN = Operator.of("min", Operators::reducedNonEmpty);
  public static final Operator ANY = Operator.of("any", Operators::reduced);
  public static final Operator ALL = Operator.of("all", Operators::reduced);

  /** {@code x -> index} of {@link DType#I64}; the first of equal elements; one axis only. */
  public static final Operator ARGMAX = Operator.of("argmax", Operators::reducedIndex);

  /** {@code x -> index} of {@link DType#I64}; the first of equal elements; one axis only. */
  public static final Operator ARGMIN = Operator.of("argmin", Operators::reducedIndex);

  // Along one axis. The attribute is the axis, an Integer counted from the front.

  public static final Operator SOFTMAX =
      Operator.of("softmax", floating("softmax")).inSinglePrecision();
  public static final Operator LOG_SOFTMAX =
      Operator.of("logSoftmax", floating("logSoftmax")).inSinglePrecision();

  /** {@code x, index -> y}: {@code y[i][j][k] = x[i][index[i][j][k]][k]} for axis 1. */
  public static final Operator GATHER =
      Operator.of("gather", (attributes, in) -> one(in[0].dtype(), in[1].shape()));

  /**
   * {@code x, index -> y}: {@code y[i][index[i][j][k]][k] += x[i][j][k]}; only into given memory.
   */
  public static final Operator SCATTER_ADD = Operator.of("scatterAdd", Operators::intoGiven);

  /** {@code x, index[n] -> y}: {@code y[i][j][k] = x[i][index[j]][k]} for axis 1. */
  public static final Operator INDEX_SELECT =
      Operator.of(
          "indexSelect",
          (axis, in) ->
              one(in[0].dtype(), in[0].shape().withSize((Integer) axis, in[1].elements())));

  /** {@code x, index[n] -> y}: {@code y[i][index[j]][k] += x[i][j][k]}; only into given memory. */
  public static final Operator INDEX_ADD = Operator.of("indexAdd", Operators::intoGiven);

  // Products.

  /**
   * {@code a[..., m, k], b[..., k, n] -> y[..., m, n]}: batch dimensions equal, inputs of any
   * strides. The attribute is a Boolean: add to the output instead of setting it.
   */
  public static final Operator MATMUL = Operator.of("matmul", Operators::matmul).inLowerPrecision();

  // Composite operators.

  /** {@code x[n, in], weight[out, in], bias[out] -> y[n, out]}. */
  public static final Operator LINEAR =
      Operator.of(
              "linear",
              (attributes, in) ->
                  one(in[0].dtype(), Shape.of(in[0].shape().size(0), in[1].shape().size(0))),
              Composition.of((call, in) -> in[0].matmul(in[1].transpose(0, 1)).add(in[2])))
          .inLowerPrecision();

  /** {@code grad, y -> dx} for {@code y = relu(x)}. */
  public static final Operator RELU_BACKWARD =
      composite("reluBackward", (call, in) -> in[0].mul(in[1].ne(0).to(in[0].dtype())));

  /** {@code grad, y -> dx} for {@code y = tanh(x)}. */
  public static final Operator TANH_BACKWARD =
      composite("tanhBackward", (call, in) -> in[0].mul(in[1].square().neg().add(1)));

  /** {@code grad, y -> dx} for {@code y = sigmoid(x)}. */
  public static final Operator SIGMOID_BACKWARD =
      composite("sigmoidBackward", (call, in) -> in[0].mul(in[1]).mul(in[1].neg().add(1)));

  /** {@code x -> y}; the attribute is a Boolean: use the tanh approximation. */
  public static final Operator GELU =
      Operator.of("gelu", floating("gelu"), Composition.of(Elementwise::composedGelu));

  /** {@code grad, x -> dx}; the attribute as of {@link #GELU}. */
  public static final Operator GELU_BACKWARD =
      composite("geluBackward", Elementwise::composedGeluBackward);

  /** {@code grad, y -> dx} for {@code y = softmax(x)} along the axis. */
  public static final Operator SOFTMAX_BACKWARD =
      composite("softmaxBackward", Softmax::composedBackward);

  /** {@code grad, y -> dx} for {@code y = logSoftmax(x)} along the axis. */
  public static final Operator LOG_SOFTMAX_BACKWARD =
      composite("logSoftmaxBackward", Softmax::composedLogBackward);

  /**
   * {@code x -> y, mask}: zeroes elements with probability s0 and scales the others by {@code 1 /
   * (1 - s0)}. The attribute is the {@link Generator}.
   */
  public static final Operator DROPOUT =
      Operator.of(
          "dropout",
          (attributes, in) ->
              new Output[] {
                new Output(in[0].dtype(), in[0].shape()), new Output(DType.BOOL, in[0].shape())
              },
          Functional::composedDropout);

  /** {@code grad, mask -> dx}: {@code dx = mask ? grad * s0 : 0}. */
  public static final Operator MASKED_SCALE =
      composite(
          "maskedScale", (call, in) -> in[0].mul(in[1].to(in[0].dtype())).mul(call.scalar(0)));

  private Operators() {}

  /** Which axes a reduction runs over (bit i for axis i) and whether they stay with size 1. */
  public record Axes(long mask, boolean keepDim) {
    /** Returns whether an axis is reduced. */
    public boolean contains(int axis) {
      return (mask >> axis & 1) != 0;
    }

    Shape reduce(Shape shape) {
      long[] sizes = new long[shape.rank()];
      int rank = 0;
      for (int i = 0; i < sizes.length; i++) {
        if (!contains(i)) {
          sizes[rank++] = shape.size(i);
        } else if (keepDim) {
          sizes[rank++] = 1;
        }
      }
      return Shape.of(java.util.Arrays.copyOf(sizes, rank));
    }
  }

  /** Makes a composite operator whose output is like its first input. */
  private static Operator composite(String name, Composition.Single composition) {
    return Operator.of(name, Operators::sameAsFirst, Composition.of(composition));
  }

  private static Output[] one(DType dtype, Shape shape) {
    return new Output[] {new Output(dtype, shape)};
  }

  private static Output[] sameAsFirst(Object attributes, View[] in) {
    return one(in[0].dtype(), in[0].shape());
  }

  private static Operator.OutputRule floating(String name) {
    return (attributes, in) -> {
      if (!in[0].dtype().isFloating()) {
        throw DTypeException.unsupported(
            name, in[0].dtype(), "a floating-point tensor; convert with to(DType.F32)");
      }
      return sameAsFirst(attributes, in);
    };
  }

  private static Output[] boolAsFirst(Object attributes, View[] in) {
    return one(DType.BOOL, in[0].shape());
  }

  private static Output[] logicalUnary(Object attributes, View[] in) {
    requireBool("logicalNot", in[0]);
    return boolAsFirst(attributes, in);
  }

  private static Operator.OutputRule binary(String name) {
    return (attributes, in) -> {
      requireOneType(name, in[0], in[1]);
      if (in[0].dtype() == DType.BOOL) {
        throw DTypeException.unsupported(
            name, DType.BOOL, "a number type; convert with to(DType.F32)");
      }
      return one(in[0].dtype(), Shape.broadcast(name, in[0].shape(), in[1].shape()));
    };
  }

  private static Operator.OutputRule comparison(String name) {
    return (attributes, in) -> {
      requireOneType(name, in[0], in[1]);
      return one(DType.BOOL, Shape.broadcast(name, in[0].shape(), in[1].shape()));
    };
  }

  private static Operator.OutputRule logical(String name) {
    return (attributes, in) -> {
      requireBool(name, in[0]);
      requireBool(name, in[1]);
      return one(DType.BOOL, Shape.broadcast(name, in[0].shape(), in[1].shape()));
    };
  }

  private static void requireOneType(String name, View a, View b) {
    if (a.dtype() != b.dtype()) {
      throw DTypeException.mixed(name, a.dtype(), b.dtype());
    }
  }

  private static void requireBool(String name, View view) {
    if (view.dtype() != DType.BOOL) {
      throw DTypeException.unsupported(name, view.dtype(), "BOOL");
    }
  }

  private static Output[] reduced(Object attributes, View[] in) {
    return one(in[0].dtype(), ((Axes) attributes).reduce(in[0].shape()));
  }

  private static Output[] reducedNonEmpty(Object attributes, View[] in) {
    Axes axes = (Axes) attributes;
    Shape shape = in[0].shape();
    for (int i = 0; i < shape.rank(); i++) {
      if (axes.contains(i) && shape.size(i) == 0) {
        throw ShapeException.mismatch(
            "A maximum or minimum", "dimension " + i + " is empty, so there is none", shape);
      }
    }
    return reduced(attributes, in);
  }

  private static Output[] reducedIndex(Object attributes, View[] in) {
    return one(DType.I64, reducedNonEmpty(attributes, in)[0].shape());
  }

  private static Output[] matmul(Object attributes, View[] in) {
    requireOneType("matmul", in[0], in[1]);
    Shape a = in[0].shape();
    Shape b = in[1].shape();
    return one(in[0].dtype(), a.withSize(-1, b.size(-1)));
  }

  private static Output[] intoGiven(Object attributes, View[] in) {
    throw new IllegalStateException("This operator writes into memory that the caller gives");
  }
}
