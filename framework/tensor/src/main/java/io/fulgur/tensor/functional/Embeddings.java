package io.fulgur.tensor.functional;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.EmbeddingOperators.Table;

/**
 * Looking rows up in a table, and its gradient.
 *
 * @since 0.1
 */
public final class Embeddings {
  /** The padding index of a table that has none. */
  public static final long NO_PADDING = EmbeddingOperators.NO_PADDING;

  private static final String NAME = "embedding";

  /** What PyTorch adds to a row's norm before it divides by it. */
  private static final double NORM_EPSILON = 1e-7;

  private Embeddings() {}

  /** As {@link #embedding(Tensor, Tensor, long)} without padding. */
  public static Tensor embedding(Tensor index, Tensor table) {
    return embedding(index, table, NO_PADDING);
  }

  /**
   * Returns the rows of a table at some indices, as {@code torch.nn.functional.embedding}.
   *
   * @param index {@code [...]} of {@code I64}, in {@code [0, rows)}
   * @param table {@code [rows, features]}
   * @param paddingIndex a row that is not trained: its gradient is 0; or {@link #NO_PADDING}
   * @return {@code [..., features]}
   * @throws ShapeException if the table is not of two dimensions
   * @throws DTypeException if the index is not {@code I64} or the table not floating-point
   * @throws IndexException if an index or {@code paddingIndex} is out of range
   */
  public static Tensor embedding(Tensor index, Tensor table, long paddingIndex) {
    check(index, table, paddingIndex);
    long features = table.size(1);
    Shape shape = index.shape().inserted(index.rank(), features);
    Tensor flat = index.reshape(index.elements()).contiguous();
    Tensor rows = table.contiguous();
    Tensor out = Calls.call(Operators.INDEX_SELECT, 0, rows, flat);
    if (Calls.tracks(rows)) {
      Table attributes = new Table(rows.size(0), paddingIndex);
      Calls.record(
          out,
          NAME,
          (grad, g) ->
              g.give(
                  rows,
                  Calls.call(
                      EmbeddingOperators.EMBEDDING_BACKWARD, attributes, grad.contiguous(), flat)),
          flat);
    }
    return out.reshape(shape.toArray());
  }

  /**
   * Scales the rows at some indices down, in place, to a largest norm; not recorded by autograd. As
   * PyTorch does before it looks up in a table with {@code max_norm}.
   *
   * @param maxNorm the largest Euclidean norm of a row
   */
  public static void limitNorms(Tensor index, Tensor table, double maxNorm) {
    check(index, table, NO_PADDING);
    if (!(maxNorm > 0)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The largest norm of an embedding must be positive, but is " + maxNorm + ".");
    }
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Tensor flat = index.reshape(index.elements()).contiguous();
      Tensor uses = Tensor.zeros(table.dtype(), table.size(0));
      Tensor ones = Tensor.ones(table.dtype(), flat.size(0));
      Calls.into(Operators.INDEX_ADD, 0, Calls.views(ones, flat), Calls.views(uses));
      Tensor norms = table.square().sum(/* keepDim= */ false, 1).sqrt();
      Tensor tooLong = norms.gt(maxNorm).logicalAnd(uses.gt(0));
      Tensor factors = norms.add(NORM_EPSILON).reciprocal().mul(maxNorm);
      Tensor kept = Tensor.onesLike(factors);
      table.assign(table.mul(Tensor.where(tooLong, factors, kept).unsqueeze(1)));
    }
  }

  private static void check(Tensor index, Tensor table, long paddingIndex) {
    if (index.dtype() != DType.I64) {
      throw DTypeException.unsupported("the index of " + NAME, index.dtype(), "I64");
    }
    if (!table.dtype().isFloating()) {
      throw DTypeException.unsupported(
          "the table of " + NAME, table.dtype(), "a floating-point type");
    }
    if (table.rank() != 2) {
      throw ShapeException.mismatch(
          NAME, "the table must be [rows, features]", index.shape(), table.shape());
    }
    if (paddingIndex != NO_PADDING && (paddingIndex < 0 || paddingIndex >= table.size(0))) {
      throw IndexException.of("paddingIndex of " + NAME, paddingIndex, table.size(0));
    }
  }
}
