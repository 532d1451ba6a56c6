package io.fulgur.benchmarks.contestant;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Random samples to classify, the same for every contestant.
 *
 * <p>Features are a random prototype of the class plus standard normal noise. The prototype of an
 * image is coarse, so that it survives pooling. A label is the class, or, for three samples in ten,
 * drawn uniformly.
 */
public final class ClassificationData {

  /*
   * The data has to stay alive. A network that learns its samples by heart drives its gradients,
   * and Adam's second moments, into the denormal numbers, with which arithmetic is ten times
   * slower, and after 100,000 steps the benchmark measures that. So the same features come back
   * with other noise in their labels: the loss falls to the noise's entropy, above which it stays.
   */

  /** Different batches of features. */
  public static final int FEATURE_BATCHES = 64;

  /** Different batches of labels: each batch of features with eight draws of the noise. */
  public static final int LABEL_BATCHES = 8 * FEATURE_BATCHES;

  private static final double NOISE = 0.3;
  private static final double PROTOTYPE_SCALE = 0.5;

  /** An image's prototype has so many uniform cells along each side. */
  private static final int CELLS = 4;

  private final int classes;
  private final float[][] features;
  private final int[][] labels;

  private ClassificationData(int classes, float[][] features, int[][] labels) {
    this.classes = classes;
    this.features = features;
    this.labels = labels;
  }

  public static ClassificationData of(Classifier model) {
    SplittableRandom random = new SplittableRandom(20_260_101);
    float[][] prototypes = new float[model.classes()][];
    for (int i = 0; i < prototypes.length; i++) {
      prototypes[i] = prototype(random, model.sampleShape());
    }
    float[][] features = new float[FEATURE_BATCHES][model.batchSize() * model.features()];
    int[][] classes = new int[FEATURE_BATCHES][model.batchSize()];
    for (int batch = 0; batch < FEATURE_BATCHES; batch++) {
      for (int sample = 0; sample < model.batchSize(); sample++) {
        int ofSample = random.nextInt(model.classes());
        classes[batch][sample] = ofSample;
        for (int i = 0; i < model.features(); i++) {
          features[batch][sample * model.features() + i] =
              prototypes[ofSample][i] + (float) random.nextGaussian();
        }
      }
    }
    int[][] labels = new int[LABEL_BATCHES][model.batchSize()];
    for (int batch = 0; batch < LABEL_BATCHES; batch++) {
      for (int sample = 0; sample < model.batchSize(); sample++) {
        labels[batch][sample] =
            random.nextDouble() < NOISE
                ? random.nextInt(model.classes())
                : classes[batch % FEATURE_BATCHES][sample];
      }
    }
    return new ClassificationData(model.classes(), features, labels);
  }

  /** The batch of features for a step, from 0 to {@link #FEATURE_BATCHES}. */
  public static int featureBatch(int step) {
    return step % FEATURE_BATCHES;
  }

  /** The batch of labels for a step, from 0 to {@link #LABEL_BATCHES}. */
  public static int labelBatch(int step) {
    return step % LABEL_BATCHES;
  }

  /** A batch of features, row-major {@code [batchSize, ...sampleShape]}. */
  public float[] features(int featureBatch) {
    return features[featureBatch].clone();
  }

  /** A batch of labels, {@code [batchSize]}. */
  public long[] labels(int labelBatch) {
    int[] batch = labels[labelBatch];
    long[] wide = new long[batch.length];
    for (int sample = 0; sample < batch.length; sample++) {
      wide[sample] = batch[sample];
    }
    return wide;
  }

  /**
   * A batch of labels for frameworks without integer labels, row-major {@code [batchSize,
   * classes]}.
   */
  public float[] oneHotLabels(int labelBatch) {
    int[] batch = labels[labelBatch];
    float[] oneHot = new float[batch.length * classes];
    for (int sample = 0; sample < batch.length; sample++) {
      oneHot[sample * classes + batch[sample]] = 1;
    }
    return oneHot;
  }

  private static float[] prototype(SplittableRandom random, List<Integer> shape) {
    if (shape.size() == 1) {
      return gaussians(random, shape.get(0));
    }
    int channels = shape.get(0);
    int height = shape.get(1);
    int width = shape.get(2);
    float[] cells = gaussians(random, channels * CELLS * CELLS);
    float[] image = new float[channels * height * width];
    for (int i = 0; i < image.length; i++) {
      int channel = i / (height * width);
      int row = i / width % height * CELLS / height;
      int column = i % width * CELLS / width;
      image[i] = cells[(channel * CELLS + row) * CELLS + column];
    }
    return image;
  }

  private static float[] gaussians(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (PROTOTYPE_SCALE * random.nextGaussian());
    }
    return values;
  }
}
