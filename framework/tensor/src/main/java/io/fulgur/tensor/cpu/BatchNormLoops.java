package io.fulgur.tensor.cpu;

/**
 * The arithmetic of batch normalisation on blocks of elements, of whichever channels: what is one
 * number for a channel is an array that has it for each of the block's elements.
 *
 * <p>With {@code r = 1 / sqrt(variance + epsilon)} and {@code n = (x - mean) r}:
 *
 * <pre>
 * y  = weight n + bias
 * dx = weight r (grad - mean(grad) - n mean(grad n))
 * </pre>
 */
final class BatchNormLoops {
  private BatchNormLoops() {}

  /** Adds the distances from a number near the mean, and their squares, to sums. */
  static void addDistances(float[] x, float[] near, float[] sums, float[] squares, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[i] - near[i];
      sums[i] += d;
      squares[i] += d * d;
    }
  }

  /** Normalises, of one channel; {@code scale} is {@code weight r}. */
  static void scale(float[] x, float mean, float scale, float shift, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - mean) * scale + shift;
    }
  }

  /** Normalises; {@code scales} are {@code weight r}. */
  static void scale(float[] x, float[] means, float[] scales, float[] shifts, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - means[i]) * scales[i] + shifts[i];
    }
  }

  /** Adds gradients, and their products with the distances from the mean, to sums. */
  static void addProducts(
      float[] grad, float[] x, float[] means, float[] sums, float[] products, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] += grad[i];
      products[i] += grad[i] * (x[i] - means[i]);
    }
  }

  /**
   * Turns gradients of {@code y} into those of {@code x}; {@code scales} are {@code weight r},
   * {@code slopes} are {@code r mean(grad n)}.
   */
  static void gradient(
      float[] grad,
      float[] x,
      float[] means,
      float[] scales,
      float[] meansOfGrad,
      float[] slopes,
      int n) {
    for (int i = 0; i < n; i++) {
      grad[i] = scales[i] * (grad[i] - meansOfGrad[i] - (x[i] - means[i]) * slopes[i]);
    }
  }
}
