package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Embeddings;

/**
 * A table of vectors, one for each of a number of things, as {@code torch.nn.Embedding}.
 *
 * <p>Shapes: input {@code [...]} of {@code I64} in {@code [0, count)}, weight {@code [count,
 * features]}, output {@code [..., features]}. The weight starts as draws from the standard normal
 * distribution. Positions are learned by an embedding of {@code Tensor.arange(time)}, added to that
 * of what stands there.
 *
 * <p>Another type of input is a {@link io.fulgur.tensor.DTypeException}, an index out of range a
 * {@link io.fulgur.tensor.IndexException}.
 *
 * @since 0.1
 */
public final class Embedding extends Module {
  private final Parameter weight;
  private final EmbeddingTable table;

  /**
   * Makes a table.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public Embedding(long count, long features) {
    this(builder(count, features));
  }

  private Embedding(Builder options) {
    this.table =
        EmbeddingTable.normal(
            "Embedding", options.count, options.features, options.paddingIndex, options.maxNorm);
    this.weight = table.weight();
  }

  private Embedding(Parameter weight) {
    this.weight = weight;
    this.table =
        new EmbeddingTable(weight, Embeddings.NO_PADDING, /* maxNorm= */ Double.POSITIVE_INFINITY);
  }

  /**
   * Makes a table of given vectors, which are copied, as {@code
   * torch.nn.Embedding.from_pretrained}.
   *
   * @param vectors {@code [count, features]}
   * @param freeze whether they stay as they are
   * @throws ShapeException if there are not two dimensions
   */
  public static Embedding fromPretrained(Tensor vectors, boolean freeze) {
    if (vectors.rank() != 2) {
      throw ShapeException.mismatch(
          "Embedding.fromPretrained", "the vectors must be [count, features]", vectors.shape());
    }
    Parameter weight = Parameter.of(vectors);
    weight.requiresGrad(!freeze);
    return new Embedding(weight);
  }

  /** Returns options for padding and a largest norm. */
  public static Builder builder(long count, long features) {
    return new Builder(count, features);
  }

  /** Returns the table, {@code [count, features]}. */
  public Parameter weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor input) {
    table.limitNorms(input);
    return Embeddings.embedding(input, weight, table.paddingIndex());
  }

  @Override
  public String toString() {
    return "Embedding(%s%s)".formatted(table.sizes(), table.options());
  }

  /**
   * The options of an embedding.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final long count;
    private final long features;
    private long paddingIndex = Embeddings.NO_PADDING;
    private double maxNorm = Double.POSITIVE_INFINITY;

    private Builder(long count, long features) {
      this.count = count;
      this.features = features;
    }

    /** Sets an index whose vector starts at 0 and is not trained; none by default. */
    public Builder paddingIndex(long index) {
      paddingIndex = EmbeddingTable.paddingIndex("Embedding", index);
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
    public Embedding build() {
      return new Embedding(this);
    }
  }
}
