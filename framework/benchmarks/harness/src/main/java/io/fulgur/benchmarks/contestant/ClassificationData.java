package io.fulgur.benchmarks.contestant;

import java.util.SplittableRandom;

/**
 * Random samples to classify, the same for every contestant.
 *
 * <p>Features are standard normal. A label is what a random linear teacher says, or, for three
 * samples in ten, drawn uniformly.
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

  private final int classes;
  private final float[][] features;
  private final int[][] labels;

  private ClassificationData(int classes, float[][] features, int[][] labels) {
    this.classes = classes;
    this.features = features;
    this.labels = labels;
  }

  public static ClassificationData of(Mlp mlp) {
    SplittableRandom random = new SplittableRandom(20_260_101);
    float[] teacher = gaussians(random, mlp.features() * mlp.classes());
    float[][] features = new float[FEATURE_BATCHES][];
    int[][] taught = new int[FEATURE_BATCHES][];
    for (int batch = 0; batch < FEATURE_BATCHES; batch++) {
      features[batch] = gaussians(random, mlp.batchSize() * mlp.features());
      taught[batch] = teach(teacher, features[batch], mlp);
    }
    int[][] labels = new int[LABEL_BATCHES][mlp.batchSize()];
    for (int batch = 0; batch < LABEL_BATCHES; batch++) {
      for (int sample = 0; sample < mlp.batchSize(); sample++) {
        labels[batch][sample] =
            random.nextDouble() < NOISE
                ? random.nextInt(mlp.classes())
                : taught[batch % FEATURE_BATCHES][sample];
      }
    }
    return new ClassificationData(mlp.classes(), features, labels);
  }

  /** The batch of features for a step, from 0 to {@link #FEATURE_BATCHES}. */
  public static int featureBatch(int step) {
    return step % FEATURE_BATCHES;
  }

  /** The batch of labels for a step, from 0 to {@link #LABEL_BATCHES}. */
  public static int labelBatch(int step) {
    return step % LABEL_BATCHES;
  }

  /** A batch of features, row-major {@code [batchSize, features]}. */
  public float[] features(int featureBatch) {
    return features[featureBatch].clone();
  }

  /** A batch of labels, {@code [batchSize]}. */
  public int[] labels(int labelBatch) {
    return labels[labelBatch].clone();
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

  private static float[] gaussians(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static int[] teach(float[] teacher, float[] features, Mlp mlp) {
    int[] labels = new int[mlp.batchSize()];
    for (int sample = 0; sample < labels.length; sample++) {
      double best = Double.NEGATIVE_INFINITY;
      for (int label = 0; label < mlp.classes(); label++) {
        double score = 0;
        for (int i = 0; i < mlp.features(); i++) {
          score += features[sample * mlp.features() + i] * teacher[i * mlp.classes() + label];
        }
        if (score > best) {
          best = score;
          labels[sample] = label;
        }
      }
    }
    return labels;
  }
}
