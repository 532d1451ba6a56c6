package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares a state dict with a module, reports every mistake at once, and loads only if none is.
 */
final class StateDictLoader {
  private final Map<String, Tensor> targets;
  private final Map<String, ? extends Tensor> sources;
  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();

  private StateDictLoader(Map<String, Tensor> targets, Map<String, ? extends Tensor> sources) {
    this.targets = targets;
    this.sources = sources;
  }

  static LoadReport load(
      String owner,
      Map<String, Tensor> targets,
      Map<String, ? extends Tensor> sources,
      boolean strict) {
    StateDictLoader loader = new StateDictLoader(targets, sources);
    loader.compare(strict);
    if (!loader.mistakes.isEmpty()) {
      throw loader.error(owner);
    }
    loader.copy();
    return new LoadReport(loader.missing, loader.unexpected);
  }

  private void compare(boolean strict) {
    targets.forEach(
        (name, target) -> {
          Tensor source = sources.get(name);
          if (source == null) {
            missing.add(name);
            if (strict) {
              mistakes.add("Missing: %s, a %s %s.".formatted(name, kind(target), type(target)));
            }
          } else if (!source.shape().equals(target.shape()) || source.dtype() != target.dtype()) {
            mistakes.add(misfit(name, target, source));
          }
        });
    sources.forEach(
        (name, source) -> {
          if (!targets.containsKey(name)) {
            unexpected.add(name);
            if (strict) {
              mistakes.add("Unexpected: %s %s.".formatted(name, type(source)));
            }
          }
        });
  }

  private static String misfit(String name, Tensor target, Tensor source) {
    boolean sameShape = source.shape().equals(target.shape());
    return "%s: %s is %s in the module, but %s in the state dict.%s"
        .formatted(
            sameShape ? "Wrong type" : "Wrong shape",
            name,
            type(target),
            type(source),
            sameShape ? " Convert one with to(DType." + target.dtype() + ")." : "");
  }

  private FulgurException error(String owner) {
    StringBuilder text = new StringBuilder();
    text.append("The state dict does not fit %s; nothing was loaded.".formatted(owner));
    for (int i = 0; i < mistakes.size(); i++) {
      text.append("\n   %d) %s".formatted(i + 1, mistakes.get(i)));
    }
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      text.append("\n   With strict = false, missing and unexpected entries are left alone.");
    }
    return new FulgurException(ErrorId.STATE_DICT_MISMATCH, text.toString());
  }

  private void copy() {
    targets.forEach(
        (name, target) -> {
          Tensor source = sources.get(name);
          if (source != null) {
            target.assign(source);
          }
        });
  }

  private static String kind(Tensor target) {
    return target instanceof Parameter ? "parameter" : "buffer";
  }

  private static String type(Tensor tensor) {
    return tensor.dtype().toString() + tensor.shape();
  }
}
