package io.fulgur.conformance;

import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Distances;
import io.fulgur.tensor.functional.Norms;

/** Norms and distances. */
final class NormFamily extends Family {
  NormFamily() {
    super("norms");
    operator(
        "norm", in -> Norms.norm(in.tensor(0), in.number(0), /* keepDim= */ false, in.integer(1)));
    operator("normAll", in -> Norms.norm(in.tensor(0), in.number(0), /* keepDim= */ false));
    operator("normalize", in -> Norms.normalize(in.tensor(0), in.number(0), in.integer(1), 1e-12));
    operator(
        "matrixNorm",
        in -> Norms.matrixNorm(in.tensor(0), Norms.MatrixNorm.valueOf(in.text("kind"))));
    operator(
        "cosineSimilarity",
        in -> Norms.cosineSimilarity(in.tensor(0), in.tensor(1), in.integer(0), 1e-8));
    operator("cdist", in -> Distances.cdist(in.tensor(0), in.tensor(1), in.number(0)));
    operator(
        "pairwiseDistance",
        in -> Distances.pairwise(in.tensor(0), in.tensor(1), in.number(0), 1e-6));
    rejects(
        "norm",
        "a dimension that there is not",
        () -> Norms.norm(Tensor.ones(3), 2, false, 1),
        ShapeException.class,
        "Dimension 1");
    rejects("normAll", "integers", () -> Norms.norm(Tensor.arange(3)), DTypeException.class, "I64");
    rejects(
        "normalize",
        "a dimension that there is not",
        () -> Norms.normalize(Tensor.ones(3), 1),
        ShapeException.class,
        "Dimension 1");
    rejects(
        "matrixNorm",
        "a vector",
        () -> Norms.matrixNorm(Tensor.ones(3), Norms.MatrixNorm.FROBENIUS),
        ShapeException.class,
        "matrixNorm of [3]");
    rejects(
        "cosineSimilarity",
        "shapes that do not broadcast",
        () -> Norms.cosineSimilarity(Tensor.ones(2, 3), Tensor.ones(2), 1, 1e-8),
        ShapeException.class,
        "cosineSimilarity of [2, 3] and [2]");
    rejects(
        "cdist",
        "points of different width",
        () -> Distances.cdist(Tensor.ones(2, 3), Tensor.ones(2, 2)),
        ShapeException.class,
        "cdist of [2, 3] and [2, 2]");
    rejects(
        "pairwiseDistance",
        "shapes that do not broadcast",
        () -> Distances.pairwise(Tensor.ones(2, 3), Tensor.ones(2), 2, 0),
        ShapeException.class,
        "[2, 3] and [2]");
  }
}
