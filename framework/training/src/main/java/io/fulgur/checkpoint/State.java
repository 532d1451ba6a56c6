package io.fulgur.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Values and tensors by name, and states nested in it by name. Immutable, apart from its tensors.
 *
 * <p>In a file the values are JSON and the tensors stand beside the weights. Numbers come back
 * exactly, infinities and NaN included. Every accessor throws a {@link
 * io.fulgur.error.FulgurException} that names the entry, where it was looked for, and what there
 * is.
 *
 * @since 0.1
 */
public final class State {
  private static final State EMPTY = builder().build();

  private final String where;
  private final ObjectNode values;
  private final Map<String, Tensor> tensors;

  private State(String where, ObjectNode values, Map<String, Tensor> tensors) {
    this.where = where;
    this.values = values;
    this.tensors = tensors;
  }

  /** Makes the state that a file holds under a key; paths of tensors are as {@link StatePath}. */
  static State read(String where, ObjectNode values, Map<String, Tensor> tensors) {
    return new State(where, values, Collections.unmodifiableMap(new LinkedHashMap<>(tensors)));
  }

  /** Returns a state without entries. */
  public static State empty() {
    return EMPTY;
  }

  /** Returns a builder without entries. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns whether there is a value, tensor or nested state of this name. */
  public boolean has(String name) {
    return values.has(name) || tensors.containsKey(StatePath.segment(name)) || hasChild(name);
  }

  /** Returns whether there are neither values nor tensors. */
  public boolean isEmpty() {
    return values.isEmpty() && tensors.isEmpty();
  }

  /** Returns whether there are tensors, in nested states too. */
  public boolean hasTensors() {
    return !tensors.isEmpty();
  }

  /** Returns a truth value. */
  public boolean booleanValue(String name) {
    return StateValues.booleanValue(this, name, node(name));
  }

  /** Returns an integer. */
  public int intValue(String name) {
    return StateValues.intValue(this, name, node(name));
  }

  /** Returns an integer. */
  public long longValue(String name) {
    return StateValues.longValue(this, name, node(name));
  }

  /** Returns a number; infinities and NaN included. */
  public double doubleValue(String name) {
    return StateValues.doubleValue(this, name, node(name));
  }

  /** Returns a text. */
  public String stringValue(String name) {
    return StateValues.stringValue(this, name, node(name));
  }

