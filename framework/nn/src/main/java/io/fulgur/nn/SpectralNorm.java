package io.fulgur.nn;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose weight is divided by its largest singular value, so that the layer stretches
 * nothing by more than 1, as {@code torch.nn.utils.spectral_norm}.
 *
 * <p>The weight counts as a matrix of a row for each output. The singular value is {@code uᵀ W v},
 * with the vectors that power iteration has found so far: each forward pass in training mode
 * iterates anew from where the last one ended. No gradient flows into the vectors.
 *
 * <p>Parameters are {@code weightOrig} and the layer's {@code bias}, buffers {@code weightU} and
 * {@code weightV}.
 *
 * <p>T. Miyato et al., "Spectral Normalization for Generative Adversarial Networks", ICLR 2018.
 *
 * @since 0.1
 */
public final class SpectralNorm extends Module {
  private static final double EPSILON = 1e-12;

  private final Parameter weightOrig;
  private final @Nullable Parameter bias;
  private final Buffer weightU;
  private final Buffer weightV;
  private final transient WeightedLayer layer;
  private final int powerIterations;

  /** Normalises the weight of a layer by one iteration for each forward pass. */
  public SpectralNorm(WeightedLayer layer) {
    this(layer, 1);
  }

  /**
   * Normalises the weight of a layer.
   *
   * @param powerIterations for each forward pass
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public SpectralNorm(WeightedLayer layer, int powerIterations) {
    Checks.require(
        powerIterations > 0,
        "SpectralNorm: powerIterations is " + powerIterations + ", but must be positive.");
    this.layer = layer;
    this.powerIterations = powerIterations;
    this.weightOrig = Parameter.of(layer.weight().detach());
    this.bias = layer.bias();
    Tensor matrix = matrix(layer.weight().detach());
    this.weightU = Buffer.of(direction(matrix, matrix.size(0)));
    this.weightV = Buffer.of(direction(matrix, matrix.size(1)));
  }

  private static Tensor direction(Tensor matrix, long size) {
    return normalized(Tensor.normal(Generator.defaultGenerator(), 0, 1, matrix.dtype(), size));
  }

  private static Tensor normalized(Tensor x) {
    return x.div(x.square().sum().sqrt().clamp(EPSILON, Double.POSITIVE_INFINITY));
  }

  /** Returns a weight as a matrix of a row for each output. */
  private Tensor matrix(Tensor weight) {
    Tensor outputsFirst = weight.transpose(0, layer.outputDimension());
    return outputsFirst.flatten(1, -1);
  }

  /** Returns the weight that the layer is used with; in training mode after iterating. */
  public Tensor weight() {
    Tensor matrix = matrix(weightOrig);
    if (isTraining()) {
      iterate(matrix.detach());
    }
    // Copies: the next forward pass may come before the backward pass of this one.
    Tensor u = weightU.mul(1);
    Tensor v = weightV.mul(1);
    Tensor sigma = matrix.matmul(v).mul(u).sum();
    return weightOrig.div(sigma);
  }

  private void iterate(Tensor matrix) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      for (int i = 0; i < powerIterations; i++) {
        weightV.assign(normalized(matrix.transpose(0, 1).matmul(weightU)));
        weightU.assign(normalized(matrix.matmul(weightV)));
      }
    }
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
    return "SpectralNorm(" + layer + ", powerIterations=" + powerIterations + ")";
  }
}
