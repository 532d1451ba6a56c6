package io.fulgur.weave;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.hyperparameter.Hyperparameters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one constructor call.
 *
 * @param declaring the class of the constructor
 * @param values those that can be saved, by name
 * @param left the names of those that cannot be saved, e.g. of a network
 */
record CapturedArguments(Class<?> declaring, Hyperparameters values, List<String> left) {

  /** Copies the arguments; those that the class ignores are left out. */
  static CapturedArguments of(
      Class<?> declaring, Map<String, ? extends @Nullable Object> arguments) {
    SaveHyperparameters wanted = declaring.getAnnotation(SaveHyperparameters.class);
    List<String> ignored = wanted == null ? List.of() : List.of(wanted.ignore());
    Map<String, @Nullable Object> supported = new LinkedHashMap<>(arguments);
    supported.keySet().removeAll(ignored);
    List<String> left =
        supported.keySet().stream()
            .filter(name -> !Hyperparameters.isSupported(supported.get(name)))
            .toList();
    supported.keySet().removeAll(left);
    return new CapturedArguments(
        declaring, Hyperparameters.of(Collections.unmodifiableMap(supported)), left);
  }

  /** Returns these with another value of one that can be saved. */
  CapturedArguments replacing(String name, Object value) {
    return values.names().contains(name)
        ? new CapturedArguments(declaring, values.with(Map.of(name, value)), left)
        : this;
  }

  /**
   * Chooses between the arguments of two constructors of one object, the inner called first.
   *
   * <p>A subclass's constructor is the one to call again. Of constructors chained by {@code
   * this(...)} the inner one sees all values, defaults included, unless the outer one made
   * something from its arguments that cannot be saved.
   */
  static CapturedArguments choose(CapturedArguments inner, CapturedArguments outer) {
    if (inner.declaring != outer.declaring) {
      return outer;
    }
    return !inner.left.isEmpty() && outer.left.isEmpty() ? outer : inner;
  }
}
