package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Scans;
import io.fulgur.tensor.functional.Sorting;
import io.fulgur.tensor.functional.Statistics;
import io.fulgur.tensor.functional.ValuesAndIndices;
import java.util.Locale;
import java.util.function.BiFunction;

/** Scans, sorting and statistics. */
final class SortingFamily extends Family {
  SortingFamily() {
    super("sorting");
    along("cumsum", Scans::cumsum);
    along("cumprod", Scans::cumprod);
    along("diff", Scans::diff);
    operators("cummax", in -> both(Scans.cummax(in.tensor(0), in.integer(0))));
    operators("cummin", in -> both(Scans.cummin(in.tensor(0), in.integer(0))));
    operators("sort", in -> both(Sorting.sort(in.tensor(0), in.integer(1), in.flag(0))));
    operators(
        "topk", in -> both(Sorting.topk(in.tensor(0), in.integer(0), in.integer(2), in.flag(1))));
    operators("kthValue", in -> both(Sorting.kthValue(in.tensor(0), in.integer(0), in.integer(1))));
    statistics();
    counts();
    rejectDimensions();
    rejectValues();
  }

  private void along(String name, BiFunction<Tensor, Integer, Tensor> function) {
    if (name.equals("diff")) {
      operator(name, in -> Scans.diff(in.tensor(0), in.integer(1), in.integer(0)));
    } else {
      operator(name, in -> function.apply(in.tensor(0), in.integer(0)));
    }
    rejects(
        name,
        "a dimension that there is not",
        () -> function.apply(Tensor.ones(2, 3), 2),
        ShapeException.class,
        "Dimension 2",
        "[2, 3]");
  }

  private static Tensor[] both(ValuesAndIndices found) {
    return new Tensor[] {found.values(), found.indices()};
  }

  private void statistics() {
    operators(
        "median",
        in -> {
          ValuesAndIndices found = Statistics.median(in.tensor(0), in.integer(0));
          return in.tensor(0).isNan().any().item() != 0
              ? new Tensor[] {found.values()}
              : both(found);
        });
    operator(
        "quantile",
        in ->
            Statistics.quantile(
                in.tensor(0),
                in.number("q"),
                in.integer("dim"),
                /* keepDim= */ false,
                Statistics.Interpolation.valueOf(in.text("method").toUpperCase(Locale.ROOT))));
    exempt(Requirement.EMPTY, "has none of nothing, which is rejected", "quantile");
    operator(
        "std",
        in -> Statistics.std(in.tensor(0), in.integer(0), /* keepDim= */ false, in.integer(1)));
  }

  private void counts() {
    operator(
        "countNonzero",
        in -> Statistics.countNonzero(in.tensor(0), /* keepDim= */ false, in.integer(0)));
    operator("bincount", in -> Statistics.bincount(in.tensor(0), in.integer(0)));
    operator(
        "bincountWeighted", in -> Statistics.bincount(in.tensor(0), in.tensor(1), in.integer(0)));
    operator(
        "histogram",
        in -> Statistics.histogram(in.tensor(0), in.integer(0), in.number(1), in.number(2)));
    operators(
        "unique",
        in -> {
          Statistics.Unique found = Statistics.unique(in.tensor(0));
          return new Tensor[] {found.values(), found.inverse(), found.counts()};
        });
    exempt(Requirement.REJECTION, "takes every shape", "unique");
  }

  private void rejectDimensions() {
    for (String name : new String[] {"cummax", "cummin", "sort", "std", "countNonzero"}) {
      rejects(
          name,
          "a dimension that there is not",
          () ->
              switch (name) {
                case "cummax" -> Scans.cummax(Tensor.ones(3), 1);
                case "cummin" -> Scans.cummin(Tensor.ones(3), 1);
                case "sort" -> Sorting.sort(Tensor.ones(3), 1);
                case "std" -> Statistics.std(Tensor.ones(3), 1, false, 1);
                default -> Statistics.countNonzero(Tensor.ones(3), false, 1);
              },
          ShapeException.class,
          "Dimension 1",
          "[3]");
    }
    rejects(
        "topk",
        "more than there are",
        () -> Sorting.topk(Tensor.ones(2, 3), 4),
        ShapeException.class,
        "topk of [2, 3]",
        "k is 4",
        "[0, 3]");
    rejects(
        "kthValue",
        "rank 0",
        () -> Sorting.kthValue(Tensor.ones(3), 0, 0),
        ShapeException.class,
        "kthValue of [3]",
        "[1, 3]");
    rejects(
        "median",
        "an empty dimension",
        () -> Statistics.median(Tensor.ones(2, 0), 1),
        ShapeException.class,
        "median of [2, 0]",
        "empty");
    rejects(
        "bincount",
        "a matrix",
        () -> Statistics.bincount(Tensor.arange(4).reshape(2, 2), 0),
        ShapeException.class,
        "bincount of [2, 2]");
    rejects(
        "bincountWeighted",
        "weights of another size",
        () -> Statistics.bincount(Tensor.arange(4), Tensor.ones(3), 0),
        ShapeException.class,
        "bincount of [4] and [3]");
  }

  private void rejectValues() {
    rejects(
        "quantile",
        "a fraction above 1",
        () -> Statistics.quantile(Tensor.ones(3), 1.5, 0, false),
        FulgurException.class,
        "q in [0, 1]",
        "1.5");
    rejects(
        "bincount",
        "a negative number",
        () -> Statistics.bincount(Tensor.of(new long[] {0, -2}, 2), 0),
        FulgurException.class,
        "-2 at index 1");
    rejects(
        "histogram",
        "integers",
        () -> Statistics.histogram(Tensor.arange(3), 2, 0, 1),
        DTypeException.class,
        "histogram of I64");
  }
}
