package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Self-attention and a feed-forward network, each added to what it read and normalised, as {@code
 * torch.nn.TransformerEncoderLayer} with {@code batch_first=True}.
 *
 * <p>Shapes: input and output {@code [batch, time, features]}. With the normalisation last, {@code
 * y = norm1(x + attention(x))} and the result {@code norm2(y + linear2(f(linear1(y))))}; first,
 * {@code y = x + attention(norm1(x))} and {@code y + linear2(f(linear1(norm2(y))))}.
 *
 * <p>A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017; R. Xiong et al., "On Layer
 * Normalization in the Transformer Architecture", ICML 2020.
 *
 * @since 0.1
 */
public final class TransformerEncoderLayer extends Module {
  private final MultiheadAttention selfAttn;
  private final Linear linear1;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final Dropout dropout;
  private final Dropout dropout1;
  private final Dropout dropout2;
  private final UnaryOperator<Tensor> activation;
  private final boolean normFirst;
  private final String description;

  /** Makes a layer with the defaults of {@link TransformerOptions}. */
  public TransformerEncoderLayer(long features, int heads) {
    this(builder(features, heads));
  }

  private TransformerEncoderLayer(TransformerOptions<TransformerEncoderLayer> options) {
    selfAttn = options.attention();
    linear1 = options.widening();
    linear2 = options.narrowing();
    norm1 = options.norm();
    norm2 = options.norm();
    dropout = options.dropoutLayer();
    dropout1 = options.dropoutLayer();
    dropout2 = options.dropoutLayer();
    activation = options.activation();
    normFirst = options.normFirst();
    description = options.toString();
  }

  /** Returns options. */
  public static TransformerOptions<TransformerEncoderLayer> builder(long features, int heads) {
    return new TransformerOptions<>(TransformerEncoderLayer::new, features, heads);
  }

  @Override
  public Tensor forward(Tensor input) {
    return run(input, AttentionMask.none());
  }

  /**
   * Computes the output where something is hidden.
   *
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   */
  public Tensor call(Tensor input, AttentionMask mask) {
    return call(in -> new Tensor[] {run(Checks.present(in[0], "input"), mask)}, input)[0];
  }

  private Tensor run(Tensor input, AttentionMask mask) {
    if (normFirst) {
      Tensor x = input.add(attend(norm1.call(input), mask));
      return x.add(feedForward(norm2.call(x)));
    }
    Tensor x = norm1.call(input.add(attend(input, mask)));
    return norm2.call(x.add(feedForward(x)));
  }

  private Tensor attend(Tensor x, AttentionMask mask) {
    return dropout1.call(selfAttn.call(x, mask));
  }

  private Tensor feedForward(Tensor x) {
    return dropout2.call(linear2.call(dropout.call(activation.apply(linear1.call(x)))));
  }

  @Override
  public String toString() {
    return "TransformerEncoderLayer" + description;
  }
}
