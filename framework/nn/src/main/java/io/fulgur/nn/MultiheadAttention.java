package io.fulgur.nn;

import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Attention;
import org.jspecify.annotations.Nullable;

/**
 * Attention of several heads, each looking at projections of its own, as {@code
 * torch.nn.MultiheadAttention} with {@code batch_first=True}: {@code concat(head_1, ..., head_h) W
 * + b} with {@code head_i = softmax(q_i k_iᵀ / √d + mask) v_i} and {@code d = features / heads}.
 *
 * <p>Shapes: query {@code [batch, queries, features]}, key {@code [batch, keys, keyFeatures]},
 * value {@code [batch, keys, valueFeatures]}, output like the query. A query that sees no key has
 * the result of zeros, where PyTorch's is NaN.
 *
 * <p>Parameters: {@code inProjWeight} {@code [3 features, features]} holds the projections of
 * queries, keys and values in this order; with other key or value features there are {@code
 * qProjWeight}, {@code kProjWeight} and {@code vProjWeight} instead. Projections start
 * Xavier-uniform, their biases at 0.
 *
 * <p>A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
 *
 * @since 0.1
 */
public final class MultiheadAttention extends Module {
  private final @Nullable Parameter inProjWeight;
  private final @Nullable Parameter qProjWeight;
  private final @Nullable Parameter kProjWeight;
  private final @Nullable Parameter vProjWeight;
  private final @Nullable Parameter inProjBias;
  private final Linear outProj;
  private final long features;
  private final int heads;
  private final double dropout;

  /**
   * The result and the weights behind it.
   *
   * @param output {@code [batch, queries, features]}
   * @param weights of each head, {@code [batch, heads, queries, keys]}, before dropout
   */
  public record WithWeights(Tensor output, Tensor weights) {}

  /** Makes attention with biases and without dropout. */
  public MultiheadAttention(long features, int heads) {
    this(builder(features, heads));
  }

  private MultiheadAttention(Builder options) {
    options.check();
    features = options.features;
    heads = options.heads;
    dropout = options.dropout;
    if (options.keyFeatures == features && options.valueFeatures == features) {
      inProjWeight = xavier(3 * features, features);
      qProjWeight = null;
      kProjWeight = null;
      vProjWeight = null;
    } else {
      inProjWeight = null;
      qProjWeight = xavier(features, features);
      kProjWeight = xavier(features, options.keyFeatures);
      vProjWeight = xavier(features, options.valueFeatures);
    }
    inProjBias = options.bias ? Parameter.of(Tensor.zeros(3 * features)) : null;
    outProj = new Linear(features, features, options.bias);
    Parameter outBias = outProj.bias();
    if (outBias != null) {
      Initializers.zeros(outBias);
    }
  }

  private static Parameter xavier(long rows, long columns) {
    Parameter weight = Parameter.of(Tensor.zeros(rows, columns));
    Initializers.xavierUniform(weight, 1);
    return weight;
  }

  /** Returns options for dropout, biases and other key or value features. */
  public static Builder builder(long features, int heads) {
    return new Builder(features, heads);
  }

  /** Returns the attention of a sequence to itself, everything seeing everything. */
  @Override
  public Tensor forward(Tensor input) {
    return attend(input, input, input, AttentionMask.none());
  }

  /** Returns the attention of a sequence to itself. */
  public Tensor call(Tensor input, AttentionMask mask) {
    return call(input, input, input, mask);
  }

  /**
   * Returns the attention of queries to keys and values.
   *
   * @throws ShapeException if the shapes do not fit
   */
  public Tensor call(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
    return call(
        in ->
            new Tensor[] {
              attend(
                  Checks.present(in[0], "query"),
                  Checks.present(in[1], "key"),
                  Checks.present(in[2], "value"),
                  mask)
            },
        query,
        key,
        value)[0];
  }

  /**
   * As {@link #call(Tensor, Tensor, Tensor, AttentionMask)}, and returns the weights, too; slower,
   * as they have to be in memory.
   */
  public WithWeights callWithWeights(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
    Tensor[] outputs =
        call(
            in ->
                withWeights(
                    Checks.present(in[0], "query"),
                    Checks.present(in[1], "key"),
                    Checks.present(in[2], "value"),
                    mask),
            query,
            key,
            value);
    return new WithWeights(outputs[0], outputs[1]);
  }

  private Tensor[] withWeights(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
    check(query, key, value);
    Tensor q = heads(project(query, 0));
    Tensor k = heads(project(key, 1));
    Tensor v = heads(project(value, 2));
    Tensor weights = Attention.weights(q, k, options(mask, query, key.size(1)));
    Tensor kept =
        isTraining() && dropout > 0
            ? Functional.dropout(weights, dropout, Generator.defaultGenerator())
            : weights;
    return new Tensor[] {output(kept.matmul(v).permute(0, 2, 1, 3)), weights};
  }

