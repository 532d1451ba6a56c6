package io.fulgur.module;

import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A training step of a module that can be called.
 *
 * @since 0.1
 */
public final class BoundTrainingStep {
  private final FulgurModule module;
  private final String optimizer;
  private final BoundMethod method;
  private final boolean manual;
  private Profiler profiler = Profiler.NONE;

  /**
   * @param manual whether the module runs the backward pass, so that no loss is needed
   */
  BoundTrainingStep(FulgurModule module, String optimizer, BoundMethod method, boolean manual) {
    this.module = module;
    this.optimizer = optimizer;
    this.method = method;
    this.manual = manual;
  }

  /** Returns the name of the optimizer that learns from its loss; empty for all. */
  public String optimizer() {
    return optimizer;
  }

  /** Returns where it is declared, for messages. */
  public String location() {
    return Signatures.location(method.method());
  }

  /**
   * Runs the step.
   *
   * @return what it returned, with a loss; {@code null} to skip the batch
   * @throws FulgurException if it returned an output without a loss, or a loss of several elements
   */
  public @Nullable StepOutput run(Batch batch, int batchIndex) {
    Object result = invoke(batch, batchIndex);
    if (result == null) {
      return null;
    }
    StepOutput output =
        result instanceof Tensor tensor ? StepOutput.loss(tensor) : (StepOutput) result;
    if (!manual) {
      checkLoss(output);
    }
    return output;
  }

  private @Nullable Object invoke(Batch batch, int batchIndex) {
    try (Profiler.Region region =
        profiler == Profiler.NONE ? null : profiler.region(ModuleActions.name(StepKind.TRAINING))) {
      return method.invoker().invoke(module, null, batch, batchIndex, 0);
    }
  }

  /** Measures each run from now on. */
  void profile(Profiler by) {
    profiler = by;
  }

  private void checkLoss(StepOutput output) {
    Tensor loss = output.loss();
    if (loss == null) {
      throw new FulgurException(
          ErrorId.MISSING_LOSS,
          "The training step "
              + location()
              + " returned an output without \"loss\". It holds: "
              + String.join(", ", output.names())
              + ". Add the loss with StepOutput.loss(tensor), or return null to skip the batch.");
    }
    if (loss.elements() != 1) {
      throw new FulgurException(
          ErrorId.LOSS_NOT_SCALAR,
          "The training step "
              + location()
              + " returned a loss of shape "
              + loss.shape()
              + ", but a loss has one element. Reduce it, e.g. with mean().");
    }
  }
}
