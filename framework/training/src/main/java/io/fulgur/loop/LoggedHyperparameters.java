package io.fulgur.loop;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.util.List;
import java.util.Objects;

/** The hyperparameters of a run: those of the module and those of the data module. */
final class LoggedHyperparameters {
  private LoggedHyperparameters() {}

  /**
   * Returns both together.
   *
   * @throws FulgurException if they disagree about a name
   */
  static Hyperparameters of(Hyperparameters module, Hyperparameters data) {
    List<String> disputed =
        module.names().stream()
            .filter(data.names()::contains)
            .filter(name -> !Objects.equals(module.asMap().get(name), data.asMap().get(name)))
            .map(
                name ->
                    "\"%s\" (%s and %s)"
                        .formatted(name, module.asMap().get(name), data.asMap().get(name)))
            .toList();
    if (!disputed.isEmpty()) {
      throw new FulgurException(
          ErrorId.HYPERPARAMETER_MISMATCH,
          "The module and the data module have hyperparameters of the same name with different values: %s. Rename one, or leave it out with @SaveHyperparameters(ignore = ...)."
              .formatted(String.join(", ", disputed)));
    }
    return module.with(data.asMap());
  }
}
