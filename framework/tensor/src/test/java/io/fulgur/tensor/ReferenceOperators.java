package io.fulgur.tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** The operators by the names that {@code make_reference.py} gives them. */
final class ReferenceOperators {
  /** An operator on tensors, with the other arguments of a case. */
  @FunctionalInterface
  interface Call {
    Tensor apply(Tensor[] in, double[] args);
  }

  private static final Map<String, Call> CALLS = new HashMap<>();

  private ReferenceOperators() {}

  static Tensor call(ReferenceCase reference, Tensor[] in) {
    Call call = CALLS.get(reference.op());
    if (call == null) {
      throw new IllegalArgumentException("No operator is called " + reference.op());
    }
    return call.apply(in, reference.args());
  }

  private static void unary(String name, UnaryOperator<Tensor> function) {
    CALLS.put(name, (in, args) -> function.apply(in[0]));
  }

  private static void binary(String name, BinaryOperator<Tensor> function) {
    CALLS.put(name, (in, args) -> function.apply(in[0], in[1]));
  }

  private static int[] ints(double[] args, int from) {
    return Arrays.stream(args, from, args.length).mapToInt(x -> (int) x).toArray();
  }

  private static long[] longs(double[] args) {
    return Arrays.stream(args).mapToLong(x -> (long) x).toArray();
  }

