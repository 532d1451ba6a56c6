package io.fulgur.samples.charlm;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** Writes on with a trained model: draws a character from what it foretells, and again. */
final class Writer {
  private final CharacterModel model;
  private final double temperature;
  private final int topK;
  private final RandomGenerator random;

  /**
   * @param temperature below 1 prefers what is likely, above 1 what is not; positive
   * @param topK only so many of the likeliest characters may come
   */
  Writer(CharacterModel model, double temperature, int topK, RandomGenerator random) {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "The temperature is " + temperature + ", but must be above 0. Try 0.8.");
    }
    if (topK < 1) {
      throw new IllegalArgumentException(
          "top-k is " + topK + ", but at least 1 character has to be left to choose from.");
    }
    this.model = model;
    this.temperature = temperature;
    this.topK = topK;
    this.random = random;
  }

  /** Hands out so many characters, each as soon as it is there. */
  void write(long[] beginning, int count, IntConsumer out) {
    long[] text = beginning;
    for (int i = 0; i < count; i++) {
      int next = draw(logitsAfter(text));
      out.accept(next);
      // The model sees no more than its context.
      int from = Math.max(0, text.length + 1 - model.context());
      long[] longer = Arrays.copyOf(text, text.length + 1);
      longer[text.length] = next;
      text = Arrays.copyOfRange(longer, from, longer.length);
    }
  }

  private float[] logitsAfter(long[] text) {
    try (StepScope scope = StepScope.open("write")) {
      return Autograd.noGrad(
          () -> {
            Tensor logits = model.call(Tensor.of(text, 1, text.length));
            return logits.select(1, text.length - 1).toFloatArray();
          });
    }
  }

  /** Draws with probability {@code softmax(logits / temperature)} among the greatest logits. */
  int draw(float[] logits) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    float least = sorted[Math.max(0, sorted.length - topK)];
    float greatest = sorted[sorted.length - 1];
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      weights[i] = logits[i] < least ? 0 : Math.exp((logits[i] - greatest) / temperature);
      sum += weights[i];
    }
    double left = random.nextDouble() * sum;
    int drawn = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        drawn = i;
        left -= weights[i];
        if (left < 0) {
          break;
        }
      }
    }
    return drawn;
  }
}
