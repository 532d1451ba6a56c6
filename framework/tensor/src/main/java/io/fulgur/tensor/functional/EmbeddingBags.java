package io.fulgur.tensor.functional;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looking up bags of rows of a table, each reduced to one row, as {@code
 * torch.nn.functional.embedding_bag}.
 *
 * @since 0.1
 */
public final class EmbeddingBags {
  private static final String NAME = "embeddingBag";

  private EmbeddingBags() {}

  /** What becomes of the rows of a bag; of an empty one zeros, in all modes. */
  public enum Mode {
    /** Their sum. */
    SUM,
    /** Their mean. */
    MEAN,
    /** The largest of each feature. */
    MAX
  }

  /**
   * Reduces the rows of each bag to one.
   *
   * @param index {@code [bags, size]} of {@code I64}, or with offsets {@code [n]}
   * @param table {@code [rows, features]}
   * @param offsets where each bag begins in {@code index}, {@code [bags]} of {@code I64}: 0 at
   *     first, and not falling; null if {@code index} is {@code [bags, size]}
   * @param mode how rows become one
   * @param weights what each row is multiplied by, of the shape of {@code index} and the type of
   *     the table, for {@link Mode#SUM} alone; or null
   * @param paddingIndex a row that is not trained and counts in no bag; or {@link
   *     Embeddings#NO_PADDING}
   * @return {@code [bags, features]}
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if index or offsets are not {@code I64}, the table is not
   *     floating-point, or the weights are of another type than the table
   * @throws io.fulgur.tensor.IndexException if an index or {@code paddingIndex} is out of range
   * @throws FulgurException if the offsets are none, or there are weights in another mode
   */
  public static Tensor embeddingBag(
      Tensor index,
      Tensor table,
      @Nullable Tensor offsets,
      Mode mode,
      @Nullable Tensor weights,
      long paddingIndex) {
    check(index, table, offsets, mode, weights);
    long bags = offsets == null ? index.size(0) : offsets.size(0);
    Tensor flat = index.reshape(index.elements());
    Tensor bag = offsets == null ? bagsOfRows(index) : bagsFrom(offsets, flat.size(0));
    if (paddingIndex != Embeddings.NO_PADDING) {
      // Padding goes to a bag of its own, behind the others, which nobody sees.
      Tensor behind = Tensor.full((double) bags, DType.I64, flat.size(0));
      bag = Tensor.where(flat.eq((double) paddingIndex), behind, bag);
    }
    Tensor rows = Embeddings.embedding(flat, table, paddingIndex);
    if (weights != null) {
      rows = rows.mul(weights.reshape(flat.size(0), 1));
    }
    Tensor zeros = Tensor.zeros(rows.dtype(), bags + 1, table.size(1));
    Tensor reduced =
        switch (mode) {
          case SUM -> Selection.indexAdd(zeros, 0, bag, rows);
          case MEAN -> Selection.indexAdd(zeros, 0, bag, rows).div(sizes(bag, zeros));
          case MAX ->
              Selection.scatterReduce(
                  zeros,
                  0,
                  bag.unsqueeze(1).expand(rows.shape().toArray()),
                  rows,
                  ScatterReduction.MAX,
                  /* includeSelf= */ false);
        };
    return reduced.slice(0, 0, bags);
  }

  /** Returns how many rows each bag has, at least 1, {@code [bags, 1]}. */
  private static Tensor sizes(Tensor bag, Tensor zeros) {
    Tensor ones = Tensor.ones(zeros.dtype(), bag.size(0));
    Tensor none = Tensor.zeros(zeros.dtype(), zeros.size(0));
    return Selection.indexAdd(none, 0, bag, ones).clamp(1, Double.POSITIVE_INFINITY).unsqueeze(1);
  }

  private static Tensor bagsOfRows(Tensor index) {
    return Tensor.arange(index.size(0))
        .unsqueeze(1)
        .expand(index.shape().toArray())
        .reshape(index.elements());
  }

  private static Tensor bagsFrom(Tensor offsets, long count) {
    long[] starts = offsets.toLongArray();
    long[] bags = new long[Math.toIntExact(count)];
    for (int bag = 0; bag < starts.length; bag++) {
      long end = bag + 1 < starts.length ? starts[bag + 1] : count;
      if ((bag == 0 && starts[0] != 0) || end < starts[bag] || end > count) {
        throw new FulgurException(
            ErrorId.INVALID_ARGUMENT,
            "%s: bag %d goes from offset %d to %d of %d indices; offsets begin with 0, never fall, and end within the indices."
                .formatted(NAME, bag, starts[bag], end, count));
      }
      Arrays.fill(bags, (int) starts[bag], (int) end, bag);
    }
    if (starts.length == 0 && count > 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s: there are no offsets, but %d indices; the first bag begins with offset 0."
              .formatted(NAME, count));
    }
    return Tensor.of(bags, bags.length);
  }

  private static void check(
      Tensor index, Tensor table, @Nullable Tensor offsets, Mode mode, @Nullable Tensor weights) {
    if (offsets == null && index.rank() != 2) {
      throw ShapeException.mismatch(
          NAME,
          "the index must be [bags, size], or [n] with offsets",
          index.shape(),
          table.shape());
    }
    if (offsets != null) {
      if (index.rank() != 1 || offsets.rank() != 1) {
        throw ShapeException.mismatch(
            NAME, "with offsets [bags] the index must be [n]", index.shape(), offsets.shape());
      }
      if (offsets.dtype() != DType.I64) {
        throw DTypeException.unsupported("the offsets of " + NAME, offsets.dtype(), "I64");
      }
    }
    if (weights == null) {
      return;
    }
    if (mode != Mode.SUM) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s: there are weights of rows, but the mode is %s; only a sum is weighted."
              .formatted(NAME, mode.name().toLowerCase(Locale.ROOT)));
    }
    if (!weights.shape().equals(index.shape())) {
      throw ShapeException.mismatch(
          NAME, "there must be one weight for each index", index.shape(), weights.shape());
    }
    if (weights.dtype() != table.dtype()) {
      throw DTypeException.mixed(NAME, table.dtype(), weights.dtype());
    }
  }
}
