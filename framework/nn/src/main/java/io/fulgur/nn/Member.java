package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A module, parameter or buffer, or another object that is looked for, that a field of a module
 * holds.
 *
 * @param name its name within the module, e.g. {@code weight} or {@code blocks.0}
 * @param place where it is declared, e.g. {@code Encoder.blocks[0]}, for messages
 */
record Member(String name, Object value, String place) {

  /** The name of a module that leaves no trace in the names of what is below it. */
  private static final String WRAPPED = "(module)";

  /** Returns whether this is a module whose parts have the names of its owner's. */
  boolean isWrapped() {
    return name.equals(WRAPPED);
  }

  /** Returns the parts that the fields of a module hold, in the order of declaration. */
  static List<Member> of(Module module) {
    return of(module, Member::isPart, "modules, parameters or buffers");
  }

  /** Returns what of a class the fields of a module hold, in the order of declaration. */
  static List<Member> of(Module module, Class<?> type) {
    return of(module, type::isInstance, type.getSimpleName() + " objects");
  }

  private static List<Member> of(Module module, Predicate<Object> wanted, String plural) {
    Collector collector = new Collector(wanted, plural);
    for (ModuleField field : ModuleField.of(module.getClass())) {
      collector.collect(field.name(), field.get(module), field.place());
    }
    return collector.members;
  }

  private static boolean isPart(Object value) {
    return value instanceof Module || value instanceof Parameter || value instanceof Buffer;
  }

  private static final class Collector {
    final List<Member> members = new ArrayList<>();
    private final Predicate<Object> wanted;
    private final String plural;

    /** The containers that we are in, as one may hold itself. */
    private final Set<Object> entered = Collections.newSetFromMap(new IdentityHashMap<>());

    Collector(Predicate<Object> wanted, String plural) {
      this.wanted = wanted;
      this.plural = plural;
    }

    void collect(String name, @Nullable Object value, String place) {
      if (value == null) {
        return;
      }
      if (wanted.test(value)) {
        members.add(new Member(name.isEmpty() ? WRAPPED : name, value, place));
      } else if (isContainer(value) && entered.add(value)) {
        collectAll(name, value, place);
        entered.remove(value);
      }
    }

    private void collectAll(String name, Object container, String place) {
      if (container instanceof Object[] array) {
        for (int i = 0; i < array.length; i++) {
          collect(join(name, String.valueOf(i)), array[i], place + "[" + i + "]");
        }
      } else if (container instanceof List<?> list) {
        int i = 0;
        for (Object element : list) {
          collect(join(name, String.valueOf(i)), element, place + "[" + i + "]");
          i++;
        }
      } else if (container instanceof Map<?, ?> map) {
        ordered(map, place)
            .forEach((key, value) -> collect(join(name, key), value, place + "[" + key + "]"));
      } else if (((Collection<?>) container).stream().anyMatch(wanted)) {
        throw new FulgurException(
            ErrorId.MODULE_STRUCTURE,
            place
                + " holds "
                + plural
                + " in a "
                + container.getClass().getSimpleName()
                + ", which gives them no names. Use a List, a Map or an array, or mark the field"
                + " transient if they belong to another module.");
      }
    }

    /**
     * Returns a map's entries in an order that is the same in every run. Hash maps have none: that
     * of Map.of changes with each JVM, that of HashMap with the identity hashes of its keys.
     */
    private static Map<String, @Nullable Object> ordered(Map<?, ?> map, String place) {
      boolean inOrder =
          map instanceof LinkedHashMap || map instanceof SortedMap || map instanceof EnumMap;
      Map<String, @Nullable Object> ordered = inOrder ? new LinkedHashMap<>() : new TreeMap<>();
      map.forEach(
          (key, value) -> {
            if (ordered.containsKey(String.valueOf(key))) {
              throw new FulgurException(
                  ErrorId.MODULE_STRUCTURE,
                  place
                      + " has two keys that read \""
                      + key
                      + "\", but keys are names. Make them differ.");
            }
            ordered.put(String.valueOf(key), value);
          });
      return ordered;
    }

    private static boolean isContainer(Object value) {
      return value instanceof Object[] || value instanceof Collection || value instanceof Map;
    }

    private static String join(String prefix, String name) {
      return prefix.isEmpty() ? name : prefix + "." + name;
    }
  }
}
