package io.fulgur.nn;

/**
 * Batch normalisation {@code y = (x - mean) / √(variance + ε) · weight + bias} of each channel, as
 * {@code torch.nn.BatchNorm2d}.
 *
 * <p>In training mode mean and (biased) variance are those of the batch, and the running statistics
 * come nearer to them: {@code running = (1 - momentum) running + momentum statistic}, with the
 * unbiased variance. In evaluation mode they are the running statistics. Weights start at 1, biases
 * at 0, the running mean at 0 and the running variance at 1.
 *
 * <p>Shapes: input and output {@code [batch, channels, height, width]}. Other inputs, and in
 * training mode a single value for each channel, are a {@link io.fulgur.tensor.ShapeException}.
 *
 * <p>S. Ioffe, C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
 * Internal Covariate Shift", ICML 2015.
 *
 * @since 0.1
 */
public final class BatchNorm2d extends BatchNormLayer {
  /**
   * Makes a normalisation of so many channels.
   *
   * @throws io.fulgur.error.FulgurException if the number is not positive
   */
  public BatchNorm2d(long numFeatures) {
    this(numFeatures, BatchNormOptions.defaults());
  }

  /**
   * Makes a normalisation of so many channels.
   *
   * @throws io.fulgur.error.FulgurException if the number is not positive
   */
  public BatchNorm2d(long numFeatures, BatchNormOptions options) {
    super(numFeatures, options);
  }

  @Override
  boolean takes(int rank) {
    return rank == 4;
  }

  @Override
  String shapes() {
    return "[batch, channels, height, width]";
  }
}
