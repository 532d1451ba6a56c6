package io.fulgur.nn;

import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Adds to each vector of a sequence where it stands: {@code y[t] = x[t] + p[t]} with {@code p[t,
 * 2i] = sin(t / 10000^(2i / features))} and {@code p[t, 2i + 1] = cos(t / 10000^(2i / features))},
 * then dropout.
 *
 * <p>Shapes: input and output {@code [batch, time, features]}; {@code time} is at most {@code
 * maxLength}. The table {@code pe}, {@code [maxLength, features]}, is a buffer.
 *
 * <p>A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
 *
 * @since 0.1
 */
public final class PositionalEncoding extends Module {
  private static final double LONGEST = 10_000;

  private final Buffer pe;
  private final double dropout;

  /** Makes an encoding without dropout. */
  public PositionalEncoding(int features, int maxLength) {
    this(features, maxLength, 0);
  }

  /**
   * Makes an encoding.
   *
   * @param dropout the probability of an element of the sum to be zeroed in training mode
   * @throws io.fulgur.error.FulgurException if a size is not positive or {@code dropout} is not a
   *     probability
   */
  public PositionalEncoding(int features, int maxLength, double dropout) {
    Checks.require(
        features > 0 && maxLength > 0,
        "PositionalEncoding(features=%d, maxLength=%d): both sizes must be positive."
            .formatted(features, maxLength));
    Checks.require(
        dropout >= 0 && dropout <= 1,
        "PositionalEncoding: dropout is " + dropout + "; allowed is a probability, 0 to 1.");
    this.pe = Buffer.of(Tensor.of(table(features, maxLength), maxLength, features));
    this.dropout = dropout;
  }

  private static float[] table(int features, int maxLength) {
    float[] table = new float[Math.multiplyExact(features, maxLength)];
    for (int t = 0; t < maxLength; t++) {
      for (int i = 0; i < features; i++) {
        double angle = t / Math.pow(LONGEST, (i - i % 2) / (double) features);
        table[t * features + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }

  @Override
  public Tensor forward(Tensor input) {
    if (input.rank() != 3 || input.size(2) != pe.size(1) || input.size(1) > pe.size(0)) {
      throw ShapeException.mismatch(
          toString(),
          "the input must be [batch, time, %d] with at most %d times"
              .formatted(pe.size(1), pe.size(0)),
          input.shape());
    }
    Tensor sum = input.add(pe.slice(0, 0, input.size(1)));
    return isTraining() && dropout > 0
        ? Functional.dropout(sum, dropout, Generator.defaultGenerator())
        : sum;
  }

  @Override
  public String toString() {
    return "PositionalEncoding(features=%d, maxLength=%d, dropout=%s)"
        .formatted(pe.size(1), pe.size(0), dropout);
  }
}
