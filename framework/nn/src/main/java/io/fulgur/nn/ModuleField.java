package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field that may hold parts of a module.
 *
 * @param name what it adds to the names of those parts; empty if nothing
 */
record ModuleField(Field field, String name) {
  /** How javac names the fields of the variables that a local or anonymous class captures. */
  private static final String CAPTURED = "val$";

  private static final ClassValue<List<ModuleField>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<ModuleField> computeValue(Class<?> type) {
          return find(type);
        }
      };

  /** Returns the fields of a class and its superclasses, superclasses first. */
  static List<ModuleField> of(Class<? extends Module> type) {
    return FIELDS.get(type);
  }

  private static List<ModuleField> find(Class<?> type) {
    Deque<Class<?>> chain = new ArrayDeque<>();
    for (Class<?> c = type; c != null && c != Module.class; c = c.getSuperclass()) {
      chain.push(c);
    }
    List<ModuleField> fields = new ArrayList<>();
    for (Class<?> c : chain) {
      // The JVM gives fields in the order of declaration, though no specification says so.
      for (Field field : c.getDeclaredFields()) {
        if (mayHoldParts(field)) {
          fields.add(new ModuleField(open(field), partName(field)));
        }
      }
    }
    return List.copyOf(fields);
  }

  private static boolean mayHoldParts(Field field) {
    int modifiers = field.getModifiers();
    if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers)) {
      return false;
    }
    // The instance around an inner class is not a part of it; a captured variable is.
    if (field.isSynthetic() && !field.getName().startsWith(CAPTURED)) {
      return false;
    }
    Class<?> type = field.getType();
    while (type.isArray()) {
      type = type.getComponentType();
    }
    return !type.isPrimitive() && type != String.class && !Number.class.isAssignableFrom(type);
  }

  private static Field open(Field field) {
    try {
      field.setAccessible(true);
      return field;
    } catch (InaccessibleObjectException e) {
      Class<?> owner = field.getDeclaringClass();
      throw new FulgurException(
          ErrorId.MODULE_STRUCTURE,
          "The field "
              + placeOf(field)
              + " cannot be read, so its parameters would not be trained. Add \"opens "
              + owner.getPackageName()
              + ";\" to the module-info.java of "
              + owner.getModule().getName()
              + ".",
          e);
    }
  }

  private static String partName(Field field) {
    if (field.isAnnotationPresent(Inlined.class)) {
      return "";
    }
    String name = field.getName();
    return name.startsWith(CAPTURED) ? name.substring(CAPTURED.length()) : name;
  }

  /** Returns the value of this field. */
  @Nullable Object get(Module module) {
    try {
      return field.get(module);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns e.g. {@code Encoder.blocks}. */
  String place() {
    return placeOf(field);
  }

  private static String placeOf(Field field) {
    String owner = field.getDeclaringClass().getName();
    return owner.substring(owner.lastIndexOf('.') + 1).replace('$', '.') + "." + field.getName();
  }
}
