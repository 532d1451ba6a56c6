package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Comparison;
import io.fulgur.tensor.functional.Pointwise;
import io.fulgur.tensor.functional.SpecialFunctions;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Mathematical functions element by element, and comparisons. */
final class PointwiseFamily extends Family {
  PointwiseFamily() {
    super("pointwise");
    floating("tan", Pointwise::tan);
    floating("asin", Pointwise::asin);
    floating("acos", Pointwise::acos);
    floating("atan", Pointwise::atan);
    floating("sinh", Pointwise::sinh);
    floating("cosh", Pointwise::cosh);
    floating("asinh", Pointwise::asinh);
    floating("acosh", Pointwise::acosh);
    floating("atanh", Pointwise::atanh);
    floating("exp2", Pointwise::exp2);
    floating("log2", Pointwise::log2);
    floating("log10", Pointwise::log10);
    floating("trunc", Pointwise::trunc);
    floating("frac", Pointwise::frac);
    floating("erfc", SpecialFunctions::erfc);
    floating("erfinv", SpecialFunctions::erfinv);
    floating("lgamma", SpecialFunctions::lgamma);
    floating("digamma", SpecialFunctions::digamma);
    operator("isInf", in -> Comparison.isInf(in.tensor(0)));
    exempt(Requirement.REJECTION, "takes every shape", "isInf");
    pair("atan2", Pointwise::atan2);
    pair("logAddExp", Pointwise::logAddExp);
    pair("remainder", Pointwise::remainder);
    pair("fmod", Pointwise::fmod);
    broadcasting("lerp", (a, b) -> Pointwise.lerp(a, b, 0.25));
    broadcasting("lerpTensor", (a, b) -> Pointwise.lerp(a, b, a));
    broadcasting("addcmul", (a, b) -> Pointwise.addcmul(a, b, b, 1));
    broadcasting("addcdiv", (a, b) -> Pointwise.addcdiv(a, b, b, 1));
    broadcasting("clampTensor", (a, b) -> Pointwise.clamp(a, b, null));
    broadcasting("isClose", (a, b) -> Comparison.isClose(a, b, 0, 0, false));
    severalOperands();
    overDimensions();
    rejects(
        "remainder",
        "an integer divisor 0",
        () -> Pointwise.remainder(Tensor.of(new long[] {3}, 1), 0),
        FulgurException.class,
        "3",
        "divided by 0");
  }

  private void floating(String name, UnaryOperator<Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0)));
    rejects(
        name,
        "integers",
        () -> function.apply(Tensor.of(new long[] {1}, 1)),
        DTypeException.class,
        "I64",
        "to(DType.F32)");
  }

  private void pair(String name, BinaryOperator<Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0), in.tensor(1)));
    broadcasting(name, function);
  }

  private void broadcasting(String name, BinaryOperator<Tensor> function) {
    rejects(
        name,
        "shapes that do not broadcast",
        () -> function.apply(Tensor.ones(2, 3), Tensor.ones(2)),
        ShapeException.class,
        "broadcast");
  }

  private void severalOperands() {
    operator("lerp", in -> Pointwise.lerp(in.tensor(0), in.tensor(1), in.number(0)));
    operator("lerpTensor", in -> Pointwise.lerp(in.tensor(0), in.tensor(1), in.tensor(2)));
    operator(
        "addcmul", in -> Pointwise.addcmul(in.tensor(0), in.tensor(1), in.tensor(2), in.number(0)));
    operator(
        "addcdiv", in -> Pointwise.addcdiv(in.tensor(0), in.tensor(1), in.tensor(2), in.number(0)));
    operator("clampTensor", in -> Pointwise.clamp(in.tensor(0), in.optional(1), in.optional(2)));
    operator(
        "isClose",
        in ->
            Comparison.isClose(in.tensor(0), in.tensor(1), in.number(0), in.number(1), in.flag(2)));
  }

  private void overDimensions() {
    operator("anyOver", in -> Comparison.any(in.tensor(0), in.flag(1), in.integer(0)));
    operator("allOver", in -> Comparison.all(in.tensor(0), in.flag(1), in.integer(0)));
    rejects(
        "anyOver",
        "numbers",
        () -> Comparison.any(Tensor.ones(2), false, 0),
        DTypeException.class,
        "any of F32",
        "BOOL");
    rejects(
        "allOver",
        "a dimension that there is not",
        () -> Comparison.all(Tensor.ones(2).to(DType.BOOL), false, 1),
        ShapeException.class,
        "Dimension 1",
        "[2]");
  }
}
