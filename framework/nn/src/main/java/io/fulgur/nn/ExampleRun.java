package io.fulgur.nn;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the modules of a tree made of an example input. */
final class ExampleRun {
  private final IdentityHashMap<Module, String> inputs = new IdentityHashMap<>();
  private final IdentityHashMap<Module, String> outputs = new IdentityHashMap<>();
  private final IdentityHashMap<Module, Long> flops = new IdentityHashMap<>();

  private ExampleRun() {}

  static ExampleRun of(Module module, Tensor example) {
    ExampleRun run = new ExampleRun();
    List<HookHandle> handles = new ArrayList<>();
    TrainingModes modes = TrainingModes.of(module);
    module.eval();
    try (FlopCounter counter = FlopCounter.start();
        Autograd.NoGrad ignored = Autograd.noGrad()) {
      run.watch(module, counter, handles);
      module.call(example);
    } finally {
      handles.forEach(HookHandle::remove);
      modes.restore();
    }
    return run;
  }

  private void watch(Module root, FlopCounter counter, List<HookHandle> handles) {
    Deque<Long> starts = new ArrayDeque<>();
    for (Module module : root.namedModules().values()) {
      handles.add(
          module.registerForwardPreHook(
              (m, given) -> {
                starts.push(counter.flops());
                inputs.put(m, shapes(given));
                return given;
              }));
      handles.add(
          module.registerForwardHook(
              (m, given, results) -> {
                flops.merge(m, counter.flops() - starts.pop(), Long::sum);
                outputs.put(m, shapes(results));
                return results;
              }));
    }
  }

  private static String shapes(@Nullable Tensor[] tensors) {
    return Arrays.stream(tensors)
        .filter(Objects::nonNull)
        .map(tensor -> tensor.shape().toString())
        .collect(Collectors.joining(", "));
  }

  @Nullable String inputs(Module module) {
    return inputs.get(module);
  }

  @Nullable String outputs(Module module) {
    return outputs.get(module);
  }

  @Nullable Long flops(Module module) {
    return flops.get(module);
  }
}
