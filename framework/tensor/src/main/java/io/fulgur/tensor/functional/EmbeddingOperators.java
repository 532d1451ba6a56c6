package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;

/**
 * The operators of {@link Embeddings}.
 *
 * @since 0.1
 */
public final class EmbeddingOperators {
  /** The padding index of a table that has none. */
  public static final long NO_PADDING = -1;

  /**
   * The attributes.
   *
   * @param rows how many rows the table has
   * @param paddingIndex the row whose gradient is 0, or {@link #NO_PADDING}
   */
  public record Table(long rows, long paddingIndex) {}

  /**
   * {@code grad[n, features], index[n] of I64 -> dtable[rows, features]}: each row the sum of the
   * gradients at the places of its index. The attribute is the {@link Table}.
   */
  public static final Operator EMBEDDING_BACKWARD =
      Operator.of(
          "embeddingBackward",
          (attributes, in) ->
              new Output[] {
                new Output(
                    in[0].dtype(), Shape.of(((Table) attributes).rows(), in[0].shape().size(1)))
              },
          EmbeddingOperators::compose);

  private EmbeddingOperators() {}

  private static Tensor[] compose(OpCall call, Tensor... in) {
    Table table = call.attributes(Table.class);
    Tensor sums = Tensor.zeros(in[0].dtype(), table.rows(), in[0].size(1));
    Calls.into(Operators.INDEX_ADD, 0, Calls.views(in[0], in[1]), Calls.views(sums));
    if (table.paddingIndex() != NO_PADDING) {
      sums.select(0, table.paddingIndex()).fill(0);
    }
    return new Tensor[] {sums};
  }
}
