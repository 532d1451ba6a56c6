package io.fulgur.benchmarks.contestant;

import java.util.List;

/**
 * A multi-layer perceptron: linear layers with bias, ReLU between them, softmax cross-entropy on
 * integer labels, Adam with learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8.
 *
 * @param layerSizes the number of features, the hidden sizes, the number of classes
 * @param batchSize samples in a step
 */
public record Mlp(List<Integer> layerSizes, int batchSize) {
  public static final double LEARNING_RATE = 1e-3;

  /**
   * {@code mlp-small}: so little arithmetic that a framework's own overhead is what is measured.
   */
  public static final Mlp SMALL = new Mlp(List.of(32, 32, 32, 10), 8);

  /** {@code mlp-large}: the matrix products and the optimizer weigh more than the overhead. */
  public static final Mlp LARGE = new Mlp(List.of(784, 512, 256, 10), 64);

  public Mlp {
    layerSizes = List.copyOf(layerSizes);
    if (layerSizes.size() < 2) {
      throw new IllegalArgumentException(
          "An MLP has an input and an output at least, but its sizes are " + layerSizes);
    }
  }

  public int features() {
    return layerSizes.get(0);
  }

  public int classes() {
    return layerSizes.get(layers());
  }

  /** The number of linear layers. */
  public int layers() {
    return layerSizes.size() - 1;
  }
}
