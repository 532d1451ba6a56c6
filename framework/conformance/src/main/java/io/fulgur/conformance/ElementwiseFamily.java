package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Functions of one tensor, element by element. */
final class ElementwiseFamily extends Family {
  ElementwiseFamily() {
    super("elementwise");
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
    operator("addScalar", in -> in.tensor(0).add(in.number(0)));
    operator("subScalar", in -> in.tensor(0).sub(in.number(0)));
    operator("mulScalar", in -> in.tensor(0).mul(in.number(0)));
    operator("divScalar", in -> in.tensor(0).div(in.number(0)));
    operator("powScalar", in -> in.tensor(0).pow(in.number(0)));
    operator("clamp", in -> in.tensor(0).clamp(in.number(0), in.number(1)));
    rejects(
        "clamp",
        "bounds the wrong way round",
        () -> Tensor.ones(2).clamp(1, 0),
        FulgurException.class,
        "clamp needs low <= high");
    exempt(
        Requirement.REJECTION,
        "takes every shape",
        operators().keySet().stream().filter(o -> !o.equals("clamp")).toArray(String[]::new));
  }

  private void unary(String name, UnaryOperator<Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0)));
  }
}
