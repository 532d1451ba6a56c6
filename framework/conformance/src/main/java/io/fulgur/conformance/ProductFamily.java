package io.fulgur.conformance;

import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.List;

/** Matrix products. */
final class ProductFamily extends Family {
  ProductFamily() {
    super("products");
    operator("matmul", in -> in.tensor(0).matmul(in.tensor(1)));
    operator(
        "matmulOfTransposed",
        in -> in.tensor(0).transpose(0, 1).matmul(in.tensor(1).transpose(0, 1)));
    operator("linear", in -> in.tensor(0).linear(in.tensor(1), null));
    operator("linearBias", in -> in.tensor(0).linear(in.tensor(1), in.tensor(2)));
    rejects(
        "matmul",
        "inner sizes that differ",
        () -> Tensor.ones(2, 3).matmul(Tensor.ones(2, 3)),
        ShapeException.class,
        "matmul",
        "[2, 3]",
        "(3)",
        "(2)");
    exempt(Requirement.REJECTION, "matmul has it", "matmulOfTransposed");
    for (String name : List.of("linear", "linearBias")) {
      rejects(
          name,
          "another number of features",
          () -> Tensor.ones(2, 3).linear(Tensor.ones(4, 2), null),
          ShapeException.class,
          "linear",
          "[2, 3]",
          "[4, 2]");
    }
  }
}