  static {
    unary("abs", Tensor::abs);
    unary("sign", Tensor::sign);
    unary("square", Tensor::square);
    unary("exp", Tensor::exp);
    unary("expm1", Tensor::expm1);
    unary("log", Tensor::log);
    unary("log1p", Tensor::log1p);
    unary("sqrt", Tensor::sqrt);
    unary("rsqrt", Tensor::rsqrt);
    unary("reciprocal", Tensor::reciprocal);
    unary("sin", Tensor::sin);
    unary("cos", Tensor::cos);
    unary("tanh", Tensor::tanh);
    unary("sigmoid", Tensor::sigmoid);
    unary("erf", Tensor::erf);
    unary("floor", Tensor::floor);
    unary("ceil", Tensor::ceil);
    unary("round", Tensor::round);
    unary("relu", Tensor::relu);
    unary("gelu", Tensor::gelu);
    unary("geluTanh", Tensor::geluTanh);
    unary("neg", Tensor::neg);
    unary("isNan", Tensor::isNan);
    unary("isFinite", Tensor::isFinite);
    unary("logicalNot", Tensor::logicalNot);
    CALLS.put("addScalar", (in, args) -> in[0].add(args[0]));
    CALLS.put("subScalar", (in, args) -> in[0].sub(args[0]));
    CALLS.put("mulScalar", (in, args) -> in[0].mul(args[0]));
    CALLS.put("divScalar", (in, args) -> in[0].div(args[0]));
    CALLS.put("powScalar", (in, args) -> in[0].pow(args[0]));
    CALLS.put("clamp", (in, args) -> in[0].clamp(args[0], args[1]));

    binary("add", Tensor::add);
    binary("sub", Tensor::sub);
    binary("mul", Tensor::mul);
    binary("div", Tensor::div);
    binary("pow", Tensor::pow);
    binary("maximum", Tensor::maximum);
    binary("minimum", Tensor::minimum);
    binary("eq", Tensor::eq);
    binary("ne", Tensor::ne);
    binary("lt", Tensor::lt);
    binary("le", Tensor::le);
    binary("gt", Tensor::gt);
    binary("ge", Tensor::ge);
    binary("logicalAnd", Tensor::logicalAnd);
    binary("logicalOr", Tensor::logicalOr);
    binary("logicalXor", Tensor::logicalXor);

    unary("sumAll", Tensor::sum);
    unary("meanAll", Tensor::mean);
    unary("maxAll", Tensor::max);
    unary("minAll", Tensor::min);
    unary("prodAll", Tensor::prod);
    unary("any", Tensor::any);
    unary("all", Tensor::all);
    CALLS.put("sum", (in, args) -> in[0].sum(args[0] != 0, ints(args, 1)));
    CALLS.put("mean", (in, args) -> in[0].mean(args[0] != 0, ints(args, 1)));
    CALLS.put("max", (in, args) -> in[0].max(args[0] != 0, ints(args, 1)));
    CALLS.put("min", (in, args) -> in[0].min(args[0] != 0, ints(args, 1)));
    CALLS.put("variance0", (in, args) -> in[0].variance(0, args[0] != 0, ints(args, 1)));
    CALLS.put("variance1", (in, args) -> in[0].variance(1, args[0] != 0, ints(args, 1)));
    CALLS.put("logSumExp", (in, args) -> in[0].logSumExp((int) args[0], args[1] != 0));
    CALLS.put("argmax", (in, args) -> in[0].argmax((int) args[0]));
    CALLS.put("argmin", (in, args) -> in[0].argmin((int) args[0]));

    CALLS.put("softmax", (in, args) -> in[0].softmax((int) args[0]));
    CALLS.put("logSoftmax", (in, args) -> in[0].logSoftmax((int) args[0]));
    binary("crossEntropy", Functional::crossEntropy);
    binary("mse", Functional::mse);
    CALLS.put("layerNorm", (in, args) -> layerNorm(in[0], null, null, args));
    CALLS.put("layerNormW", (in, args) -> layerNorm(in[0], in[1], null, args));
    CALLS.put("layerNormB", (in, args) -> layerNorm(in[0], null, in[1], args));
    CALLS.put("layerNormWB", (in, args) -> layerNorm(in[0], in[1], in[2], args));

    binary("matmul", Tensor::matmul);
    binary("matmulOfTransposed", (a, b) -> a.transpose(0, 1).matmul(b.transpose(0, 1)));
    binary("linear", (x, weight) -> x.linear(weight, null));
    CALLS.put("linearBias", (in, args) -> in[0].linear(in[1], in[2]));

    CALLS.put("reshape", (in, args) -> in[0].reshape(longs(args)));
    CALLS.put("flatten", (in, args) -> in[0].flatten((int) args[0], (int) args[1]));
    CALLS.put("transpose", (in, args) -> in[0].transpose((int) args[0], (int) args[1]));
    CALLS.put("permute", (in, args) -> in[0].permute(ints(args, 0)));
    CALLS.put("squeeze", (in, args) -> in[0].squeeze((int) args[0]));
    CALLS.put("unsqueeze", (in, args) -> in[0].unsqueeze((int) args[0]));
    CALLS.put("expand", (in, args) -> in[0].expand(longs(args)));
    CALLS.put("expandPlusOne", (in, args) -> in[0].expand(longs(args)).add(1));
    CALLS.put("slice", (in, args) -> slice(in[0], args));
    CALLS.put("sliceSquared", (in, args) -> slice(in[0], args).square());
    CALLS.put("select", (in, args) -> in[0].select((int) args[0], (long) args[1]));
    CALLS.put("selectSquared", (in, args) -> in[0].select((int) args[0], (long) args[1]).square());
    CALLS.put("concat", (in, args) -> Tensor.concat((int) args[0], in));
    CALLS.put("stack", (in, args) -> Tensor.stack((int) args[0], in));

    CALLS.put("where", (in, args) -> Tensor.where(in[0], in[1], in[2]));
    CALLS.put("maskedFill", (in, args) -> in[0].maskedFill(in[1], args[0]));
    CALLS.put("gather", (in, args) -> in[0].gather((int) args[0], in[1]));
    CALLS.put("indexSelect", (in, args) -> in[0].indexSelect((int) args[0], in[1]));
  }

  private static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double[] normalized) {
    return Functional.layerNorm(x, weight, bias, Shape.of(longs(normalized)), 1e-3);
  }

  private static Tensor slice(Tensor x, double[] args) {
    return x.slice((int) args[0], (long) args[1], (long) args[2], (long) args[3]);
  }
}
