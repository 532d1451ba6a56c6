package io.fulgur.hyperparameter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values by name, in the order of the constructor that took them. Immutable.
 *
 * <p>A value is a text, a truth value, a {@code Long}, a {@code Double}, null, or a list or map of
 * those. {@link #of} brings other types to these: integers to {@code Long}, enum constants to their
 * names, paths and durations to texts, arrays and collections to lists, records to maps by
 * component. {@link #toArguments} brings them back to what a constructor takes.
 *
 * @since 0.1
 */
public final class Hyperparameters {
  private static final Hyperparameters NONE = new Hyperparameters(Map.of());

  private final Map<String, @Nullable Object> values;

  private Hyperparameters(Map<String, ? extends @Nullable Object> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Returns no hyperparameters. */
  public static Hyperparameters none() {
    return NONE;
  }

  /**
   * Returns hyperparameters of these values.
   *
   * @throws FulgurException if a value cannot be written to a file, e.g. a module or a stream
   */
  public static Hyperparameters of(Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    values.forEach((name, value) -> plain.put(name, PlainValues.of(name, value)));
    return new Hyperparameters(plain);
  }

  /** Returns whether {@link #of} takes a value. */
  public static boolean isSupported(@Nullable Object value) {
    return PlainValues.isSupported(value);
  }

  /** Returns the hyperparameters of a JSON object. */
  public static Hyperparameters fromJson(ObjectNode json) {
    return new Hyperparameters(HyperparameterText.fromJson(json));
  }

  /**
   * Returns the hyperparameters of a YAML text.
   *
   * @param source where the text is from, for messages
   * @throws FulgurException if the text is not a YAML mapping
   */
  public static Hyperparameters fromYaml(String yaml, String source) {
    return fromJson(HyperparameterText.parseYaml(yaml, source));
  }

  /**
   * Reads a file such as {@code hparams.yaml}.
   *
   * @throws FulgurException if it cannot be read or is not a YAML mapping
   */
  public static Hyperparameters read(Path yamlFile) {
    String yaml;
    try {
      yaml = Files.readString(yamlFile);
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "The hyperparameters %s cannot be read: %s. Check that it is a text file in UTF-8 that this user may read."
              .formatted(
                  yamlFile.toAbsolutePath(),
                  e instanceof NoSuchFileException ? "there is no such file" : e),
          e);
    }
    return fromYaml(yaml, yamlFile.toString());
  }

  /** Returns whether there are none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Returns the names in order. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Returns the plain values by name; a value may be null. */
  public Map<String, @Nullable Object> asMap() {
    return values;
  }

  /**
   * Returns a value converted to a type.
   *
   * @throws FulgurException if there is none of this name or it does not fit the type
   */
  public <T> T get(String name, Class<T> type) {
    if (!values.containsKey(name)) {
      throw new FulgurException(
          ErrorId.UNKNOWN_HYPERPARAMETER,
          "There is no hyperparameter \"%s\". There are: %s."
              .formatted(name, values.isEmpty() ? "none" : String.join(", ", values.keySet())));
    }
    Object converted = ValueConverter.convert(name, values.get(name), type);
    if (converted == null) {
      throw ValueConverter.mismatch(name, null, type);
    }
    return ValueConverter.box(type).cast(converted);
  }

  /** Returns these with some replaced and others appended. */
  public Hyperparameters with(Map<String, ? extends @Nullable Object> overrides) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(values);
    merged.putAll(of(overrides).values);
    return new Hyperparameters(merged);
  }

  /** Returns these without some, whether they are there or not. */
  public Hyperparameters without(Collection<String> names) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(names);
    return new Hyperparameters(rest);
  }

  /**
   * Returns the arguments of a constructor. Hyperparameters that it does not take are left out.
   *
   * @param owner what is constructed, for messages, e.g. {@code DigitClassifier}
   * @param parameters the constructor's parameters in order: types by name
   * @throws FulgurException that lists every parameter that has no value or one that does not fit
   */
  public @Nullable Object[] toArguments(String owner, Map<String, ? extends Type> parameters) {
    return ArgumentList.of(this, owner, parameters);
  }

  /**
   * Returns the same values without nesting, for loggers: {@code {"optimizer": {"lr": 0.1}}}
   * becomes {@code {"optimizer/lr": 0.1}}, and element 2 of a list {@code sizes} becomes {@code
   * sizes/2}.
   */
  public Map<String, @Nullable Object> flattened() {
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    values.forEach((name, value) -> PlainValues.flatten(name, value, flat));
    return Collections.unmodifiableMap(flat);
  }

  /** Returns these as a JSON object. */
  public ObjectNode toJson() {
    return HyperparameterText.toJson(values);
  }

  /** Returns these as YAML, e.g. for {@code hparams.yaml}. */
  public String toYaml() {
    return HyperparameterText.toYaml(values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Hyperparameters that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns e.g. {@code {hidden=128, learningRate=0.001}}. */
  @Override
  public String toString() {
    return values.toString();
  }
}
