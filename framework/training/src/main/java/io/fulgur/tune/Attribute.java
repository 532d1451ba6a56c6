package io.fulgur.tune;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.weave.HyperparameterCapture;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number of a module or data module that can be set by name: through a method with one parameter,
 * {@code learningRate(double)} or {@code setLearningRate(double)}, if there is one, else in the
 * field. Where the number is a saved hyperparameter, that follows.
 */
final class Attribute {
  private static final Set<Class<?>> NUMBERS =
      Set.of(double.class, float.class, int.class, long.class);

  private final Object owner;
  private final Field field;
  private final @Nullable Method setter;

  /** The objects whose hyperparameter of this name follows, so that none contradicts. */
  private final List<?> owners;

  private Attribute(Object owner, Field field, @Nullable Method setter, List<?> owners) {
    this.owner = owner;
    this.field = field;
    this.setter = setter;
    this.owners = owners;
  }

  /**
   * Finds the first of several names in the first of several objects that has one; what the others
   * have saved as a hyperparameter of that name is kept equal to it.
   *
   * @param tuner who looks for it, for messages
   * @throws FulgurException if none has, or it cannot be set
   */
  static Attribute find(String tuner, List<?> owners, List<String> names) {
    List<String> obstacles = new ArrayList<>();
    for (Object owner : owners) {
      for (String name : names) {
        Field field = field(owner.getClass(), name);
        if (field == null) {
          continue;
        }
        Method setter = setter(owner.getClass(), name);
        if (setter == null && Modifier.isFinal(field.getModifiers())) {
          obstacles.add(
              " The field \"%s\" of %s is final; make it non-final, or add a method %s(%s)."
                  .formatted(name, nameOf(owner), name, field.getType().getName()));
          continue;
        }
        open(field);
        if (setter != null) {
          open(setter);
        }
        return new Attribute(owner, field, setter, owners);
      }
    }
    String all = String.join("\" or \"", names);
    throw new FulgurException(
        ErrorId.NOT_TUNABLE,
        "%s has nothing to set: there is no number \"%s\" that can be changed in %s.%s"
            .formatted(
                tuner,
                all,
                String.join(" or ", owners.stream().map(Attribute::nameOf).toList()),
                obstacles.isEmpty()
                    ? " Keep it in a field of that name which is not final, and use that where"
                        + " optimizers or loaders are made; or name another field."
                    : String.join("", obstacles)));
  }

  private static @Nullable Field field(Class<?> type, String name) {
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (field.getName().equals(name)
            && NUMBERS.contains(field.getType())
            && !Modifier.isStatic(field.getModifiers())) {
          return field;
        }
      }
    }
    return null;
  }

  private static @Nullable Method setter(Class<?> type, String name) {
    String bean = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if ((method.getName().equals(name) || method.getName().equals(bean))
            && method.getParameterCount() == 1
            && NUMBERS.contains(method.getParameterTypes()[0])
            && !Modifier.isStatic(method.getModifiers())) {
          return method;
        }
      }
    }
    return null;
  }

  private static <T extends AccessibleObject> void open(T member) {
    try {
      member.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw new FulgurException(
          ErrorId.NOT_TUNABLE,
          "%s cannot be reached, because its package is not open. Open it to io.fulgur in"
                  .formatted(member)
              + " module-info.java.",
          e);
    }
  }

  /** Returns the present value. */
  double get() {
    try {
      return ((Number) field.get(owner)).doubleValue();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("The field was opened: " + field, e);
    }
  }

  /** Sets the value, and the hyperparameter of the same name. */
  void set(double value) {
    try {
      if (setter != null) {
        setter.invoke(owner, converted(value, setter.getParameterTypes()[0]));
      } else {
        field.set(owner, converted(value, field.getType()));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("It was opened: " + this, e);
    } catch (InvocationTargetException e) {
      throw new FulgurException(
          ErrorId.NOT_TUNABLE, "%s refused %s: %s".formatted(this, value, e.getCause()), e);
    }
    for (Object each : owners) {
      HyperparameterCapture.replace(each, field.getName(), converted(value, field.getType()));
    }
  }

  private static Object converted(double value, Class<?> type) {
    if (type == double.class) {
      return value;
    }
    if (type == float.class) {
      return (float) value;
    }
    if (type == int.class) {
      return Math.toIntExact((long) value);
    }
    return (long) value;
  }

  private static String nameOf(Object owner) {
    String name = owner.getClass().getSimpleName();
    return name.isEmpty() ? owner.getClass().getName() : name;
  }

  /** Returns e.g. {@code DigitClassifier.learningRate}. */
  @Override
  public String toString() {
    return nameOf(owner) + "." + field.getName();
  }
}
