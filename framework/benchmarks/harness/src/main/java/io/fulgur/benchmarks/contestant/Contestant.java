package io.fulgur.benchmarks.contestant;

import java.util.Map;

/**
 * One model that is trained by one framework.
 *
 * <p>The constructor starts the framework and makes the batches, in the framework's own form, since
 * the training step is what is measured. {@link #train} makes the model: the memory that it takes
 * is counted from there. A step is: zero the gradients, forward, loss, backward, optimizer step.
 */
public interface Contestant extends AutoCloseable {

  /** Makes a contestant; expected to take its time. */
  @FunctionalInterface
  interface Factory {
    Contestant create() throws Exception;
  }

  /**
   * Makes the model and its optimizer, and trains until {@link Steps#next()} returns {@link
   * Steps#END}.
   *
   * <p>The time between two calls of {@code next()} is one step's time. A framework that owns its
   * loop calls it where it fetches its batch or starts its step.
   *
   * <pre>{@code
   * for (int step = steps.next(); step != Steps.END; step = steps.next()) {
   *   trainOn(features[data.featureBatch(step)], labels[data.labelBatch(step)]);
   * }
   * }</pre>
   */
  void train(Steps steps) throws Exception;

  /**
   * The loss of the step that has just ended. Asked for in some of the first steps only, so that a
   * contestant that does not train is seen; it may be slow.
   */
  double loss();

  /** What a reader of the numbers has to know: versions, threads in use. */
  default Map<String, String> details() {
    return Map.of();
  }

  @Override
  default void close() {}
}
