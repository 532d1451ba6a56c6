package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decoder layers one after another, and possibly a normalisation, as {@code
 * torch.nn.TransformerDecoder}.
 *
 * <p>Shapes: input and output {@code [batch, time, features]}, memory {@code [batch, memoryTime,
 * features]}. Unlike PyTorch's, whose layers start as copies of one, each layer starts with weights
 * of its own.
 *
 * @since 0.1
 */
public final class TransformerDecoder extends Module {
  private final List<TransformerDecoderLayer> layers = new ArrayList<>();
  private final @Nullable LayerNorm norm;

  /** Makes a decoder without normalisation at the end. */
  public TransformerDecoder(int count, Supplier<TransformerDecoderLayer> layer) {
    this(count, layer, null);
  }

  /**
   * Makes a decoder.
   *
   * @param layer makes each layer, mostly {@code TransformerDecoderLayer.builder(...)::build}
   * @param norm applied to the last layer's output, needed where the layers normalise first; or
   *     null
   * @throws io.fulgur.error.FulgurException if {@code count} is not positive
   */
  public TransformerDecoder(
      int count, Supplier<TransformerDecoderLayer> layer, @Nullable LayerNorm norm) {
    Checks.require(
        count > 0, "TransformerDecoder: there are " + count + " layers; at least 1 is needed.");
    for (int i = 0; i < count; i++) {
      layers.add(layer.get());
    }
    this.norm = norm;
  }

  /** Computes the output, later inputs hidden from earlier ones and nothing else. */
  public Tensor call(Tensor input, Tensor memory) {
    return call(input, memory, AttentionMask.ofFuture(), AttentionMask.none());
  }

  /** Computes the output; arguments as of {@link TransformerDecoderLayer}. */
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
    Tensor x = input;
    for (TransformerDecoderLayer layer : layers) {
      x = layer.call(x, memory, inputMask, memoryMask);
    }
    return norm == null ? x : norm.call(x);
  }
}
