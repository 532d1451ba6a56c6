package io.fulgur.weave;

import com.google.common.collect.MapMaker;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What objects were constructed with.
 *
 * <p>Kept beside the objects rather than in them, so that any class can be annotated. An entry goes
 * when its object does.
 *
 * @since 0.1
 */
public final class HyperparameterCapture {
  /** Keys are compared by identity. */
  private static final Map<Object, CapturedArguments> CAPTURED =
      new MapMaker().weakKeys().makeMap();

  /** Why a class could not be woven, by its name. */
  private static final Map<String, String> FAILURES = new ConcurrentHashMap<>();

  private HyperparameterCapture() {}

  /**
   * Copies the arguments of a constructor that is about to run; called by woven code.
   *
   * @param names the parameters' names separated by commas; one without a name is empty
   * @return what {@link #exit} expects
   */
  public static Object enter(Class<?> declaring, String names, @Nullable Object[] arguments) {
    String[] split = names.split(",", -1);
    Map<String, @Nullable Object> byName = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      if (!split[i].isEmpty()) {
        byName.put(split[i], arguments[i]);
      }
    }
    return CapturedArguments.of(declaring, byName);
  }

  /** Records the arguments of a constructor that has returned; called by woven code. */
  public static void exit(Object constructed, Object arguments) {
    CAPTURED.merge(constructed, (CapturedArguments) arguments, CapturedArguments::choose);
  }

  /** Records the arguments with which an object was made by reflection, unless it did so itself. */
  public static void record(Object constructed, Map<String, ? extends @Nullable Object> arguments) {
    if (constructed.getClass().isAnnotationPresent(SaveHyperparameters.class)) {
      exit(constructed, CapturedArguments.of(constructed.getClass(), arguments));
    }
  }

  /**
   * Replaces a recorded argument, because the object was changed after it was constructed; nothing
   * happens if there is none of that name.
   */
  public static void replace(Object constructed, String name, Object value) {
    CAPTURED.computeIfPresent(constructed, (key, captured) -> captured.replacing(name, value));
  }

  /** Remembers why a class could not be woven. */
  static void failed(String className, String reason) {
    FAILURES.put(className, reason);
  }

  /** Returns whether the object's class asks for its hyperparameters to be saved. */
  public static boolean isWanted(Object object) {
    return object.getClass().isAnnotationPresent(SaveHyperparameters.class);
  }

  /** Returns whether the arguments of the object's constructor are known. */
  public static boolean isCaptured(Object object) {
    CapturedArguments captured = CAPTURED.get(object);
    return captured != null && captured.declaring() == constructedAs(object);
  }

  /**
   * Returns what an object was constructed with; none if its class is not annotated with {@link
   * SaveHyperparameters}.
   *
   * @throws FulgurException if the class is annotated but its constructor was not woven
   */
  public static Hyperparameters of(Object object) {
    if (!isWanted(object)) {
      return Hyperparameters.none();
    }
    CapturedArguments captured = CAPTURED.get(object);
    if (captured != null && captured.declaring() == constructedAs(object)) {
      return captured.values();
    }
    throw new FulgurException(
        ErrorId.HYPERPARAMETERS_NOT_CAPTURED, whyNotCaptured(constructedAs(object)));
  }

  /** Tells why the arguments of an object's constructor are not known, and what to do. */
  public static String whyNotCaptured(Object object) {
    return whyNotCaptured(constructedAs(object));
  }

  private static String whyNotCaptured(Class<?> type) {
    String name = type.getName().replace('$', '.');
    String failure = FAILURES.get(type.getName());
    if (failure != null) {
      return "The constructor arguments of "
          + name
          + " were not recorded, because its class could not be woven: "
          + failure;
    }
    return "The constructor arguments of "
        + name
        + " were not recorded: it has @SaveHyperparameters, but its class was not woven.\n"
        + "   Any of these mends it: run the goal \"transform\" of byte-buddy-maven-plugin in the"
        + " build; start the JVM with -javaagent:<path of fulgur.jar>; call"
        + " HyperparameterAgent.install() before the class is loaded; create it with"
        + " ModuleFactory.create.";
  }

  /** An anonymous subclass passes its arguments on, so those of its superclass are meant. */
  private static Class<?> constructedAs(Object object) {
    Class<?> type = object.getClass();
    return type.isAnonymousClass() ? type.getSuperclass() : type;
  }
}
