package io.fulgur.nn.loss;

import io.fulgur.tensor.Tensor;

/**
 * What is to be made small: how far a model's output is from what it should be.
 *
 * <p>A loss is an immutable value. Its options are methods that return a changed copy, so one is
 * put together once and used at every step:
 *
 * <pre>{@code
 * private final Loss loss = new CrossEntropyLoss().labelSmoothing(0.1).ignoreIndex(-100);
 * ...
 * Tensor value = loss.of(logits, labels);
 * }</pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Loss {
  /** Computes the loss of an output, given what it should be. */
  Tensor of(Tensor input, Tensor target);
}
