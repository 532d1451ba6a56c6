package io.fulgur.tensor.functional;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Gradients;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.AttentionOperators.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention {@code softmax(q kᵀ / √d + mask) v}, as {@code
 * torch.nn.functional.scaled_dot_product_attention}.
 *
 * <p>Computed without ever holding all weights: a block of them at a time, and again in the
 * backward pass, from the logarithm of each query's sum of exponentials. A query that sees no key
 * has the result 0 and the gradient 0, where PyTorch's is NaN.
 *
 * <p>A. Vaswani et al., "Attention Is All You Need", 2017; T. Dao et al., "FlashAttention: Fast and
 * Memory-Efficient Exact Attention with IO-Awareness", 2022.
 *
 * @since 0.1
 */
public final class Attention {
  private static final String NAME = "attention";

  private Attention() {}

  /**
   * What a query sees, and dropout.
   *
   * @param mask broadcast to {@code [batch, heads, queries, keys]}: of {@link DType#BOOL}, true
   *     where a key is hidden from a query; or of the queries' type, added to the scores; or null.
   *     Unlike {@code scaled_dot_product_attention}, and like {@code torch.nn.MultiheadAttention},
   *     true hides.
   * @param causal whether keys later than a query are hidden from it
   * @param dropout the probability with which a weight is zeroed
   * @param generator what dropout draws from
   */
  public record Options(
      @Nullable Tensor mask, boolean causal, double dropout, Generator generator) {
    /** Checks the probability. */
    public Options {
      if (!(dropout >= 0 && dropout <= 1)) {
        throw new FulgurException(
            ErrorId.INVALID_ARGUMENT,
            "The probability of attention's dropout must be in [0, 1], but is " + dropout + ".");
      }
    }

    /** Returns options by which every query sees every key, without dropout. */
    public static Options all() {
      return new Options(null, /* causal= */ false, 0, Generator.defaultGenerator());
    }

    /** Returns options by which a query sees keys up to its own time. */
    public static Options ofPast() {
      return all().causal(true);
    }

    /** Returns these options with another mask. */
    public Options mask(@Nullable Tensor other) {
      return new Options(other, causal, dropout, generator);
    }

    /** Returns these options, hiding later keys or not. */
    public Options causal(boolean other) {
      return new Options(mask, other, dropout, generator);
    }

    /** Returns these options with dropout. */
    public Options dropout(double p, Generator from) {
      return new Options(mask, causal, p, from);
    }
  }

  /**
   * As {@link #scaledDotProduct(Tensor, Tensor, Tensor, Options)}, every query seeing every key.
   */
  public static Tensor scaledDotProduct(Tensor query, Tensor key, Tensor value) {
    return scaledDotProduct(query, key, value, Options.all());
  }

  /**
   * Returns each query's mean of the values, weighted by how well their keys fit.
   *
   * @param query {@code [batch, heads, queries, features]}
   * @param key {@code [batch, heads, keys, features]}
   * @param value {@code [batch, heads, keys, valueFeatures]}
   * @return {@code [batch, heads, queries, valueFeatures]}; in memory, and best so in the
   *     arguments, the heads of one time lie next to each other, as {@code x.reshape(batch, time,
   *     heads, features).permute(0, 2, 1, 3)} leaves them
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor scaledDotProduct(Tensor query, Tensor key, Tensor value, Options options) {
    return run(cast(query), cast(key), cast(value), cast(options));
  }

  private static Tensor cast(Tensor x) {
    return Autocast.input(AttentionOperators.ATTENTION, x);
  }

  private static Options cast(Options options) {
    Tensor mask = options.mask();
    return mask == null || mask.dtype() == DType.BOOL ? options : options.mask(cast(mask));
  }

  private static Tensor run(Tensor query, Tensor key, Tensor value, Options options) {
    check(query, key, value);
    Tensor mask = additive(options.mask(), query, key.size(2));
    if (mask != null && Calls.tracks(mask)) {
      // Few train a mask; the fused operator does not differentiate it.
      Tensor weights = weights(query, key, options.mask(mask));
      return Functional.dropout(weights, options.dropout(), options.generator()).matmul(value);
    }
    Tensor[] projections = {
      AttentionCompositions.headsFirst(query).contiguous(),
      AttentionCompositions.headsFirst(key).contiguous(),
      AttentionCompositions.headsFirst(value).contiguous()
    };
    return AttentionCompositions.headsFirst(run(projections, mask, options, query, key.size(2)));
  }

  /**
   * Returns the attention of a sequence to itself.
   *
   * @param packed queries, keys and values, {@code [batch, time, 3, heads, features]}: what one
   *     projection of all three leaves
   * @return {@code [batch, time, heads, features]}
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor ofPacked(Tensor packed, Options options) {
    return runPacked(cast(packed), cast(options));
  }

  private static Tensor runPacked(Tensor packed, Options options) {
    if (packed.rank() != 5 || packed.size(2) != 3) {
      throw ShapeException.mismatch(
          NAME, "packed projections must be [batch, time, 3, heads, features]", packed.shape());
    }
    requireFloating(packed);
    Tensor query = packed.select(2, 0).permute(0, 2, 1, 3);
    Tensor mask = additive(options.mask(), query, query.size(2));
    if (mask != null && Calls.tracks(mask)) {
      return run(
              query,
              packed.select(2, 1).permute(0, 2, 1, 3),
              packed.select(2, 2).permute(0, 2, 1, 3),
              options)
          .permute(0, 2, 1, 3);
    }
    return run(new Tensor[] {packed.contiguous()}, mask, options, query, query.size(2));
  }

  /**
   * Returns the weights by themselves, before dropout, {@code [batch, heads, queries, keys]};
   * arguments as of {@link #scaledDotProduct}.
   */
  public static Tensor weights(Tensor query, Tensor key, Options options) {
    check(query, key, key);
    if (query.dtype() == DType.BF16 || query.dtype() == DType.F16) {
      // Scores rounded to 16 bits would make weights that are off in the second digit.
      Tensor mask = options.mask();
      Tensor wide = mask == null || mask.dtype() == DType.BOOL ? mask : mask.to(DType.F32);
      return weights(query.to(DType.F32), key.to(DType.F32), options.mask(wide)).to(query.dtype());
    }
    Tensor scores = query.mul(scale(query)).matmul(key.transpose(2, 3));
    Tensor mask = additive(options.mask(), query, key.size(2));
    scores = mask == null ? scores : scores.add(mask);
    if (options.causal()) {
      Tensor future = AttentionCompositions.future(query.size(2), key.size(2));
      scores = scores.maskedFill(future, Double.NEGATIVE_INFINITY);
    }
    return AttentionCompositions.weights(scores);
  }

