package io.fulgur.module;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * A constructor and its parameters by name, as compiled with {@code -parameters} or with debug
 * information.
 *
 * @param constructor the constructor
 * @param types the parameters' types by name, in order
 */
record ConstructorParameters(Constructor<?> constructor, Map<String, Type> types) {

  /** Returns the constructors whose parameters' names are known. */
  static List<ConstructorParameters> of(Class<?> type) {
    List<ConstructorParameters> named = new ArrayList<>();
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      List<String> names = names(constructor);
      if (names != null && !constructor.isSynthetic()) {
        Type[] types = constructor.getGenericParameterTypes();
        Map<String, Type> byName = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
          byName.put(names.get(i), types[i]);
        }
        named.add(new ConstructorParameters(constructor, byName));
      }
    }
    named.sort((one, other) -> one.toString().compareTo(other.toString()));
    return named;
  }

  private static @Nullable List<String> names(Constructor<?> constructor) {
    Parameter[] parameters = constructor.getParameters();
    if (Arrays.stream(parameters).allMatch(Parameter::isNamePresent)) {
      return Arrays.stream(parameters).map(Parameter::getName).toList();
    }
    return debugNames(constructor);
  }

  private static @Nullable List<String> debugNames(Constructor<?> constructor) {
    Class<?> type = constructor.getDeclaringClass();
    TypePool.Resolution resolution =
        new TypePool.Default(
                TypePool.CacheProvider.Simple.withObjectType(),
                ClassFileLocator.ForClassLoader.of(type.getClassLoader()),
                TypePool.Default.ReaderMode.EXTENDED)
            .describe(type.getName());
    if (!resolution.isResolved()) {
      return null;
    }
    String descriptor = new MethodDescription.ForLoadedConstructor(constructor).getDescriptor();
    for (MethodDescription method : resolution.resolve().getDeclaredMethods()) {
      if (method.isConstructor() && method.getDescriptor().equals(descriptor)) {
        return method.getParameters().stream().allMatch(ParameterDescription::isNamed)
            ? method.getParameters().stream().map(ParameterDescription::getName).toList()
            : null;
      }
    }
    return null;
  }

  /** Returns e.g. {@code DigitClassifier(int hidden, double learningRate)}. */
  @Override
  public String toString() {
    List<String> parameters = new ArrayList<>();
    types.forEach((name, type) -> parameters.add(Signatures.type(type) + " " + name));
    return Signatures.name(constructor.getDeclaringClass())
        + "("
        + String.join(", ", parameters)
        + ")";
  }
}
