package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;
import java.util.List;
import java.util.function.UnaryOperator;

/** Activation functions. */
final class ActivationFamily extends Family {
  ActivationFamily() {
    super("activations");
    unary("relu6", Activations::relu6);
    unary("selu", Activations::selu);
    unary("silu", Activations::silu);
    unary("mish", Activations::mish);
    unary("logSigmoid", Activations::logSigmoid);
    unary("softsign", Activations::softsign);
    unary("tanhshrink", Activations::tanhshrink);
    unary("hardsigmoid", Activations::hardsigmoid);
    unary("hardswish", Activations::hardswish);
    operator("leakyRelu", in -> Activations.leakyRelu(in.tensor(0), in.number(0)));
    operator("elu", in -> Activations.elu(in.tensor(0), in.number(0)));
    operator("celu", in -> Activations.celu(in.tensor(0), in.number(0)));
    operator("softplus", in -> Activations.softplus(in.tensor(0), in.number(0), in.number(1)));
    operator("softshrink", in -> Activations.softshrink(in.tensor(0), in.number(0)));
    operator("hardshrink", in -> Activations.hardshrink(in.tensor(0), in.number(0)));
    operator("hardtanh", in -> Activations.hardtanh(in.tensor(0), in.number(0), in.number(1)));
    operator("threshold", in -> Activations.threshold(in.tensor(0), in.number(0), in.number(1)));
    operator("glu", in -> Activations.glu(in.tensor(0), in.integer(0)));
    operator("softmin", in -> Activations.softmin(in.tensor(0), in.integer(0)));
    operator("softmax2d", in -> Activations.softmax2d(in.tensor(0)));
    operator("prelu", in -> Activations.prelu(in.tensor(0), in.tensor(1)));
    List<String> checked =
        List.of(
            "glu", "softmin", "softmax2d", "prelu", "celu", "softplus", "softshrink", "hardtanh");
    exempt(
        Requirement.REJECTION,
        "takes every shape",
        operators().keySet().stream().filter(o -> !checked.contains(o)).toArray(String[]::new));
    rejectShapes();
    rejectArguments();
  }

  private void unary(String name, UnaryOperator<Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0)));
  }

  private void rejectShapes() {
    rejects(
        "glu",
        "an odd size",
        () -> Activations.glu(Tensor.ones(2, 3), 1),
        ShapeException.class,
        "glu of [2, 3]",
        "even");
    rejects(
        "softmin",
        "a dimension that there is not",
        () -> Activations.softmin(Tensor.ones(2, 3), 2),
        ShapeException.class,
        "Dimension 2",
        "[2, 3]");
    rejects(
        "softmax2d",
        "a matrix",
        () -> Activations.softmax2d(Tensor.ones(2, 3)),
        ShapeException.class,
        "softmax2d of [2, 3]",
        "channels");
    rejects(
        "prelu",
        "a weight for other channels",
        () -> Activations.prelu(Tensor.ones(2, 3), Tensor.ones(2)),
        ShapeException.class,
        "prelu of [2, 3] and [2]",
        "[3]");
  }

  private void rejectArguments() {
    rejects(
        "celu",
        "alpha 0",
        () -> Activations.celu(Tensor.ones(2), 0),
        FulgurException.class,
        "alpha other than 0");
    rejects(
        "softplus",
        "beta 0",
        () -> Activations.softplus(Tensor.ones(2), 0, 20),
        FulgurException.class,
        "beta other than 0");
    rejects(
        "softshrink",
        "a negative lambda",
        () -> Activations.softshrink(Tensor.ones(2), -1),
        FulgurException.class,
        "lambda >= 0",
        "-1.0");
    rejects(
        "hardtanh",
        "bounds the wrong way round",
        () -> Activations.hardtanh(Tensor.ones(2), 1, -1),
        FulgurException.class,
        "low < high",
        "1.0 and -1.0");
  }
}
