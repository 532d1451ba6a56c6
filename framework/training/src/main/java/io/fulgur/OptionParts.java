package io.fulgur;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.callback.Callback;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.log.Logger;
import io.fulgur.plugin.CallbackRegistry;
import io.fulgur.plugin.LoggerRegistry;
import io.fulgur.plugin.NamedParts;
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
 * Callbacks or loggers that a file lists: a name, or a name with options, which are the methods of
 * its builder. Only what a registry knows is made.
 */
final class OptionParts<T> {
  /** The name of the list of callbacks. */
  static final String CALLBACKS = "callbacks";

  /** The name of the list of loggers. */
  static final String LOGGERS = "loggers";

  /** Interfaces whose values a file can hold; any other is of functions. */
  private static final Set<Class<?>> FILE_TYPES = Set.of(Path.class, List.class, Map.class);

  /** How messages call what a method takes. */
  private static final Map<Class<?>, String> ALLOWED =
      Map.of(
          int.class, "a whole number",
          long.class, "a whole number",
          double.class, "a number",
          boolean.class, "true or false",
          String.class, "a text",
          Path.class, "a path",
          List.class, "a list",
          String[].class, "a list of texts",
          Map.class, "names with values");

  private final Class<T> type;
  private final String list;
  private final String kind;
  private final String origin;
  private final NamedParts registry;
  private final OptionProblems problems;

  private OptionParts(
      Class<T> type,
      String list,
      String kind,
      String origin,
      NamedParts registry,
      OptionProblems problems) {
    this.type = type;
    this.list = list;
    this.kind = kind;
    this.origin = origin;
    this.registry = registry;
    this.problems = problems;
  }

  /** Returns the callbacks that files ask for, but those that are wrong. */
  static List<Callback> callbacks(OptionValues values, OptionProblems problems) {
    JsonNode asked = values.list(CALLBACKS);
    if (asked == null) {
      return List.of();
    }
    NamedParts registry = CallbackRegistry.without(excluded(values));
    String origin = values.listOrigin(CALLBACKS);
    return new OptionParts<>(Callback.class, CALLBACKS, "callback", origin, registry, problems)
        .makeAll(asked);
  }

  /**
   * Returns the loggers that files ask for, but those that are wrong.
   *
   * @param rootDir where they write for which no other place is given
   */
  static List<Logger> loggers(OptionValues values, Path rootDir, OptionProblems problems) {
    JsonNode asked = values.list(LOGGERS);
    if (asked == null) {
      return List.of();
    }
    String origin = values.listOrigin(LOGGERS);
    if (asked.isArray() && asked.isEmpty()) {
      problems.add(
          "loggers (%s) is empty; leave it out for the default loggers, or set enableLogging to false for none"
              .formatted(origin));
    }
    NamedParts registry = LoggerRegistry.without(excluded(values), rootDir);
    return new OptionParts<>(Logger.class, LOGGERS, "logger", origin, registry, problems)
        .makeAll(asked);
  }

  private static Set<String> excluded(OptionValues values) {
    return Set.copyOf(values.get(TrainerOptionTable.EXCLUDED_PLUGINS));
  }

  private List<T> makeAll(JsonNode asked) {
    if (!asked.isArray()) {
      problems.add(
          "%s (%s) is %s; it must be a list of names, or of a name and options each"
              .formatted(list, origin, asked));
      return List.of();
    }
    List<T> made = new ArrayList<>();
    for (JsonNode element : asked) {
      T part = make(element);
      if (part != null) {
        made.add(part);
      }
    }
    return made;
  }

  private @Nullable T make(JsonNode element) {
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
        "%s (%s) holds %s; write a name, or \"Name: {option: value}\""
            .formatted(list, origin, element));
    return null;
  }

  private @Nullable T make(String name, ObjectNode options) {
    Object builder = registry.builder(name);
    if (builder == null) {
      String near = Suggestions.didYouMean(name, registry.names());
      problems.add(
          "There is no %s \"%s\" (%s).%s"
              .formatted(
                  kind,
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
        .filter(method -> method.getReturnType() != Object.class)
        .filter(method -> method.getReturnType().isInstance(builder))
        .filter(method -> canBeInAFile(method.getParameterTypes()[0]))
        .toList();
  }

  private static boolean canBeInAFile(Class<?> type) {
    return !type.isInterface() || FILE_TYPES.contains(type);
  }

  /**
   * A whole number goes to the method that takes such, a fraction to the one that takes those, and
   * so does a text.
   */
  private static boolean isMeantFor(Method setter, Object value) {
    Class<?> type = setter.getParameterTypes()[0];
    boolean takesFraction = type == double.class || type == float.class;
    boolean takesText = type == String.class;
    return takesFraction == value instanceof Double && takesText == value instanceof String;
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
            .map(OptionParts::allowed)
            .distinct()
            .sorted()
            .toList());
  }

  private static String allowed(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    return ALLOWED.getOrDefault(type, type.getSimpleName());
  }

  private @Nullable T build(String name, Object builder) {
    if (type.isInstance(builder)) {
      return type.cast(builder);
    }
    try {
      return type.cast(call(name, builder.getClass().getMethod("build"), builder));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(
          "The builder of the %s %s cannot build".formatted(kind, name), e);
    }
  }

  /** Calls a method; what it refuses is a problem among the others. */
  private @Nullable Object call(String owner, Method method, Object target, Object... arguments) {
    // The options of what comes with Fulgur may be in a class that is nobody else's.
    method.trySetAccessible();
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      String reason = String.valueOf(e.getTargetException().getMessage()).replace("\n", "\n     ");
      problems.add(
          "The %s %s (%s) cannot be: %s"
              .formatted(kind, owner, origin, reason.replaceAll("\\.$", "")));
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(
          "The builder of the %s %s must be public: %s".formatted(kind, owner, method), e);
    }
  }
}
