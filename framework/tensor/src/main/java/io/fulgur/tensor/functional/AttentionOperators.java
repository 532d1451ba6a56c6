package io.fulgur.tensor.functional;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import org.jspecify.annotations.Nullable;

/**
 * The operators of {@link Attention}.
 *
 * <p>Sizes: {@code B} sequences, {@code T} queries, {@code S} keys, {@code H} heads, {@code D} and
 * {@code E} features of a head's keys and values. The heads of one time lie next to each other, as
 * a projection leaves them.
 *
 * @since 0.1
 */
public final class AttentionOperators {
  /**
   * The attributes.
   *
   * @param packed whether queries, keys and values come as one tensor {@code [B, T, 3, H, D]}
   * @param causal whether a query sees only keys up to its own time
   * @param masked whether there is a mask
   * @param dropout what weights are dropped by, or null for none
   */
  public record Kind(boolean packed, boolean causal, boolean masked, @Nullable Generator dropout) {

    /** Returns how many tensors hold queries, keys and values. */
    public int projections() {
      return packed ? 1 : 3;
    }
  }

  /**
   * {@code query[B, T, H, D], key[B, S, H, D], value[B, S, H, E], (mask) -> y[B, T, H, E],
   * logSumExp[B, H, T]}: {@code y = softmax(s0 q kᵀ + mask) v}.
   *
   * <p>The mask is added; its sizes are those of {@code [B, H, T, S]} or 1. A query that sees no
   * key has the value 0 and the logSumExp ∞. With dropout, weights are zeroed with probability s1
   * and the others scaled by {@code 1 / (1 - s1)}; for the weight of key s and the n-th query,
   * counting {@code [B, H, T]} row-major, by half of the bits at place {@code s2 + n ceil(S / 2) +
   * s / 2} of the generator, the lower half for an even s: it is kept where they are at least
   * {@code s1 2^32}.
   */
  public static final Operator ATTENTION =
      Operator.of("attention", AttentionOperators::outputs, AttentionCompositions::forward)
          .inLowerPrecision();

  /**
   * {@code dy, query, key, value, (mask), y, logSumExp -> dquery, dkey, dvalue}, or of packed ones
   * their one gradient; attributes and scalars as of {@link #ATTENTION}.
   */
  public static final Operator ATTENTION_BACKWARD =
      Operator.of(
          "attentionBackward",
          AttentionOperators::gradientOutputs,
          AttentionCompositions::backward);

  private AttentionOperators() {}

  private static Output[] outputs(Object attributes, View[] in) {
    Shape query = in[0].shape();
    boolean packed = ((Kind) attributes).packed();
    long batch = query.size(0);
    long time = query.size(1);
    long heads = query.size(-2);
    long features = in[packed ? 0 : 2].shape().size(-1);
    return new Output[] {
      new Output(in[0].dtype(), Shape.of(batch, time, heads, features)),
      new Output(in[0].dtype(), Shape.of(batch, heads, time))
    };
  }

  private static Output[] gradientOutputs(Object attributes, View[] in) {
    Output[] outputs = new Output[((Kind) attributes).projections()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = new Output(in[1].dtype(), in[1 + i].shape());
    }
    return outputs;
  }
}
