package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The further names of parameters and buffers that a module reaches by several paths. */
final class Aliases {
  private final IdentityHashMap<Tensor, String> primary = new IdentityHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();

  /** The modules that we are in, as one may hold itself. */
  private final Deque<Module> entered = new ArrayDeque<>();

  private Aliases() {}

  static Map<String, String> of(Module root) {
    Aliases found = new Aliases();
    ModuleTree.of(root).state().forEach((name, tensor) -> found.primary.put(tensor, name));
    found.visit("", root);
    return found.aliases;
  }

  private void visit(String prefix, Module module) {
    if (entered.stream().anyMatch(outer -> outer == module)) {
      return;
    }
    entered.push(module);
    for (Member member : Member.of(module)) {
      String name = prefix + member.name();
      if (member.value() instanceof Module child) {
        visit(member.isWrapped() ? prefix : name + ".", child);
      } else if (member.value() instanceof Tensor tensor) {
        String first = primary.get(tensor);
        if (first != null && !first.equals(name)) {
          aliases.put(name, first);
        }
      }
    }
    entered.pop();
  }
}
