package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything below a module by name, each object once: a module before those below it, and its own
 * parameters and buffers before theirs.
 *
 * <p>Walked anew each time, as fields may change; what a class's fields are is remembered.
 */
final class ModuleTree {
  private final Map<String, Module> modules = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private final Map<String, String> places = new HashMap<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private ModuleTree() {}

  static ModuleTree of(Module root) {
    ModuleTree tree = new ModuleTree();
    tree.seen.add(root);
    tree.visit("", "", root);
    return tree;
  }

  Map<String, Module> modules() {
    return modules;
  }

  Map<String, Parameter> parameters() {
    return parameters;
  }

  Map<String, Buffer> buffers() {
    return buffers;
  }

  /** Returns parameters and the buffers that are saved in one map. */
  Map<String, Tensor> state() {
    return state;
  }

  /**
   * Adds a module and all below.
   *
   * @param name its own name
   * @param path what the names of what is below start with
   */
  private void visit(String name, String path, Module module) {
    modules.put(name, module);
    List<Member> members = Member.of(module);
    for (Member member : members) {
      if (member.value() instanceof Tensor tensor && seen.add(tensor)) {
        add(qualified(path, member), member, tensor);
      }
    }
    for (Member member : members) {
      if (member.value() instanceof Module child && seen.add(child)) {
        String childName = qualified(member.isWrapped() ? name : path, member);
        takeName(childName, member);
        visit(childName, member.isWrapped() ? path : childName, child);
      }
    }
  }

  private void add(String name, Member member, Tensor tensor) {
    takeName(name, member);
    if (tensor instanceof Parameter parameter) {
      parameters.put(name, parameter);
    } else {
      buffers.put(name, (Buffer) tensor);
    }
    if (!(tensor instanceof Buffer buffer) || buffer.isPersistent()) {
      state.put(name, tensor);
    }
  }

  private void takeName(String name, Member member) {
    String before = places.put(name, member.place());
    if (before != null) {
      throw new FulgurException(
          ErrorId.MODULE_STRUCTURE,
          before
              + " and "
              + member.place()
              + " are both named \""
              + name
              + "\". Rename one of the fields or keys.");
    }
  }

  private static String qualified(String path, Member member) {
    return path.isEmpty() ? member.name() : path + "." + member.name();
  }
}
