package io.fulgur.module;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The methods of a module's class, its superclasses below {@link FulgurModule} and its interfaces.
 *
 * <p>Interfaces first, then superclasses, the class itself last; within a type by name, because the
 * JVM gives them in no order. Bridges are left out: the compiler copies annotations to them.
 */
final class AnnotatedMethods {
  private final List<Method> methods = new ArrayList<>();

  AnnotatedMethods(Class<?> module) {
    List<Class<?>> classes = new ArrayList<>();
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> type = module;
        type != null && type != FulgurModule.class;
        type = type.getSuperclass()) {
      classes.add(0, type);
      addInterfaces(type, interfaces);
    }
    interfaces.forEach(this::addMethods);
    classes.forEach(this::addMethods);
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> found) {
    for (Class<?> each : type.getInterfaces()) {
      addInterfaces(each, found);
      found.add(each);
    }
  }

  private void addMethods(Class<?> type) {
    Arrays.stream(type.getDeclaredMethods())
        .filter(method -> !method.isBridge() && !method.isSynthetic())
        .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString))
        .forEach(methods::add);
  }

  /** Returns all methods. */
  List<Method> all() {
    return methods;
  }

  /** Returns the annotated methods of which no other annotated one is an override. */
  List<Method> with(Class<? extends Annotation> annotation) {
    return where(method -> method.isAnnotationPresent(annotation));
  }

  /** Returns the methods chosen of which no other chosen one is an override. */
  List<Method> where(Predicate<Method> chosen) {
    List<Method> found = methods.stream().filter(chosen).toList();
    return found.stream()
        .filter(method -> found.stream().noneMatch(other -> overrides(other, method)))
        .toList();
  }

  /** Returns the methods in subclasses that look like overrides of this one and are none. */
  List<Method> lookalikes(Method method) {
    return methods.stream()
        .filter(
            other ->
                other.getDeclaringClass() != method.getDeclaringClass()
                    && method.getDeclaringClass().isAssignableFrom(other.getDeclaringClass())
                    && sameSignature(other, method)
                    && !overrides(other, method))
        .toList();
  }

  private static boolean sameSignature(Method one, Method other) {
    return one.getName().equals(other.getName())
        && Arrays.equals(one.getParameterTypes(), other.getParameterTypes());
  }

  private static boolean overrides(Method lower, Method upper) {
    Class<?> lowerClass = lower.getDeclaringClass();
    Class<?> upperClass = upper.getDeclaringClass();
    boolean below =
        upperClass.isAssignableFrom(lowerClass)
            || (upperClass.isInterface() && !lowerClass.isInterface());
    if (lowerClass == upperClass
        || !below
        || !sameSignature(lower, upper)
        || Modifier.isStatic(upper.getModifiers() | lower.getModifiers())
        || Modifier.isPrivate(upper.getModifiers() | lower.getModifiers())) {
      return false;
    }
    int accessible = Modifier.PUBLIC | Modifier.PROTECTED;
    return (upper.getModifiers() & accessible) != 0
        || (upperClass.getClassLoader() == lowerClass.getClassLoader()
            && upperClass.getPackageName().equals(lowerClass.getPackageName()));
  }
}