  private static double scale(Tensor query) {
    return 1 / Math.sqrt((double) Math.max(1, query.size(-1)));
  }

  /** Calls the operator on projections with the heads of one time next to each other. */
  private static Tensor run(
      Tensor[] projections, @Nullable Tensor mask, Options options, Tensor query, long keys) {
    List<Tensor> inputs = new ArrayList<>(List.of(projections));
    if (mask != null) {
      inputs.add(mask);
    }
    boolean drops = options.dropout() > 0;
    Generator generator = options.generator();
    long seed = generator.seed();
    long rows = query.size(0) * query.size(1) * query.size(2);
    long place = drops ? generator.reserve(rows * ((keys + 1) / 2)) : 0;
    double[] scalars = {scale(query), options.dropout(), place};
    Kind kind =
        new Kind(projections.length == 1, options.causal(), mask != null, drops ? generator : null);
    Tensor[] in = inputs.toArray(Tensor[]::new);
    Tensor[] out = Calls.callAll(AttentionOperators.ATTENTION, kind, scalars, in);
    if (Calls.tracks(projections)) {
      List<Tensor> saved = new ArrayList<>(inputs);
      saved.add(out[0]);
      saved.add(out[1]);
      Calls.record(
          out[0],
          NAME,
          (grad, g) -> backward(projections, kind, seed, scalars, saved, grad, g),
          saved.toArray(Tensor[]::new));
    }
    out[1].release();
    return out[0];
  }

  private static void backward(
      Tensor[] projections,
      Kind kind,
      long seed,
      double[] scalars,
      List<Tensor> saved,
      Tensor grad,
      Gradients gradients) {
    Generator generator = kind.dropout();
    Kind drawn = kind;
    if (generator != null && generator.seed() != seed) {
      // Seeded anew since: the draws are those of the stream before.
      drawn = new Kind(kind.packed(), kind.causal(), kind.masked(), new Generator(seed));
    }
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(grad.contiguous());
    inputs.addAll(saved);
    Tensor[] out =
        Calls.callAll(
            AttentionOperators.ATTENTION_BACKWARD, drawn, scalars, inputs.toArray(Tensor[]::new));
    for (int i = 0; i < out.length; i++) {
      gradients.give(projections[i], out[i]);
    }
  }

  /** Returns a mask as numbers to add, row-major of rank 4. */
  private static @Nullable Tensor additive(@Nullable Tensor mask, Tensor query, long keys) {
    if (mask == null) {
      return null;
    }
    if (mask.dtype() != DType.BOOL && mask.dtype() != query.dtype()) {
      throw DTypeException.unsupported(
          "the mask of " + NAME, mask.dtype(), "BOOL, or the queries' " + query.dtype());
    }
    Shape full = Shape.of(query.size(0), query.size(1), query.size(2), keys);
    if (mask.rank() > 4 || !Shape.broadcast(NAME, mask.shape(), full).equals(full)) {
      throw ShapeException.mismatch(
          NAME, "the mask must broadcast to [batch, heads, queries, keys] = " + full, mask.shape());
    }
    Tensor numbers = mask;
    if (mask.dtype() == DType.BOOL) {
      Tensor zeros = Tensor.zeros(query.dtype(), mask.shape().toArray());
      numbers = zeros.maskedFill(mask, Double.NEGATIVE_INFINITY);
    }
    while (numbers.rank() < 4) {
      numbers = numbers.unsqueeze(0);
    }
    return numbers.contiguous();
  }

  private static void requireFloating(Tensor x) {
    if (!x.dtype().isFloating()) {
      throw DTypeException.unsupported(NAME, x.dtype(), "a floating-point type");
    }
  }

  private static void check(Tensor query, Tensor key, Tensor value) {
    requireFloating(query);
    for (Tensor other : new Tensor[] {key, value}) {
      if (other.dtype() != query.dtype()) {
        throw DTypeException.mixed(NAME, query.dtype(), other.dtype());
      }
    }
    boolean fits =
        query.rank() == 4
            && key.rank() == 4
            && value.rank() == 4
            && key.size(3) == query.size(3)
            && value.size(2) == key.size(2);
    for (int i = 0; fits && i < 2; i++) {
      fits = key.size(i) == query.size(i) && value.size(i) == query.size(i);
    }
    if (!fits) {
      throw ShapeException.mismatch(
          NAME,
          "needed are [batch, heads, queries, features], [batch, heads, keys, features] and"
              + " [batch, heads, keys, valueFeatures]",
          query.shape(),
          key.shape(),
          value.shape());
    }
  }
}
