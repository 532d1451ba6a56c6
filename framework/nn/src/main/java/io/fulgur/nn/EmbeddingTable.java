package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Embeddings;

/**
 * The vectors that {@link Embedding} and {@link EmbeddingBag} look up.
 *
 * @param weight {@code [count, features]}
 * @param paddingIndex the vector that is not trained; {@link Embeddings#NO_PADDING} for none
 * @param maxNorm to which norm vectors are shortened when they are looked up; infinity for none
 */
record EmbeddingTable(Parameter weight, long paddingIndex, double maxNorm) {
  /** Makes a table of draws from the standard normal distribution; that of the padding is 0. */
  static EmbeddingTable normal(
      String owner, long count, long features, long paddingIndex, double maxNorm) {
    Checks.require(
        count > 0 && features > 0,
        "%s(count=%d, features=%d): both sizes must be positive."
            .formatted(owner, count, features));
    Checks.require(
        paddingIndex == Embeddings.NO_PADDING || (paddingIndex >= 0 && paddingIndex < count),
        "%s: paddingIndex is %d; allowed is 0 to %d.".formatted(owner, paddingIndex, count - 1));
    Checks.require(maxNorm > 0, owner + ": maxNorm is " + maxNorm + ", but must be positive.");
    Parameter weight = Parameter.of(Tensor.zeros(count, features));
    Initializers.normal(weight, 0, 1);
    if (paddingIndex != Embeddings.NO_PADDING) {
      weight.detach().select(0, paddingIndex).fill(0);
    }
    return new EmbeddingTable(weight, paddingIndex, maxNorm);
  }

  /** Returns the index if it may be one of a padding. */
  static long paddingIndex(String owner, long index) {
    Checks.require(
        index >= 0, owner + ": paddingIndex is " + index + ", but must not be negative.");
    return index;
  }

  /** Shortens the vectors that are looked up and longer than allowed. */
  void limitNorms(Tensor input) {
    if (maxNorm < Double.POSITIVE_INFINITY) {
      Embeddings.limitNorms(input, weight, maxNorm);
    }
  }

  /** Returns the sizes for a layer's text, e.g. {@code count=10, features=3}. */
  String sizes() {
    return "count=%d, features=%d".formatted(weight.size(0), weight.size(1));
  }

  /** Returns what a layer's text says of the options that are set; nothing, or from a comma on. */
  String options() {
    return (paddingIndex == Embeddings.NO_PADDING ? "" : ", paddingIndex=" + paddingIndex)
        + (maxNorm == Double.POSITIVE_INFINITY ? "" : ", maxNorm=" + maxNorm);
  }
}
