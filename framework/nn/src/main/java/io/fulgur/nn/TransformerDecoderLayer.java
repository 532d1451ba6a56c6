package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Self-attention, attention to another sequence and a feed-forward network, each added to what it
 * read and normalised, as {@code torch.nn.TransformerDecoderLayer} with {@code batch_first=True}.
 *
 * <p>Shapes: input and output {@code [batch, time, features]}, memory {@code [batch, memoryTime,
 * features]}. The normalisation comes last or first, as told at {@link TransformerEncoderLayer}.
 *
 * <p>A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
 *
 * @since 0.1
 */
public final class TransformerDecoderLayer extends Module {
  private final MultiheadAttention selfAttn;
  private final MultiheadAttention multiheadAttn;
  private final Linear linear1;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final LayerNorm norm3;
  private final Dropout dropout;
  private final Dropout dropout1;
  private final Dropout dropout2;
  private final Dropout dropout3;
  private final UnaryOperator<Tensor> activation;
  private final boolean normFirst;
  private final String description;

  /** Makes a layer with the defaults of {@link TransformerOptions}. */
  public TransformerDecoderLayer(long features, int heads) {
    this(builder(features, heads));
  }

  private TransformerDecoderLayer(TransformerOptions<TransformerDecoderLayer> options) {
    selfAttn = options.attention();
    multiheadAttn = options.attention();
    linear1 = options.widening();
    linear2 = options.narrowing();
    norm1 = options.norm();
    norm2 = options.norm();
    norm3 = options.norm();
    dropout = options.dropoutLayer();
    dropout1 = options.dropoutLayer();
    dropout2 = options.dropoutLayer();
    dropout3 = options.dropoutLayer();
    activation = options.activation();
    normFirst = options.normFirst();
    description = options.toString();
  }

  /** Returns options. */
  public static TransformerOptions<TransformerDecoderLayer> builder(long features, int heads) {
    return new TransformerOptions<>(TransformerDecoderLayer::new, features, heads);
  }

  /** Computes the output, later inputs hidden from earlier ones and nothing else. */
  public Tensor call(Tensor input, Tensor memory) {
    return call(input, memory, AttentionMask.ofFuture(), AttentionMask.none());
  }

  /**
   * Computes the output.
   *
   * @param inputMask what of the input is hidden from it
   * @param memoryMask what of the memory is hidden from the input
   * @throws io.fulgur.tensor.ShapeException if the shapes do not fit
   */
  public Tensor call(
      Tensor input, Tensor memory, AttentionMask inputMask, AttentionMask memoryMask) {
    return call(
        in ->
            new Tensor[] {
              run(
                  Checks.present(in[0], "input"),
                  Checks.present(in[1], "memory"),
                  inputMask,
                  memoryMask)
            },
        input,
        memory)[0];
  }

  private Tensor run(
      Tensor input, Tensor memory, AttentionMask inputMask, AttentionMask memoryMask) {
    if (normFirst) {
      Tensor x = input.add(attend(norm1.call(input), inputMask));
      x = x.add(look(norm2.call(x), memory, memoryMask));
      return x.add(feedForward(norm3.call(x)));
    }
    Tensor x = norm1.call(input.add(attend(input, inputMask)));
    x = norm2.call(x.add(look(x, memory, memoryMask)));
    return norm3.call(x.add(feedForward(x)));
  }

  private Tensor attend(Tensor x, AttentionMask mask) {
    return dropout1.call(selfAttn.call(x, mask));
  }

  private Tensor look(Tensor x, Tensor memory, AttentionMask mask) {
    return dropout2.call(multiheadAttn.call(x, memory, memory, mask));
  }

  private Tensor feedForward(Tensor x) {
    return dropout3.call(linear2.call(dropout.call(activation.apply(linear1.call(x)))));
  }

  @Override
  public String toString() {
    return "TransformerDecoderLayer" + description;
  }
}
