package io.fulgur.nn;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose weight is {@code g v / ‖v‖}, so that length and direction of what makes an output
 * are trained apart, as {@code torch.nn.utils.weight_norm}.
 *
 * <p>The parameters are {@code weightG}, the lengths, {@code [outputs, 1, ...]}, {@code weightV} of
 * the shape of the weight, and the layer's {@code bias}. They start so that the weight is that of
 * the layer, which itself is no longer used.
 *
 * <p>T. Salimans, D. P. Kingma, "Weight Normalization: A Simple Reparameterization to Accelerate
 * Training of Deep Neural Networks", NeurIPS 2016.
 *
 * @since 0.1
 */
public final class WeightNorm extends Module {
  private final Parameter weightG;
  private final Parameter weightV;
  private final @Nullable Parameter bias;
  private final transient WeightedLayer layer;

  /** Normalises the weight of a layer; the norms are taken over all but the first dimension. */
  public WeightNorm(WeightedLayer layer) {
    this.layer = layer;
    this.weightV = Parameter.of(layer.weight().detach());
    this.weightG = Parameter.of(norms(layer.weight().detach()));
    this.bias = layer.bias();
  }

  private static Tensor norms(Tensor v) {
    int[] dims = new int[v.rank() - 1];
    Arrays.setAll(dims, i -> i + 1);
    return v.square().sum(/* keepDim= */ true, dims).sqrt();
  }

  /** Returns the weight that the layer is used with. */
  public Tensor weight() {
    return weightV.mul(weightG.div(norms(weightV)));
  }

  /** Returns the layer with the weight of this moment, e.g. to deploy it. */
  public WeightedLayer remove() {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      layer.weight().assign(weight());
    }
    return layer;
  }

  /** Returns the bias of the layer, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor input) {
    return layer.forward(input, weight());
  }

  @Override
  public String toString() {
    return "WeightNorm(" + layer + ")";
  }
}
