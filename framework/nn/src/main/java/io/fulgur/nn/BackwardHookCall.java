package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Gradients;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass of a module that has backward hooks.
 *
 * <p>Its inputs and outputs pass through recorded identities. That of the outputs notes their
 * gradients; that of the inputs, the last of the module that a backward pass comes to, calls the
 * hooks.
 */
final class BackwardHookCall {
  private final Module module;
  private final List<BackwardHook> hooks;
  private final @Nullable Tensor[] inputs;
  private final List<Integer> differentiable = new ArrayList<>();
  private @Nullable Tensor[] outputGrads = {};

  private BackwardHookCall(Module module, List<BackwardHook> hooks, @Nullable Tensor[] given) {
    this.module = module;
    this.hooks = hooks;
    this.inputs = given.clone();
    List<Tensor> originals = new ArrayList<>();
    List<Tensor> aliases = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      Tensor input = given[i];
      if (input != null && input.requiresGrad()) {
        differentiable.add(i);
        originals.add(input);
        aliases.add(input.detach());
        inputs[i] = aliases.get(aliases.size() - 1);
      }
    }
    if (!aliases.isEmpty()) {
      Calls.recordAll(
          aliases.toArray(Tensor[]::new),
          "the backward hooks of " + module,
          (grads, gradients) -> atInputs(originals, grads, gradients));
    }
  }

  /** Prepares a call, or returns null where none is recorded. */
  static @Nullable BackwardHookCall of(
      Module module, List<BackwardHook> hooks, @Nullable Tensor[] inputs) {
    return Autograd.isGradEnabled() ? new BackwardHookCall(module, hooks, inputs) : null;
  }

  /** Returns what the module is to be given. */
  @Nullable Tensor[] inputs() {
    return inputs;
  }

  /** Returns what is to be returned in place of the module's outputs. */
  Tensor[] outputs(Tensor[] results) {
    Tensor[] outputs = results.clone();
    List<Integer> places = new ArrayList<>();
    List<Tensor> aliases = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      if (results[i].requiresGrad()) {
        places.add(i);
        outputs[i] = results[i].detach();
        aliases.add(outputs[i]);
      }
    }
    if (!aliases.isEmpty()) {
      Calls.recordAll(
          aliases.toArray(Tensor[]::new),
          "the backward hooks of " + module,
          (grads, gradients) -> atOutputs(results, places, grads, gradients));
    }
    return outputs;
  }

  private void atOutputs(
      Tensor[] results, List<Integer> places, @Nullable Tensor[] grads, Gradients gradients) {
    outputGrads = new @Nullable Tensor[results.length];
    for (int i = 0; i < grads.length; i++) {
      Tensor grad = grads[i];
      if (grad != null) {
        outputGrads[places.get(i)] = grad.detach();
        gradients.pass(results[places.get(i)], grad);
      }
    }
    if (differentiable.isEmpty()) {
      runHooks(new @Nullable Tensor[inputs.length]);
    }
  }

  private void atInputs(List<Tensor> originals, @Nullable Tensor[] arrived, Gradients gradients) {
    @Nullable Tensor[] grads = new @Nullable Tensor[inputs.length];
    Set<Tensor> notOurs = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < arrived.length; i++) {
      grads[differentiable.get(i)] = arrived[i];
      if (arrived[i] != null) {
        notOurs.add(arrived[i]);
      }
    }
    @Nullable Tensor[] results = runHooks(grads);
    for (int i = 0; i < originals.size(); i++) {
      Tensor result = results[differentiable.get(i)];
      if (result == null) {
        continue;
      }
      checkFits(originals.get(i), result);
      if (notOurs.add(result)) {
        gradients.give(originals.get(i), result);
      } else {
        gradients.pass(originals.get(i), result);
      }
    }
  }

  private @Nullable Tensor[] runHooks(@Nullable Tensor[] inputGrads) {
    @Nullable Tensor[] result = inputGrads;
    @Nullable Tensor[] noted = outputGrads;
    for (BackwardHook hook : hooks) {
      result = hook.afterBackward(module, result, noted);
      if (result.length != inputs.length) {
        throw misuse(
            "returned %d gradients, but the module has %d inputs"
                .formatted(result.length, inputs.length));
      }
      for (int i = 0; i < result.length; i++) {
        if (result[i] != null && !differentiable.contains(i)) {
          throw misuse("returned a gradient for input " + i + ", which requires none");
        }
      }
    }
    for (Tensor grad : noted) {
      if (grad != null) {
        grad.release();
      }
    }
    return result;
  }

  private void checkFits(Tensor input, Tensor grad) {
    if (!grad.shape().equals(input.shape()) || grad.dtype() != input.dtype()) {
      throw misuse(
          "returned a gradient %s%s for an input %s%s"
              .formatted(grad.dtype(), grad.shape(), input.dtype(), input.shape()));
    }
  }

  private FulgurException misuse(String what) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "A backward hook of %s %s. Return the gradients that the hook was given, or others of the same shapes and types."
            .formatted(module, what));
  }
}
