package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Attention;
import org.jspecify.annotations.Nullable;

/** Attention, of masks that are trained and that are not. */
final class AttentionFamily extends Family {
  AttentionFamily() {
    super("attention");
    operator(
        "scaledDotProduct",
        in ->
            Attention.scaledDotProduct(
                in.tensor(0), in.tensor(1), in.tensor(2), options(in, in.optional(3))));
    operator("ofPacked", in -> Attention.ofPacked(in.tensor(0), options(in, in.optional(1))));
    Tensor x = Tensor.ones(2, 3, 4, 5);
    rejects(
        "scaledDotProduct",
        "keys of other features",
        () -> Attention.scaledDotProduct(x, Tensor.ones(2, 3, 4, 6), x),
        ShapeException.class,
        "attention",
        "[2, 3, 4, 5]",
        "[2, 3, 4, 6]");
    rejects(
        "scaledDotProduct",
        "more values than keys",
        () -> Attention.scaledDotProduct(x, x, Tensor.ones(2, 3, 5, 5)),
        ShapeException.class,
        "attention",
        "[2, 3, 5, 5]");
    rejects(
        "scaledDotProduct",
        "a mask of other sizes",
        () -> Attention.scaledDotProduct(x, x, x, masked(Tensor.ones(3, 4))),
        ShapeException.class,
        "attention",
        "[3, 4]");
    rejects(
        "scaledDotProduct",
        "a mask of integers",
        () -> Attention.scaledDotProduct(x, x, x, masked(Tensor.arange(4))),
        DTypeException.class,
        "mask",
        "I64",
        "BOOL");
    rejects(
        "scaledDotProduct",
        "two types",
        () -> Attention.scaledDotProduct(x, x.to(DType.F64), x),
        DTypeException.class,
        "attention",
        "F32",
        "F64");
    rejects(
        "ofPacked",
        "two projections",
        () -> Attention.ofPacked(Tensor.ones(2, 4, 2, 3, 5), Attention.Options.all()),
        ShapeException.class,
        "attention",
        "[2, 4, 2, 3, 5]");
  }

  private static Attention.Options masked(Tensor mask) {
    return Attention.Options.all().mask(mask);
  }

  private static Attention.Options options(Arguments in, @Nullable Tensor mask) {
    return Attention.Options.all().mask(mask).causal(in.flag("causal"));
  }
}
