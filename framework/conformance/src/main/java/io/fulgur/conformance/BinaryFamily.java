package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.function.BinaryOperator;

/** Functions of two tensors that broadcast. */
final class BinaryFamily extends Family {
  BinaryFamily() {
    super("binary");
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
    operator("logicalNot", in -> in.tensor(0).logicalNot());
    exempt(Requirement.REJECTION, "takes every shape", "logicalNot");
  }

  private void binary(String name, BinaryOperator<Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0), in.tensor(1)));
    DType type = name.startsWith("logical") ? DType.BOOL : DType.F32;
    rejects(
        name,
        "shapes that do not broadcast",
        () -> function.apply(Tensor.ones(2, 3).to(type), Tensor.ones(2, 4).to(type)),
        ShapeException.class,
        name,
        "[2, 3]",
        "[2, 4]");
  }
}
