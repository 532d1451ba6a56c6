package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Encoder layers one after another, and possibly a normalisation, as {@code
 * torch.nn.TransformerEncoder}.
 *
 * <p>Shapes: input and output {@code [batch, time, features]}. Unlike PyTorch's, whose layers start
 * as copies of one, each layer starts with weights of its own.
 *
 * @since 0.1
 */
public final class TransformerEncoder extends Module {
  private final List<TransformerEncoderLayer> layers = new ArrayList<>();
  private final @Nullable LayerNorm norm;

  /** Makes an encoder without normalisation at the end. */
  public TransformerEncoder(int count, Supplier<TransformerEncoderLayer> layer) {
    this(count, layer, null);
  }

  /**
   * Makes an encoder.
   *
   * @param layer makes each layer, mostly {@code TransformerEncoderLayer.builder(...)::build}
   * @param norm applied to the last layer's output, needed where the layers normalise first; or
   *     null
   * @throws io.fulgur.error.FulgurException if {@code count} is not positive
   */
  public TransformerEncoder(
      int count, Supplier<TransformerEncoderLayer> layer, @Nullable LayerNorm norm) {
    Checks.require(
        count > 0, "TransformerEncoder: there are " + count + " layers; at least 1 is needed.");
    for (int i = 0; i < count; i++) {
      layers.add(layer.get());
    }
    this.norm = norm;
  }

  @Override
  public Tensor forward(Tensor input) {
    return run(input, AttentionMask.none());
  }

  /** Computes the output where something is hidden in each layer. */
  public Tensor call(Tensor input, AttentionMask mask) {
    return call(in -> new Tensor[] {run(Checks.present(in[0], "input"), mask)}, input)[0];
  }

  private Tensor run(Tensor input, AttentionMask mask) {
    Tensor x = input;
    for (TransformerEncoderLayer layer : layers) {
      x = layer.call(x, mask);
    }
    return norm == null ? x : norm.call(x);
  }
}
