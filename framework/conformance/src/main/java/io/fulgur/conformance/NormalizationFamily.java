package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.functional.Normalization.RunningStatistics;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Normalisation by channels, groups and rows. */
final class NormalizationFamily extends Family {
  private static final double EPSILON = 1e-3;

  NormalizationFamily() {
    super("normalization");
    operator("batchNorm", in -> batchNorm(in.tensor(0), in.optional(1), in.optional(2), null));
    operators("batchNormRunning", NormalizationFamily::running);
    operator(
        "batchNormInference",
        in ->
            Normalization.batchNormInference(
                in.tensor(0),
                in.tensor(1),
                in.tensor(2),
                in.optional(3),
                in.optional(4),
                in.number("eps")));
    operator(
        "groupNorm",
        in ->
            Normalization.groupNorm(
                in.tensor(0),
                in.integer("groups"),
                in.optional(1),
                in.optional(2),
                in.number("eps")));
    operator(
        "instanceNorm",
        in ->
            Normalization.instanceNorm(
                in.tensor(0), in.optional(1), in.optional(2), in.number("eps")));
    operator(
        "rmsNorm",
        in ->
            Normalization.rmsNorm(
                in.tensor(0), in.optional(1), Shape.of(in.longs("normalized")), in.number("eps")));
    operator(
        "localResponseNorm",
        in ->
            Normalization.localResponseNorm(
                in.tensor(0),
                in.integer("size"),
                in.number("alpha"),
                in.number("beta"),
                in.number("k")));
    exempt(
        Requirement.EMPTY,
        "no values have no mean",
        "batchNorm",
        "batchNormRunning",
        "instanceNorm");
    byChannel("batchNorm", (x, w) -> batchNorm(x, w, null, null));
    byChannel("batchNormRunning", "batchNorm", (x, w) -> batchNorm(x, w, null, null));
    byChannel(
        "batchNormInference",
        (x, w) ->
            Normalization.batchNormInference(
                x, Tensor.zeros(x.size(1)), Tensor.ones(x.size(1)), w, null, EPSILON));
    byChannel("groupNorm", (x, w) -> Normalization.groupNorm(x, 1, w, null, EPSILON));
    byChannel("instanceNorm", (x, w) -> Normalization.instanceNorm(x, w, null, EPSILON));
    rejects(
        "batchNorm",
        "one value a channel",
        () -> batchNorm(Tensor.ones(1, 3), null, null, null),
        ShapeException.class,
        "batchNorm of [1, 3]",
        "single value");
    rejects(
        "instanceNorm",
        "one value a channel",
        () -> Normalization.instanceNorm(Tensor.ones(2, 3, 1, 1), null, null, EPSILON),
        ShapeException.class,
        "instanceNorm of [2, 3, 1, 1]",
        "single value");
    rejects(
        "groupNorm",
        "channels that cannot be divided",
        () -> Normalization.groupNorm(Tensor.ones(2, 3, 4), 2, null, null, EPSILON),
        ShapeException.class,
        "groupNorm of [2, 3, 4]",
        "3 channels",
        "2 groups");
    rejects(
        "rmsNorm",
        "other last dimensions",
        () -> Normalization.rmsNorm(Tensor.ones(2, 3), null, Shape.of(2), EPSILON),
        ShapeException.class,
        "rmsNorm of [2, 3]",
        "[2]");
    rejects(
        "localResponseNorm",
        "no channels",
        () -> Normalization.localResponseNorm(Tensor.ones(2, 3, 4), 0, 1, 1, 1),
        ShapeException.class,
        "localResponseNorm",
        "at least one");
  }

  private static Tensor batchNorm(
      Tensor x,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable RunningStatistics statistics) {
    return Normalization.batchNorm(x, weight, bias, statistics, 0.1, EPSILON);
  }

  private static Tensor[] running(Arguments in) {
    Tensor mean = in.tensor(1).keep();
    Tensor variance = in.tensor(2).keep();
    Tensor batches = Tensor.of(new long[] {4});
    Tensor y =
        Normalization.batchNorm(
            in.tensor(0),
            in.optional(3),
            in.optional(4),
            new RunningStatistics(mean, variance, batches),
            in.number("momentum"),
            in.number("eps"));
    return new Tensor[] {y, mean, variance, batches};
  }

  private void byChannel(String name, BiFunction<Tensor, @Nullable Tensor, Tensor> function) {
    byChannel(name, name, function);
  }

  private void byChannel(
      String name, String label, BiFunction<Tensor, @Nullable Tensor, Tensor> function) {
    rejects(
        name,
        "a weight of another size",
        () -> function.apply(Tensor.ones(2, 3, 4), Tensor.ones(4)),
        ShapeException.class,
        label + " of [2, 3, 4]",
        "[4]",
        "[channels] = [3]");
    rejects(
        name,
        "a weight of another type",
        () -> function.apply(Tensor.ones(2, 3, 4), Tensor.ones(DType.F64, 3)),
        DTypeException.class,
        label,
        "F32 and F64");
  }
}
