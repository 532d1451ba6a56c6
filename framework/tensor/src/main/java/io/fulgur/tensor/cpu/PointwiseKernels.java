package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.functional.PointwiseOperators;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/** Mathematical functions of any floating-point type, in double precision. */
final class PointwiseKernels {
  private static final double LN_2 = Math.log(2);

  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(PointwiseOperators.TAN, unary(Math::tan)),
          entry(PointwiseOperators.ASIN, unary(Math::asin)),
          entry(PointwiseOperators.ACOS, unary(Math::acos)),
          entry(PointwiseOperators.ATAN, unary(Math::atan)),
          entry(PointwiseOperators.SINH, unary(Math::sinh)),
          entry(PointwiseOperators.COSH, unary(Math::cosh)),
          entry(PointwiseOperators.ASINH, unary(PointwiseKernels::asinh)),
          entry(PointwiseOperators.ACOSH, unary(PointwiseKernels::acosh)),
          entry(PointwiseOperators.ATANH, unary(PointwiseKernels::atanh)),
          entry(PointwiseOperators.EXP2, unary(x -> Math.pow(2, x))),
          entry(PointwiseOperators.LOG2, unary(PointwiseKernels::log2)),
          entry(PointwiseOperators.LOG10, unary(Math::log10)),
          entry(PointwiseOperators.TRUNC, unary(x -> x < 0 ? Math.ceil(x) : Math.floor(x))),
          entry(PointwiseOperators.ERFC, unary(SpecialMath::erfc)),
          entry(PointwiseOperators.ERFINV, unary(SpecialMath::erfinv)),
          entry(PointwiseOperators.LGAMMA, unary(SpecialMath::lgamma)),
          entry(PointwiseOperators.DIGAMMA, unary(SpecialMath::digamma)),
          entry(PointwiseOperators.TRIGAMMA, unary(SpecialMath::trigamma)),
          entry(Operators.IS_NAN, test(Double::isNaN)),
          entry(Operators.IS_FINITE, test(Double::isFinite)),
          entry(PointwiseOperators.ATAN2, PairKernels.of(Math::atan2)),
          entry(PointwiseOperators.FMOD, PairKernels::fmod),
          entry(PointwiseOperators.REMAINDER, PairKernels::remainder));

  private PointwiseKernels() {}

  /** Tests, which ND4J's get wrong in 16 bits. */
  private static KernelFactory test(DoublePredicate predicate) {
    return unary(x -> predicate.test(x) ? 1 : 0);
  }

  private static KernelFactory unary(DoubleUnaryOperator function) {
    return call -> {
      Elements x = Elements.of(call.input(0));
      Elements y = Elements.of(call.output(0));
      int elements = (int) call.output(0).elements();
      return () ->
          Parallel.run(
              elements,
              Parallel.SLOW_PIECE,
              (from, to, scratch) -> {
                double[] block = scratch.reals();
                for (int i = from; i < to; i += Scratch.BLOCK) {
                  int n = Math.min(Scratch.BLOCK, to - i);
                  x.read(i, block, n);
                  for (int k = 0; k < n; k++) {
                    block[k] = function.applyAsDouble(block[k]);
                  }
                  y.write(i, block, n);
                }
              });
    };
  }

  /** An exact power of 2 gives an exact logarithm. */
  private static double log2(double x) {
    if (x >= Double.MIN_NORMAL && x < Double.POSITIVE_INFINITY) {
      int exponent = Math.getExponent(x);
      return exponent + Math.log(x / Math.scalb(1.0, exponent)) / LN_2;
    }
    return Math.log(x) / LN_2;
  }

  private static double asinh(double x) {
    double size = Math.abs(x);
    double result =
        size > 1e8
            ? Math.log(size) + LN_2
            : Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1)));
    return Math.copySign(result, x);
  }

  private static double acosh(double x) {
    double above = x - 1;
    return x > 1e8 ? Math.log(x) + LN_2 : Math.log1p(above + Math.sqrt(2 * above + above * above));
  }

  private static double atanh(double x) {
    return 0.5 * Math.log1p(2 * x / (1 - x));
  }
}
