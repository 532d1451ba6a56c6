package io.fulgur.benchmarks.contestant;

import java.util.List;

/**
 * A multi-layer perceptron: linear layers with bias, ReLU between them.
 *
 * @param layerSizes the number of features, the hidden sizes, the number of classes
 */
public record Mlp(List<Integer> layerSizes, int batchSize) implements Classifier {

  /**
   * {@code mlp-small}: so little arithmetic that a framework's own overhead is what is measured.
   */
  public static final Mlp SMALL = new Mlp(List.of(32, 32, 32, 10), 8);

  /** {@code mlp-large}: the matrix products and the optimizer weigh more than the overhead. */
  public static final Mlp LARGE = new Mlp(List.of(784, 512, 256, 10), 64);

  /** {@code mlp-wide}: matrix products, in f32 or in bf16, and little else. */
  public static final Mlp WIDE = new Mlp(List.of(1024, 4096, 1024), 256);

  /** {@code saving}: weights of 100 MB, and as short a step as they allow. */
  public static final Mlp HEAVY = new Mlp(List.of(2048, 6144, 2048, 10), 1);

  public Mlp {
    layerSizes = List.copyOf(layerSizes);
    if (layerSizes.size() < 2) {
      throw new IllegalArgumentException(
          "An MLP has an input and an output at least, but its sizes are " + layerSizes);
    }
  }

  @Override
  public List<Integer> sampleShape() {
    return List.of(layerSizes.get(0));
  }

  @Override
  public int classes() {
    return layerSizes.get(layers());
  }

  /** The number of linear layers. */
  public int layers() {
    return layerSizes.size() - 1;
  }
}
