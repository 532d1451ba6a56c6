package io.fulgur.module;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A constructor with the arguments to call it with.
 *
 * @param type what is made
 * @param parameters the constructor
 * @param arguments the arguments by name, in the constructor's order
 */
record ConstructorCall<T>(
    Class<T> type, ConstructorParameters parameters, Map<String, @Nullable Object> arguments) {

  /** Chooses the constructor whose parameters' names are those of the values, no more, no fewer. */
  static <T> ConstructorCall<T> choose(
      Class<T> type, Hyperparameters read, Map<String, ? extends @Nullable Object> given) {
    checkConstructible(type);
    Set<String> names = new LinkedHashSet<>(read.names());
    names.addAll(given.keySet());
    List<ConstructorParameters> all = ConstructorParameters.of(type);
    List<ConstructorParameters> fitting =
        all.stream().filter(each -> each.types().keySet().equals(names)).toList();
    FulgurException mismatch = null;
    for (ConstructorParameters parameters : fitting) {
      try {
        return new ConstructorCall<>(type, parameters, convert(parameters, read, given));
      } catch (FulgurException e) {
        // Overloads differ in their types only: the next may fit.
        mismatch = e;
      }
    }
    throw mismatch != null ? mismatch : noSuchConstructor(type, names, all);
  }

  private static void checkConstructible(Class<?> type) {
    boolean inner =
        (type.isMemberClass() && !Modifier.isStatic(type.getModifiers()))
            || type.isLocalClass()
            || type.isAnonymousClass();
    if (inner || Modifier.isAbstract(type.getModifiers()) || type.isInterface()) {
      throw new FulgurException(
          ErrorId.NO_SUCH_CONSTRUCTOR,
          Signatures.name(type)
              + " cannot be made from its name: it is "
              + (inner
                  ? "an inner class, which needs an enclosing object. Make it static or move it out."
                  : "abstract. Name a class that extends it."));
    }
  }

  private static Map<String, @Nullable Object> convert(
      ConstructorParameters parameters,
      Hyperparameters read,
      Map<String, ? extends @Nullable Object> given) {
    String owner = parameters.toString();
    Map<String, Type> toConvert = new LinkedHashMap<>();
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    parameters
        .types()
        .forEach(
            (name, type) -> {
              arguments.put(name, null);
              if (!given.containsKey(name)) {
                plain.put(name, read.asMap().get(name));
                toConvert.put(name, type);
              } else if (isInstance(given.get(name), type)) {
                arguments.put(name, given.get(name));
              } else {
                plain.put(name, supported(owner, name, given.get(name)));
                toConvert.put(name, type);
              }
            });
    @Nullable Object[] converted = Hyperparameters.of(plain).toArguments(owner, toConvert);
    int next = 0;
    for (String name : toConvert.keySet()) {
      arguments.put(name, converted[next++]);
    }
    return arguments;
  }

  private static boolean isInstance(@Nullable Object value, Type type) {
    Type erased = type instanceof ParameterizedType generic ? generic.getRawType() : type;
    if (!(erased instanceof Class<?> raw)) {
      return false;
    }
    return value == null
        ? !raw.isPrimitive()
        : MethodType.methodType(raw).wrap().returnType().isInstance(value);
  }

  private static @Nullable Object supported(String owner, String name, @Nullable Object value) {
    if (!Hyperparameters.isSupported(value)) {
      throw new FulgurException(
          ErrorId.WRONG_ARGUMENT,
          owner
              + ": argument \""
              + name
              + "\" is of type "
              + (value == null ? "null" : value.getClass().getName())
              + ", which its parameter does not take.");
    }
    return value;
  }

  /** Calls the constructor. What it throws comes out as it is. */
  T make() {
    try {
      parameters.constructor().setAccessible(true);
      return type.cast(parameters.constructor().newInstance(arguments.values().toArray()));
    } catch (InvocationTargetException e) {
      ConstructorCall.<RuntimeException>rethrow(e.getTargetException());
      throw new AssertionError("Not reached", e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("A checked constructor could not be called: " + parameters, e);
    }
  }

  @SuppressWarnings("unchecked") // Erased: nothing is cast, and a checked exception passes.
  private static <E extends Throwable> void rethrow(Throwable exception) throws E {
    throw (E) exception;
  }

  private static FulgurException noSuchConstructor(
      Class<?> type, Set<String> names, List<ConstructorParameters> all) {
    StringBuilder text = new StringBuilder(Signatures.name(type));
    text.append(" has no constructor that takes exactly ");
    text.append(names.isEmpty() ? "nothing" : "(" + String.join(", ", names) + ")").append('.');
    if (all.isEmpty()) {
      text.append(
          " The names of its constructors' parameters are unknown: compile it with -parameters or"
              + " with debug information (-g).");
    } else {
      text.append(" It has:");
    }
    for (ConstructorParameters each : all) {
      text.append("\n   ").append(each);
      append(text, "; not given: ", minus(each.types().keySet(), names));
      append(text, "; not taken: ", minus(names, each.types().keySet()));
    }
    return new FulgurException(ErrorId.NO_SUCH_CONSTRUCTOR, text.toString());
  }

  private static List<String> minus(Collection<String> all, Collection<String> some) {
    List<String> rest = new ArrayList<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static void append(StringBuilder text, String title, List<String> names) {
    if (!names.isEmpty()) {
      text.append(title).append(String.join(", ", names));
    }
  }
}
