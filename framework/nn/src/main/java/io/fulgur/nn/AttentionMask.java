package io.fulgur.nn;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What is hidden from the queries of {@link MultiheadAttention}.
 *
 * @param causal whether what comes later than a query is hidden from it
 * @param attention broadcast to {@code [batch, heads, queries, keys]}, mostly {@code [queries,
 *     keys]}: of {@code BOOL}, true where hidden; or of the input's type, added to the scores; or
 *     null
 * @param keyPadding {@code [batch, keys]} of {@code BOOL}, true where there is only padding; or
 *     null
 * @since 0.1
 */
public record AttentionMask(
    boolean causal, @Nullable Tensor attention, @Nullable Tensor keyPadding) {

  /** Returns a mask that hides nothing. */
  public static AttentionMask none() {
    return new AttentionMask(/* causal= */ false, null, null);
  }

  /** Returns a mask that hides what comes later. */
  public static AttentionMask ofFuture() {
    return new AttentionMask(/* causal= */ true, null, null);
  }

  /** Returns a mask that hides padding, {@code [batch, keys]} of {@code BOOL}. */
  public static AttentionMask ofPadding(Tensor keyPadding) {
    return none().keyPadding(keyPadding);
  }

  /** Returns this with another mask of what a query sees. */
  public AttentionMask attention(@Nullable Tensor mask) {
    return new AttentionMask(causal, mask, keyPadding);
  }

  /** Returns this with another padding. */
  public AttentionMask keyPadding(@Nullable Tensor padding) {
    return new AttentionMask(causal, attention, padding);
  }

  /** Returns attention and padding in one mask that broadcasts to that of all heads, or null. */
  @Nullable Tensor together(Tensor query, long keys) {
    Tensor padding = keyPadding;
    if (padding == null) {
      return attention;
    }
    if (padding.dtype() != DType.BOOL) {
      throw DTypeException.unsupported(
          "the key padding of attention", padding.dtype(), "BOOL, true where there is padding");
    }
    if (padding.rank() != 2 || padding.size(0) != query.size(0) || padding.size(1) != keys) {
      throw ShapeException.mismatch(
          "attention",
          "the key padding must be [batch, keys] = [%d, %d]".formatted(query.size(0), keys),
          padding.shape());
    }
    Tensor ofKeys = padding.reshape(query.size(0), 1, 1, keys);
    Tensor seen = attention;
    if (seen == null) {
      return ofKeys;
    }
    if (seen.dtype() == DType.BOOL) {
      return seen.logicalOr(ofKeys);
    }
    Tensor zeros = Tensor.zeros(seen.dtype(), ofKeys.shape().toArray());
    return seen.add(zeros.maskedFill(ofKeys, Double.NEGATIVE_INFINITY));
  }
}
