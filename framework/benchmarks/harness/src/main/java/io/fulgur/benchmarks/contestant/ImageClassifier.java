package io.fulgur.benchmarks.contestant;

import java.util.List;

/**
 * A model of square images, of ten classes, in batches of 64.
 *
 * @param channels colours of an image
 * @param side its height and its width
 */
public record ImageClassifier(int channels, int side) implements Classifier {

  /**
   * {@code cnn}, as LeNet-5 with ReLU and max-pooling: convolution 1 to 6, 5x5, padding 2; ReLU;
   * max-pooling 2; convolution 6 to 16, 5x5; ReLU; max-pooling 2; linear 400-120-84-10 with ReLU
   * between.
   *
   * <p>Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document
   * Recognition", 1998.
   */
  public static final ImageClassifier LENET = new ImageClassifier(1, 28);

  /**
   * {@code resnet}, ResNet-20 for CIFAR: convolution 3x3 to 16 channels, three stages of {@link
   * #BLOCKS} basic blocks with 16, 32 and 64 channels, mean over the image, linear 64-10. The first
   * block of the second and the third stage has stride 2, and on its shortcut a convolution 1x1 and
   * a batch norm (option B); no convolution has a bias, each has a batch norm.
   *
   * <p>K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", 2015.
   */
  public static final ImageClassifier RESNET = new ImageClassifier(3, 32);

  /** Basic blocks in each stage of {@link #RESNET}. */
  public static final int BLOCKS = 3;

  /** The channels in each stage of {@link #RESNET}. */
  public static final List<Integer> WIDTHS = List.of(16, 32, 64);

  /** {@code lstm}: the rows of an image, from above, as a sequence. */
  public static final ImageClassifier ROWS = new ImageClassifier(1, 28);

  /** The hidden units of the LSTM for {@link #ROWS}; its last output goes to a linear layer. */
  public static final int LSTM_UNITS = 128;

  @Override
  public List<Integer> sampleShape() {
    return List.of(channels, side, side);
  }

  @Override
  public int classes() {
    return 10;
  }

  @Override
  public int batchSize() {
    return 64;
  }
}
