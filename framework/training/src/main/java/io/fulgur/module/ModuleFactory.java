package io.fulgur.module;

import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.weave.HyperparameterCapture;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes modules and data modules by the names of their constructors' parameters.
 *
 * <p>Records the arguments of a class annotated with {@link
 * io.fulgur.annotation.SaveHyperparameters} even if it was not woven.
 *
 * @since 0.1
 */
public final class ModuleFactory {
  private ModuleFactory() {}

  /**
   * Makes an object with the constructor that takes exactly these arguments.
   *
   * <p>A value of another type than its parameter is converted if nothing is lost: a text to an
   * enum constant or path, an integer to a {@code double}, a list to an array.
   *
   * @param type the class; its constructor may have any visibility
   * @param arguments the arguments by the parameters' names
   * @throws io.fulgur.error.FulgurException if there is no such constructor, or a value does not
   *     fit
   */
  public static <T> T create(Class<T> type, Map<String, ? extends @Nullable Object> arguments) {
    return create(type, Hyperparameters.none(), arguments);
  }

  /**
   * Makes an object with the constructor that takes exactly these arguments, of which some come
   * from a file or a command line.
   *
   * @param type the class; its constructor may have any visibility
   * @param read arguments in the few types that files have
   * @param given arguments that replace those or add to them
   * @throws io.fulgur.error.FulgurException if there is no such constructor, or a value does not
   *     fit
   */
  public static <T> T create(
      Class<T> type, Hyperparameters read, Map<String, ? extends @Nullable Object> given) {
    return make(ConstructorCall.choose(type, read, given));
  }

  static <T> T make(ConstructorCall<T> call) {
    T made = call.make();
    HyperparameterCapture.record(made, call.arguments());
    return made;
  }
}
