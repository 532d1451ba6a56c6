package io.fulgur.nn;

import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;

/**
 * Layers that run one after another; the layers are named {@code 0}, {@code 1}, ...
 *
 * <p>What passes between the layers is given back as soon as the next layer has used it and
 * autograd needs it no longer, so a layer that wants its input or output later has to {@link
 * Tensor#keep()} it. The input of the whole belongs to the caller and stays.
 *
 * @since 0.1
 */
public class Sequential extends Module {
  @Inlined private final Module[] layers;

  /** Makes a chain of these layers; with none it returns its input. */
  public Sequential(Module... layers) {
    this.layers = layers.clone();
  }

  /** Makes a chain of these layers. */
  public Sequential(List<? extends Module> layers) {
    this.layers = layers.toArray(Module[]::new);
  }

  /** Returns the layers in their order. */
  public final List<Module> layers() {
    return List.of(layers);
  }

  @Override
  public Tensor forward(Tensor input) {
    Tensor current = input;
    for (Module layer : layers) {
      Tensor next = layer.call(current);
      if (next != current && isOurs(current, input)) {
        current.release();
      }
      current = next;
    }
    return current;
  }

  /** Tells results of a layer from what somebody else holds, too. */
  private static boolean isOurs(Tensor tensor, Tensor input) {
    return tensor != input && !(tensor instanceof Parameter) && !(tensor instanceof Buffer);
  }
}
