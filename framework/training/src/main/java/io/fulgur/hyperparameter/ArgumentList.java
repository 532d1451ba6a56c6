package io.fulgur.hyperparameter;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hyperparameters as the arguments of a constructor, with every mistake in one report. */
final class ArgumentList {
  private ArgumentList() {}

  static @Nullable Object[] of(
      Hyperparameters hyperparameters, String owner, Map<String, ? extends Type> parameters) {
    Map<String, @Nullable Object> values = hyperparameters.asMap();
    List<@Nullable Object> arguments = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    parameters.forEach(
        (name, type) -> {
          if (!values.containsKey(name)) {
            mistakes.add(
                "[%s] Parameter \"%s\" of type %s has no value; pass one."
                    .formatted(ErrorId.MISSING_HYPERPARAMETER.label(), name, type.getTypeName()));
            return;
          }
          try {
            arguments.add(ValueConverter.convert(name, values.get(name), type));
          } catch (FulgurException e) {
            mistakes.add(e.getMessage());
          }
        });
    if (!mistakes.isEmpty()) {
      throw report(hyperparameters, owner, mistakes);
    }
    return arguments.toArray();
  }

  private static FulgurException report(
      Hyperparameters hyperparameters, String owner, List<String> mistakes) {
    StringBuilder text =
        new StringBuilder(
            "%s cannot be constructed from the hyperparameters %s:"
                .formatted(owner, hyperparameters));
    for (int i = 0; i < mistakes.size(); i++) {
      text.append("\n%d) %s".formatted(i + 1, mistakes.get(i)));
    }
    return new FulgurException(ErrorId.HYPERPARAMETER_MISMATCH, text.toString());
  }
}
