package io.fulgur.module;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes classes and methods as they stand in a user's source. */
final class Signatures {
  private Signatures() {}

  /** Returns a class's name without its package, e.g. {@code Digits.Classifier}. */
  static String name(Class<?> type) {
    String full = type.getName();
    return full.substring(full.lastIndexOf('.') + 1).replace('$', '.');
  }

  /** Returns where a method stands: {@code package.Class#method} and, below, its signature. */
  static String where(Method method) {
    return method.getDeclaringClass().getName().replace('$', '.')
        + "#"
        + method.getName()
        + "\n"
        + signature(method);
  }

  /** Returns a method's class and name, e.g. {@code Classifier#trainingStep}. */
  static String location(Method method) {
    return name(method.getDeclaringClass()) + "#" + method.getName();
  }

  /** Returns e.g. {@code private static Tensor trainingStep(Batch batch, int index)}. */
  static String signature(Method method) {
    String modifiers = Modifier.toString(method.getModifiers() & Modifier.methodModifiers());
    String variables =
        method.getTypeParameters().length == 0
            ? ""
            : Arrays.stream(method.getTypeParameters())
                .map(TypeVariable::getName)
                .collect(Collectors.joining(", ", "<", "> "));
    String parameters =
        Arrays.stream(method.getParameters())
            .map(Signatures::parameter)
            .collect(Collectors.joining(", ", "(", ")"));
    return (modifiers.isEmpty() ? "" : modifiers + " ")
        + variables
        + type(method.getGenericReturnType())
        + " "
        + method.getName()
        + parameters;
  }

  private static String parameter(Parameter parameter) {
    String type = type(parameter.getParameterizedType());
    if (parameter.isVarArgs() && type.endsWith("[]")) {
      type = type.substring(0, type.length() - 2) + "...";
    }
    return parameter.isNamePresent() ? type + " " + parameter.getName() : type;
  }

  /** Returns a type with no packages, e.g. {@code Map<String, Tensor>}. */
  static String type(Type type) {
    return type.getTypeName().replaceAll("[\\w$.]*[.$](?=\\w)", "");
  }
}
