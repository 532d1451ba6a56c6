package io.fulgur.benchmarks.contestant;

import java.util.List;

/**
 * A model that tells classes apart: softmax cross-entropy on integer labels, Adam with learning
 * rate {@value #LEARNING_RATE}, betas 0.9 and 0.999, epsilon 1e-8, in f32.
 */
public interface Classifier {
  double LEARNING_RATE = 1e-3;

  /** The shape of a sample: {@code [features]} or {@code [channels, height, width]}. */
  List<Integer> sampleShape();

  int classes();

  /** Samples in a step. */
  int batchSize();

  /** The numbers in a sample. */
  default int features() {
    return sampleShape().stream().reduce(1, (a, b) -> a * b);
  }

  /** The shape of a batch, {@code [batchSize, ...sampleShape]}, as frameworks want it. */
  default long[] batchShape() {
    long[] shape = new long[1 + sampleShape().size()];
    shape[0] = batchSize();
    for (int i = 1; i < shape.length; i++) {
      shape[i] = sampleShape().get(i - 1);
    }
    return shape;
  }
}