  private Tensor attend(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
    check(query, key, value);
    Attention.Options options = options(mask, query, key.size(1));
    Parameter packed = inProjWeight;
    if (packed != null && query == key && key == value) {
      Tensor all = query.linear(packed, inProjBias);
      return output(
          Attention.ofPacked(
              all.reshape(query.size(0), query.size(1), 3, heads, features / heads), options));
    }
    Tensor result =
        Attention.scaledDotProduct(
            heads(project(query, 0)), heads(project(key, 1)), heads(project(value, 2)), options);
    return output(result.permute(0, 2, 1, 3));
  }

  private Attention.Options options(AttentionMask mask, Tensor query, long keys) {
    return Attention.Options.all()
        .mask(mask.together(query, keys))
        .causal(mask.causal())
        .dropout(isTraining() ? dropout : 0, Generator.defaultGenerator());
  }

  /** Returns the projection of queries, keys or values. */
  private Tensor project(Tensor input, int part) {
    long from = part * features;
    Parameter packed = inProjWeight;
    Tensor weight = packed != null ? packed.slice(0, from, from + features) : separate(part);
    Tensor bias = inProjBias == null ? null : inProjBias.slice(0, from, from + features);
    return input.linear(weight, bias);
  }

  private Tensor separate(int part) {
    Parameter weight = part == 0 ? qProjWeight : part == 1 ? kProjWeight : vProjWeight;
    if (weight == null) {
      throw new IllegalStateException("Projections are neither packed nor separate");
    }
    return weight;
  }

  /** Returns {@code [batch, heads, time, features / heads]}. */
  private Tensor heads(Tensor projected) {
    return projected
        .reshape(projected.size(0), projected.size(1), heads, features / heads)
        .permute(0, 2, 1, 3);
  }

  /** Projects the heads' results, {@code [batch, time, heads, features / heads]}. */
  private Tensor output(Tensor results) {
    return outProj.call(results.reshape(results.size(0), results.size(1), features));
  }

  private void check(Tensor query, Tensor key, Tensor value) {
    long keyFeatures = kProjWeight == null ? features : kProjWeight.size(1);
    long valueFeatures = vProjWeight == null ? features : vProjWeight.size(1);
    boolean fits =
        query.rank() == 3
            && key.rank() == 3
            && value.rank() == 3
            && query.size(2) == features
            && key.size(2) == keyFeatures
            && value.size(2) == valueFeatures
            && key.size(0) == query.size(0)
            && value.size(0) == query.size(0)
            && value.size(1) == key.size(1);
    if (!fits) {
      throw ShapeException.mismatch(
          toString(),
          "needed are [batch, queries, %d], [batch, keys, %d] and [batch, keys, %d]"
              .formatted(features, keyFeatures, valueFeatures),
          query.shape(),
          key.shape(),
          value.shape());
    }
  }

  @Override
  public String toString() {
    return "MultiheadAttention(features=%d, heads=%d%s)"
        .formatted(features, heads, dropout == 0 ? "" : ", dropout=" + dropout);
  }

  /**
   * The options of attention.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final long features;
    private final int heads;
    private long keyFeatures;
    private long valueFeatures;
    private double dropout;
    private boolean bias = true;

    private Builder(long features, int heads) {
      this.features = features;
      this.heads = heads;
      this.keyFeatures = features;
      this.valueFeatures = features;
    }

    /** Sets the probability of a weight to be zeroed in training mode; 0 by default. */
    public Builder dropout(double p) {
      dropout = p;
      return this;
    }

    /** Sets whether the projections have biases, as they have by default. */
    public Builder bias(boolean present) {
      bias = present;
      return this;
    }

    /** Sets the features of keys; those of queries by default. */
    public Builder keyFeatures(long count) {
      keyFeatures = count;
      return this;
    }

    /** Sets the features of values; those of queries by default. */
    public Builder valueFeatures(long count) {
      valueFeatures = count;
      return this;
    }

    /**
     * Makes the module.
     *
     * @throws io.fulgur.error.FulgurException if a size is not positive, the features are not a
     *     multiple of the heads, or dropout is not a probability
     */
    public MultiheadAttention build() {
      return new MultiheadAttention(this);
    }

    private void check() {
      Checks.require(
          features > 0 && heads > 0 && features % heads == 0,
          "MultiheadAttention(features=%d, heads=%d): features must be a positive multiple of heads."
              .formatted(features, heads));
      Checks.require(
          keyFeatures > 0 && valueFeatures > 0,
          "MultiheadAttention: keyFeatures=%d and valueFeatures=%d must be positive."
              .formatted(keyFeatures, valueFeatures));
      Checks.require(
          dropout >= 0 && dropout <= 1,
          "MultiheadAttention: dropout is " + dropout + "; allowed is a probability, 0 to 1.");
    }
  }
}