  /** Returns a list of integers. */
  public long[] longs(String name) {
    return list(name, element -> StateValues.longValue(this, name, element)).stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  /** Returns a list of numbers. */
  public double[] doubles(String name) {
    return list(name, element -> StateValues.doubleValue(this, name, element)).stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /** Returns a list of texts. */
  public List<String> strings(String name) {
    return list(name, element -> StateValues.stringValue(this, name, element));
  }

  private <T> List<T> list(String name, Function<JsonNode, T> convert) {
    List<T> list = new ArrayList<>();
    for (JsonNode element : StateValues.array(this, name, node(name))) {
      list.add(convert.apply(element));
    }
    return List.copyOf(list);
  }

  /** Returns a value as JSON, for what has no accessor of its own. */
  public JsonNode node(String name) {
    JsonNode node = values.get(name);
    if (node == null) {
      throw StateValues.missing(this, "entry", name, valueNames());
    }
    return node;
  }

  /** Returns a tensor. It lives as long as its checkpoint; copy what must stay. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(StatePath.segment(name));
    if (tensor == null) {
      throw StateValues.missing(this, "tensor", name, tensors().keySet());
    }
    return tensor;
  }

  /** Returns the tensors of this state by name, without those of nested states. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> own = new LinkedHashMap<>();
    tensors.forEach(
        (path, tensor) -> {
          if (StatePath.isDirect(path)) {
            own.put(StatePath.name(path), tensor);
          }
        });
    return Collections.unmodifiableMap(own);
  }

  /** Returns whether there is a nested state of this name. */
  public boolean hasChild(String name) {
    JsonNode node = values.get(name);
    return node != null && node.isObject();
  }

  /** Returns the names of the nested states. */
  public Set<String> children() {
    Set<String> names = new LinkedHashSet<>();
    values
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isObject()) {
                names.add(entry.getKey());
              }
            });
    return Collections.unmodifiableSet(names);
  }

  /** Returns a nested state. */
  public State child(String name) {
    JsonNode node = values.get(name);
    if (!(node instanceof ObjectNode object)) {
      throw StateValues.missing(this, "nested state", name, children());
    }
    String prefix = StatePath.join(name, "");
    Map<String, Tensor> inner = new LinkedHashMap<>();
    tensors.forEach(
        (path, tensor) -> {
          if (path.startsWith(prefix)) {
            inner.put(path.substring(prefix.length()), tensor);
          }
        });
    return new State(where.isEmpty() ? name : where + "/" + name, object, inner);
  }

  /** Returns the names of values and nested states in the order they were put in. */
  public Set<String> valueNames() {
    Set<String> names = new LinkedHashSet<>();
    values.fieldNames().forEachRemaining(names::add);
    return Collections.unmodifiableSet(names);
  }

  /** Returns all values, nested ones included, as a copy. */
  public ObjectNode toJson() {
    return values.deepCopy();
  }

  /** Returns this state as it is now, with copies of its tensors. */
  public State keep() {
    if (tensors.isEmpty()) {
      return this;
    }
    Map<String, Tensor> copies = new LinkedHashMap<>();
    tensors.forEach((path, tensor) -> copies.put(path, tensor.keep()));
    return new State(where, values, Collections.unmodifiableMap(copies));
  }

  /** Returns all tensors by path. */
  Map<String, Tensor> tensorsByPath() {
    return tensors;
  }

  /** Returns where in a checkpoint this was found, e.g. {@code callbacks/EarlyStopping}. */
  String where() {
    return where;
  }

  /** Returns the values and the names of the tensors. */
  @Override
  public String toString() {
    return "State " + values + (tensors.isEmpty() ? "" : " with tensors " + tensors.keySet());
  }

  /**
   * Collects the entries of a {@link State}. A later entry of a name replaces an earlier one.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final ObjectNode values = JsonNodeFactory.instance.objectNode();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Builder() {}

    /** Adds a truth value. */
    public Builder put(String name, boolean value) {
      values.put(name, value);
      return this;
    }

    /** Adds an integer. */
    public Builder put(String name, long value) {
      values.put(name, value);
      return this;
    }

    /** Adds a number. */
    public Builder put(String name, double value) {
      values.put(name, value);
      return this;
    }

    /** Adds a text. */
    public Builder put(String name, String value) {
      values.put(name, value);
      return this;
    }

    /** Adds a list of integers. */
    public Builder put(String name, long... elements) {
      ArrayNode array = values.putArray(name);
      for (long element : elements) {
        array.add(element);
      }
      return this;
    }

    /** Adds a list of numbers. */
    public Builder put(String name, double... elements) {
      ArrayNode array = values.putArray(name);
      for (double element : elements) {
        array.add(element);
      }
      return this;
    }

    /** Adds a list of texts. */
    public Builder put(String name, Collection<String> elements) {
      ArrayNode array = values.putArray(name);
      elements.forEach(array::add);
      return this;
    }

    /** Adds a value as JSON, for what has no method of its own. */
    public Builder put(String name, JsonNode value) {
      values.set(name, value.deepCopy());
      return this;
    }

    /** Adds a tensor, which is not copied. */
    public Builder tensor(String name, Tensor tensor) {
      tensors.put(StatePath.segment(name), tensor);
      return this;
    }

    /** Adds tensors, which are not copied. */
    public Builder tensors(Map<String, Tensor> more) {
      more.forEach(this::tensor);
      return this;
    }

    /** Adds a nested state. */
    public Builder child(String name, State state) {
      tensors.keySet().removeIf(path -> path.startsWith(StatePath.join(name, "")));
      values.set(name, state.toJson());
      state.tensors.forEach((path, tensor) -> tensors.put(StatePath.join(name, path), tensor));
      return this;
    }

    /** Returns the state. */
    public State build() {
      return new State(
          "", values.deepCopy(), Collections.unmodifiableMap(new LinkedHashMap<>(tensors)));
    }
  }
}
