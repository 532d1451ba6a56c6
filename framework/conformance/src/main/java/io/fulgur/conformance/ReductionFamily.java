package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Sums, extrema and the like over dimensions. */
final class ReductionFamily extends Family {
  ReductionFamily() {
    super("reductions");
    operator("sumAll", in -> in.tensor(0).sum());
    operator("meanAll", in -> in.tensor(0).mean());
    operator("maxAll", in -> in.tensor(0).max());
    operator("minAll", in -> in.tensor(0).min());
    operator("prodAll", in -> in.tensor(0).prod());
    operator("any", in -> in.tensor(0).any());
    operator("all", in -> in.tensor(0).all());
    operator("sum", in -> in.tensor(0).sum(in.flag(0), in.integers(1)));
    operator("mean", in -> in.tensor(0).mean(in.flag(0), in.integers(1)));
    operator("max", in -> in.tensor(0).max(in.flag(0), in.integers(1)));
    operator("min", in -> in.tensor(0).min(in.flag(0), in.integers(1)));
    operator("variance0", in -> in.tensor(0).variance(0, in.flag(0), in.integers(1)));
    operator("variance1", in -> in.tensor(0).variance(1, in.flag(0), in.integers(1)));
    operator("logSumExp", in -> in.tensor(0).logSumExp(in.integer(0), in.flag(1)));
    operator("argmax", in -> in.tensor(0).argmax(in.integer(0)));
    operator("argmin", in -> in.tensor(0).argmin(in.integer(0)));
    exempt(
        Requirement.REJECTION, "takes every shape", "sumAll", "meanAll", "prodAll", "any", "all");
    exempt(
        Requirement.EMPTY,
        "there is no such value of nothing",
        "meanAll",
        "maxAll",
        "minAll",
        "max",
        "min",
        "argmax",
        "argmin",
        "variance0",
        "variance1");
    noSuchDimension("sum", x -> x.sum(false, 2));
    noSuchDimension("mean", x -> x.mean(false, 2));
    noSuchDimension("max", x -> x.max(false, 2));
    noSuchDimension("min", x -> x.min(false, 2));
    noSuchDimension("variance0", x -> x.variance(0, false, 2));
    noSuchDimension("variance1", x -> x.variance(1, false, 2));
    noSuchDimension("logSumExp", x -> x.logSumExp(2, false));
    noSuchDimension("argmax", x -> x.argmax(2));
    noSuchDimension("argmin", x -> x.argmin(2));
    ofNothing("maxAll", Tensor::max);
    ofNothing("minAll", Tensor::min);
  }

  private void noSuchDimension(String name, UnaryOperator<Tensor> function) {
    rejects(
        name,
        "a dimension that there is not",
        () -> function.apply(Tensor.ones(2, 3)),
        FulgurException.class,
        "2",
        "[2, 3]");
  }

  private void ofNothing(String name, UnaryOperator<Tensor> function) {
    rejects(
        name,
        "an empty tensor",
        () -> function.apply(Tensor.ones(0, 3)),
        ShapeException.class,
        "[0, 3]",
        "empty");
  }
}
