package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation.
 *
 * <p>Each differentiable operator leaves a {@link GradNode} that knows its inputs and how to turn
 * the gradient of its output into theirs. {@code backward} visits the nodes from newest to oldest:
 * a node is always newer than those that made its inputs, so when it is visited its gradient is
 * complete, and no dependency has to be counted (compare {@code torch/csrc/autograd/engine.cpp},
 * which counts because its nodes run on several threads). What a node saved is given back as soon
 * as it has been used.
 *
 * <p>The backward pass is not recorded itself, so a gradient cannot be differentiated again. A
 * gradient of one's own is written as an {@link AutogradFunction}.
 *
 * @since 0.1
 */
public final class Autograd {
  private Autograd() {}

  /** Runs code whose operators record no gradients. */
  public static <T> T noGrad(Supplier<T> code) {
    try (NoGrad ignored = noGrad()) {
      return code.get();
    }
  }

  /**
   * Stops recording gradients on this thread until the result is closed: {@code try (var g =
   * Autograd.noGrad()) {...}}.
   */
  public static NoGrad noGrad() {
    return new NoGrad(/* enabled= */ false, isInferenceMode());
  }

  /**
   * Stops recording gradients on this thread until the result is closed, and lets nothing inside
   * switch it on again: {@link #enableGrad()} is an error there.
   *
   * <p>For evaluation, to be sure that it keeps no graph. Differs from {@code
   * torch.inference_mode}: what is computed here is an ordinary tensor that may be used as a
   * constant in a later forward pass, and it is not faster than {@link #noGrad()}, for tensors have
   * no view or version tracking to save.
   */
  public static NoGrad inferenceMode() {
    return new NoGrad(/* enabled= */ false, /* inference= */ true);
  }

  /** Returns whether this thread is inside of {@link #inferenceMode()}. */
  public static boolean isInferenceMode() {
    return ExecutionContext.current().inference;
  }

  /**
   * Records gradients again inside of a {@link #noGrad()} block.
   *
   * @throws FulgurException inside of {@link #inferenceMode()}
   */
  public static NoGrad enableGrad() {
    return new NoGrad(/* enabled= */ true, isInferenceMode());
  }

  /** Returns whether this thread records gradients. */
  public static boolean isGradEnabled() {
    return ExecutionContext.current().gradEnabled;
  }

  /** A block in which recording is switched; closing it restores what was before. */
  public static final class NoGrad implements AutoCloseable {
    private final boolean recordedBefore;
    private final boolean inferenceBefore;

    private NoGrad(boolean enabled, boolean inference) {
      ExecutionContext context = ExecutionContext.current();
      if (enabled && context.inference) {
        throw notDifferentiable(
            "enableGrad() was called in inference mode, where gradients are not recorded. Use"
                + " noGrad() around it instead; for the steps of a Trainer, set its option"
                + " inferenceMode to false");
      }
      recordedBefore = context.gradEnabled;
      inferenceBefore = context.inference;
      context.gradEnabled = enabled;
      context.inference = inference;
    }

    @Override
    public void close() {
      ExecutionContext context = ExecutionContext.current();
      context.gradEnabled = recordedBefore;
      context.inference = inferenceBefore;
    }
  }

  /**
   * Looks on this thread for the operator that makes a number go wrong, until the result is closed:
   * {@code try (var watch = Autograd.detectAnomaly()) {...}}.
   */
  public static AnomalyDetection detectAnomaly() {
    return new AnomalyDetection();
  }

  /**
   * Returns the gradients of a scalar with respect to some tensors, leaving {@link Tensor#grad()}
   * of every tensor as it was.
   *
   * @return a gradient for each input, zeros where the output does not depend on it
   */
  public static Tensor[] grad(Tensor output, Tensor... inputs) {
    IdentityHashMap<Tensor, @Nullable Tensor> captured = new IdentityHashMap<>();
    for (Tensor input : inputs) {
      if (!input.requiresGrad()) {
        throw notDifferentiable(
            "grad(output, inputs) was given an input that does not require gradients");
      }
      GradNode node = input.gradNode();
      if (node != null && !node.isLeaf()) {
        node.watched = input;
      }
      captured.put(input, null);
    }
    new Gradients(captured, /* retainGraph= */ false).run(output, seedOf(output));
    return Arrays.stream(inputs)
        .map(
            input -> {
              Tensor found = captured.get(input);
              return found == null ? Tensor.zerosLike(input) : found;
            })
        .toArray(Tensor[]::new);
  }

  static void backward(Tensor output, boolean retainGraph) {
    requireGradient(output);
    new Gradients(null, retainGraph).run(output, seedOf(output));
  }

  static void backward(Tensor output, Tensor gradient) {
    requireGradient(output);
    if (!gradient.shape().equals(output.shape())) {
      throw ShapeException.mismatch(
          "backward",
          "the gradient must have the tensor's shape",
          output.shape(),
          gradient.shape());
    }
    gradient.storage().retain();
    new Gradients(null, /* retainGraph= */ false).run(output, gradient);
  }

  private static void requireGradient(Tensor output) {
    if (!output.requiresGrad()) {
      throw notDifferentiable(
          "backward() was called on the result of "
              + output.origin()
              + ", which depends on nothing that requires gradients. Was it computed under"
              + " noGrad(), or from detached tensors? Or from gradients? Those are not recorded"
              + " themselves: there are no second derivatives");
    }
  }

  /** Returns the gradient of a scalar with respect to itself. */
  private static Tensor seedOf(Tensor output) {
    if (output.elements() != 1) {
      throw notDifferentiable(
          "backward() starts at a scalar, but this tensor has shape "
              + output.shape()
              + ". Reduce it, e.g. with mean(), or pass a gradient of its shape");
    }
    return Tensor.onesLike(output);
  }

  static FulgurException notDifferentiable(String reason) {
    return new FulgurException(ErrorId.NOT_DIFFERENTIABLE, reason + ".\n   " + UserCode.location());
  }
}
