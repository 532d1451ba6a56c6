package io.fulgur.nn.loss;

import io.fulgur.tensor.Tensor;

/**
 * What becomes of the losses of the single elements or rows.
 *
 * @since 0.1
 */
public enum Reduction {
  /** Their mean, of weighted losses as the loss tells. */
  MEAN,

  /** Their sum. */
  SUM,

  /** They stay apart. */
  NONE;

  Tensor of(Tensor losses) {
    return switch (this) {
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
      case NONE -> losses;
    };
  }
}
