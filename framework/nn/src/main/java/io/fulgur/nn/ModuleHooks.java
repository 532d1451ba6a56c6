package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of one module, and how a forward pass runs between them.
 *
 * <p>A module has such an object only while it has hooks.
 */
final class ModuleHooks {
  private final Module module;
  private final HookList<ForwardPreHook> before = new HookList<>();
  private final HookList<ForwardHook> after = new HookList<>();
  private final HookList<BackwardHook> backward = new HookList<>();

  /** Whether the module computes: a method that calls another is one call. */
  private boolean running;

  ModuleHooks(Module module) {
    this.module = module;
  }

  HookList<ForwardPreHook> before() {
    return before;
  }

  HookList<ForwardHook> after() {
    return after;
  }

  HookList<BackwardHook> backward() {
    return backward;
  }

  boolean isEmpty() {
    return before.all().isEmpty() && after.all().isEmpty() && backward.all().isEmpty();
  }

  Tensor[] run(Function<@Nullable Tensor[], Tensor[]> forward, @Nullable Tensor... inputs) {
    if (running) {
      return forward.apply(inputs);
    }
    running = true;
    try {
      return runHooks(forward, inputs);
    } finally {
      running = false;
    }
  }

  private Tensor[] runHooks(
      Function<@Nullable Tensor[], Tensor[]> forward, @Nullable Tensor[] given) {
    @Nullable Tensor[] inputs = given;
    for (ForwardPreHook hook : before.all()) {
      inputs = hook.beforeForward(module, inputs);
    }
    BackwardHookCall recorded =
        backward.all().isEmpty() ? null : BackwardHookCall.of(module, backward.all(), inputs);
    Tensor[] outputs = forward.apply(recorded == null ? inputs : recorded.inputs());
    for (ForwardHook hook : after.all()) {
      outputs = hook.afterForward(module, inputs, outputs);
    }
    return recorded == null ? outputs : recorded.outputs(outputs);
  }

  /**
   * Hooks of one kind in the order of their registration. The list is replaced, not changed, so a
   * hook may add and remove hooks; that counts from the next call on.
   */
  static final class HookList<T> {
    private List<T> hooks = List.of();

    List<T> all() {
      return hooks;
    }

    void add(T hook) {
      List<T> copy = new ArrayList<>(hooks);
      copy.add(hook);
      hooks = List.copyOf(copy);
    }

    /** Removes a hook, once if it was added several times. */
    void remove(T hook) {
      List<T> copy = new ArrayList<>(hooks);
      for (int i = 0; i < copy.size(); i++) {
        if (copy.get(i) == hook) {
          copy.remove(i);
          break;
        }
      }
      hooks = List.copyOf(copy);
    }
  }
}
