package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.EmbeddingBags;
import io.fulgur.tensor.functional.EmbeddingBags.Mode;
import io.fulgur.tensor.functional.Embeddings;
import org.jspecify.annotations.Nullable;

/**
 * A table of vectors that is looked up by bags, each giving the sum, mean or maximum of its
 * vectors, as {@code torch.nn.EmbeddingBag}. An empty bag gives zeros.
 *
 * <p>Shapes: input {@code [bags, size]} of {@code I64} in {@code [0, count)}, or {@code [n]} with
 * offsets {@code [bags]} that tell where each bag begins; weight {@code [count, features]}; output
 * {@code [bags, features]}. The weight starts as draws from the standard normal distribution.
 *
 * <p>What does not fit is told by the errors of {@link EmbeddingBags#embeddingBag}.
 *
 * @since 0.1
 */
public final class EmbeddingBag extends Module {
  private final Parameter weight;
  private final Mode mode;
  private final EmbeddingTable table;

  /**
   * Makes a table whose bags give their mean.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public EmbeddingBag(long count, long features) {
    this(builder(count, features));
  }

  private EmbeddingBag(Builder options) {
    this.table =
        EmbeddingTable.normal(
            "EmbeddingBag", options.count, options.features, options.paddingIndex, options.maxNorm);
    this.weight = table.weight();
    this.mode = options.mode;
  }

  /** Returns options for the mode, padding and a largest norm. */
  public static Builder builder(long count, long features) {
    return new Builder(count, features);
  }

  /** Returns the table, {@code [count, features]}. */
  public Parameter weight() {
    return weight;
  }

  /** Returns one vector for each row of the input. */
  @Override
  public Tensor forward(Tensor input) {
    return reduce(input, null, null);
  }

  /**
   * Returns one vector for each bag.
   *
   * @param offsets where each bag begins; null if the bags are the rows of the input
   * @param weights what each vector is multiplied by, of the shape of the input, where the mode is
   *     {@link Mode#SUM}; or null
   */
  public Tensor call(Tensor input, @Nullable Tensor offsets, @Nullable Tensor weights) {
    return call(
        in -> new Tensor[] {reduce(Checks.present(in[0], "input"), in[1], in[2])},
        input,
        offsets,
        weights)[0];
  }

  private Tensor reduce(Tensor input, @Nullable Tensor offsets, @Nullable Tensor weights) {
    table.limitNorms(input);
    return EmbeddingBags.embeddingBag(input, weight, offsets, mode, weights, table.paddingIndex());
  }

  @Override
  public String toString() {
    return "EmbeddingBag(%s, mode=%s%s)".formatted(table.sizes(), mode, table.options());
  }

  /**
   * The options of bags.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final long count;
    private final long features;
    private Mode mode = Mode.MEAN;
    private long paddingIndex = Embeddings.NO_PADDING;
    private double maxNorm = Double.POSITIVE_INFINITY;

    private Builder(long count, long features) {
      this.count = count;
      this.features = features;
    }

    /** Sets what becomes of the vectors of a bag; {@link Mode#MEAN} by default. */
    public Builder mode(Mode reduction) {
      mode = reduction;
      return this;
    }

    /**
     * Sets an index whose vector starts at 0, is not trained and counts in no bag; none by default.
     */
    public Builder paddingIndex(long index) {
      paddingIndex = EmbeddingTable.paddingIndex("EmbeddingBag", index);
      return this;
    }

    /**
     * Sets the largest Euclidean norm of a vector; those that are looked up and longer are
     * shortened in place. None by default.
     */
    public Builder maxNorm(double norm) {
      maxNorm = norm;
      return this;
    }

    /**
     * Makes the table.
     *
     * @throws io.fulgur.error.FulgurException if a size or the norm is not positive or the padding
     *     index not in the table
     */
    public EmbeddingBag build() {
      return new EmbeddingBag(this);
    }
  }
}
