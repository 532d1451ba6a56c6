package io.fulgur.hyperparameter;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes records of maps by the names of their components. */
final class RecordConverter {
  private RecordConverter() {}

  static Object convert(String path, Map<?, ?> map, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      if (!map.containsKey(name)) {
        throw new FulgurException(
            ErrorId.HYPERPARAMETER_MISMATCH,
            "Hyperparameter \"%s\" has no \"%s\", which %s needs. It has: %s."
                .formatted(path, name, type.getSimpleName(), map.keySet()));
      }
      arguments[i] =
          ValueConverter.convert(path + "." + name, map.get(name), components[i].getGenericType());
    }
    return construct(path, type, components, arguments);
  }

  private static Object construct(
      String path, Class<?> type, RecordComponent[] components, @Nullable Object[] arguments) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new FulgurException(
          ErrorId.HYPERPARAMETER_MISMATCH,
          "Hyperparameter \"%s\" is refused by %s: %s"
              .formatted(path, type.getSimpleName(), e.getCause()),
          e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("A record has no canonical constructor: " + type, e);
    }
  }
}
