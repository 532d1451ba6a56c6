package io.fulgur;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.callback.Callback;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.plugin.CallbackRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks that a file lists: a name, or a name with options, which are the methods of the
 * callback's builder. Only what {@link CallbackRegistry} knows is made.
 */
final class OptionCallbacks {
  /** Interfaces whose values a file can hold; any other is of functions. */
  private static final Set<Class<?>> FILE_TYPES = Set.of(Path.class, List.class, Map.class);

  private final String origin;
  private final CallbackRegistry registry;
  private final OptionProblems problems;

  private OptionCallbacks(String origin, CallbackRegistry registry, OptionProblems problems) {
    this.origin = origin;
    this.registry = registry;
    this.problems = problems;
  }

  /** Returns the callbacks that files ask for, but those that are wrong. */
  static List<Callback> make(OptionValues values, OptionProblems problems) {
    JsonNode asked = values.callbacks();
    if (asked == null) {
      return List.of();
    }
    String origin = values.callbacksOrigin();
    if (!asked.isArray()) {
      problems.add(
          "callbacks (%s) is %s; it must be a list of names, or of a name and options each"
              .formatted(origin, asked));
      return List.of();
    }
    Set<String> excluded = Set.copyOf(values.get(TrainerOptionTable.EXCLUDED_PLUGINS));
    OptionCallbacks maker =
        new OptionCallbacks(origin, CallbackRegistry.without(excluded), problems);
    List<Callback> made = new ArrayList<>();
    for (JsonNode element : asked) {
      Callback callback = maker.make(element);
      if (callback != null) {
        made.add(callback);
      }
    }
    return made;
  }

  private @Nullable Callback make(JsonNode element) {
    if (element.isTextual()) {
      return make(element.textValue(), JsonNodeFactory.instance.objectNode());
    }
    if (element instanceof ObjectNode object && object.size() == 1) {
      Map.Entry<String, JsonNode> entry = object.properties().iterator().next();
      if (entry.getValue() instanceof ObjectNode options) {
        return make(entry.getKey(), options);
      }
    }
    problems.add(
        "callbacks (%s) holds %s; write a name, or \"Name: {option: value}\""
            .formatted(origin, element));
    return null;
  }

  private @Nullable Callback make(String name, ObjectNode options) {
    Object builder = registry.builder(name);
    if (builder == null) {
      String near = Suggestions.didYouMean(name, registry.names());
      problems.add(
          "There is no callback \"%s\" (%s).%s"
              .formatted(
                  name,
                  origin,
                  near.isEmpty() ? " There are " + String.join(", ", registry.names()) : near));
      return null;
    }
    boolean right = true;
    for (Map.Entry<String, @Nullable Object> option :
        Hyperparameters.fromJson(options).asMap().entrySet()) {
      Object value = option.getValue();
      right &= value == null || set(name, builder, option.getKey(), value);
    }
    return right ? build(name, builder) : null;
  }

  /** Returns the methods that set an option: they take one value and return the builder. */
  private static List<Method> setters(Object builder) {
    return Arrays.stream(builder.getClass().getMethods())
        .filter(method -> method.getParameterCount() == 1)
        .filter(method -> method.getReturnType() == builder.getClass())
        .filter(method -> canBeInAFile(method.getParameterTypes()[0]))
        .toList();
  }

  private static boolean canBeInAFile(Class<?> type) {
    return !type.isInterface() || FILE_TYPES.contains(type);
  }

  /** A whole number goes to the method that takes such, a fraction to the one that takes those. */
  private static boolean isMeantFor(Method setter, Object value) {
    Class<?> type = setter.getParameterTypes()[0];
    boolean takesFraction = type == double.class || type == float.class;
    return takesFraction == value instanceof Double;
  }

  private boolean set(String owner, Object builder, String option, Object value) {
    List<Method> setters =
        setters(builder).stream()
            .filter(method -> method.getName().equals(option))
            .sorted(Comparator.comparing(method -> !isMeantFor(method, value)))
            .toList();
    if (setters.isEmpty()) {
      List<String> known =
          setters(builder).stream().map(Method::getName).distinct().sorted().toList();
      String near = Suggestions.didYouMean(option, known);
      String all = known.isEmpty() ? " It has none" : " There are " + String.join(", ", known);
      problems.add(
          "%s (%s) has no option \"%s\".%s"
              .formatted(owner, origin, option, near.isEmpty() ? all : near));
      return false;
    }
    for (Method setter : setters) {
      Object argument = argument(setter, option, value);
      if (argument != null) {
        return call(owner, setter, builder, argument) != null;
      }
    }
    problems.add(
        "%s of %s (%s) is %s; it must be %s"
            .formatted(option, owner, origin, quoted(value), allowed(setters)));
    return false;
  }

  private static @Nullable Object argument(Method setter, String option, Object value) {
    Object given = setter.isVarArgs() && !(value instanceof List<?>) ? List.of(value) : value;
    try {
      return Hyperparameters.of(Map.of(option, given)).get(option, setter.getParameterTypes()[0]);
    } catch (FulgurException e) {
      return null; // Another method of this name may take it.
    }
  }

  private static String quoted(Object value) {
    return value instanceof String ? "\"" + value + "\"" : value.toString();
  }

  private static String allowed(List<Method> setters) {
    return String.join(
        " or ",
        setters.stream()
            .map(setter -> setter.getParameterTypes()[0])
            .map(
                type ->
                    type.isEnum()
                        ? "one of " + Arrays.toString(type.getEnumConstants())
                        : type.getSimpleName())
            .sorted()
            .toList());
  }

  private @Nullable Callback build(String name, Object builder) {
    if (builder instanceof Callback callback) {
      return callback;
    }
    try {
      return (Callback) call(name, builder.getClass().getMethod("build"), builder);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("The builder of the callback " + name + " cannot build", e);
    }
  }

  /** Calls a method; what it refuses is a problem among the others. */
  private @Nullable Object call(String owner, Method method, Object target, Object... arguments) {
    // The options of a callback that comes with Fulgur may be in a class that is nobody else's.
    method.trySetAccessible();
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      String reason = String.valueOf(e.getTargetException().getMessage()).replace("\n", "\n     ");
      problems.add(
          "The callback %s (%s) cannot be: %s"
              .formatted(owner, origin, reason.replaceAll("\\.$", "")));
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(
          "The builder of the callback " + owner + " must be public: " + method, e);
    }
  }
}
