package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.functional.Normalization;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Softmax, and the losses and norms next to it. */
final class SoftmaxFamily extends Family {
  SoftmaxFamily() {
    super("softmax");
    operator("softmax", in -> in.tensor(0).softmax(in.integer(0)));
    operator("logSoftmax", in -> in.tensor(0).logSoftmax(in.integer(0)));
    operator("crossEntropy", in -> CrossEntropy.mean(in.tensor(0), in.tensor(1)));
    operator("mse", in -> Functional.mse(in.tensor(0), in.tensor(1)));
    operator("layerNorm", in -> layerNorm(in, null, null));
    operator("layerNormW", in -> layerNorm(in, in.tensor(1), null));
    operator("layerNormB", in -> layerNorm(in, null, in.tensor(1)));
    operator("layerNormWB", in -> layerNorm(in, in.tensor(1), in.tensor(2)));
    noSuchDimension("softmax", x -> x.softmax(2));
    noSuchDimension("logSoftmax", x -> x.logSoftmax(2));
    rejects(
        "crossEntropy",
        "a label for each class",
        () -> CrossEntropy.mean(Tensor.ones(2, 3), Tensor.arange(3)),
        ShapeException.class,
        "crossEntropy",
        "[2, 3]",
        "[3]");
    rejects(
        "crossEntropy",
        "a label that is no class",
        () -> CrossEntropy.mean(Tensor.ones(2, 3), Tensor.of(new long[] {0, 3}, 2)),
        FulgurException.class,
        "crossEntropy",
        "3");
    rejects(
        "mse",
        "two shapes",
        () -> Functional.mse(Tensor.ones(2, 3), Tensor.ones(3)),
        ShapeException.class,
        "mse",
        "[2, 3]",
        "[3]");
    for (String name : List.of("layerNorm", "layerNormW", "layerNormB", "layerNormWB")) {
      rejects(
          name,
          "other last dimensions",
          () -> Normalization.layerNorm(Tensor.ones(2, 3), null, null, Shape.of(2), 1e-5),
          ShapeException.class,
          "layerNorm",
          "[2, 3]");
    }
  }

  private static Tensor layerNorm(Arguments in, @Nullable Tensor weight, @Nullable Tensor bias) {
    return Normalization.layerNorm(in.tensor(0), weight, bias, Shape.of(in.longs(0)), 1e-3);
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
}
