package io.fulgur.precision;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.data.Batch;
import io.fulgur.nn.Module;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;

/**
 * How numbers are treated on their way through a step. Every method has the behaviour of plain
 * single precision, so that a plugin overrides only what it changes.
 *
 * @since 0.1
 */
public interface PrecisionPlugin extends Stateful {
  /** Converts a module's parameters and buffers, before optimizers are made. */
  default void convertModule(Module module) {}

  /** Converts what a step gets, within the step's scope. */
  default Batch convertBatch(Batch batch) {
    return batch;
  }

  /** Opens a region in which a training, validation, test or predict step runs. */
  default Region forwardContext() {
    return () -> {};
  }

  /** What surrounds a step. */
  @FunctionalInterface
  interface Region extends AutoCloseable {
    /** Ends the region. */
    @Override
    void close();
  }

  /** Returns what the backward pass starts from; one that scales losses does so here. */
  default Tensor scaleLoss(Tensor loss) {
    return loss;
  }

  /** Makes gradients comparable before they are looked at and clipped. */
  default void beforeOptimizerStep(Optimizer optimizer) {}

  /**
   * Lets an optimizer step.
   *
   * @return whether it stepped, which a scaler of losses may forbid
   */
  default boolean optimizerStep(Optimizer optimizer) {
    optimizer.step();
    return true;
  }

  /** Learns that every optimizer has had its turn at the end of a window of batches. */
  default void afterOptimizerSteps() {}

  /** {@inheritDoc} Returns no state unless overridden. */
  @Override
  default State state() {
    return State.empty();
  }

  /** {@inheritDoc} Does nothing unless overridden. */
  @Override
  default void loadState(State state) {}
}
