package io.fulgur.module;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a step returns: tensors by name.
 *
 * <p>Immutable; names keep the order in which they were given. The tensors live as long as the step
 * they were made in, unless {@linkplain Tensor#keep() kept}.
 *
 * @since 0.1
 */
public final class StepOutput {
  /** The name under which a training step returns its loss. */
  public static final String LOSS = "loss";

  /** The name of what a predict step returns as a bare tensor. */
  public static final String PREDICTION = "prediction";

  private static final double ORDINARY_WEIGHT = 1;

  private final Map<String, Tensor> values;
  private final double weight;

  private StepOutput(Map<String, Tensor> values, double weight) {
    this.values = values;
    this.weight = weight;
  }

  /** Makes an output that holds a loss. */
  public static StepOutput loss(Tensor loss) {
    return of(LOSS, loss);
  }

  /** Makes an output of one tensor. */
  public static StepOutput of(String name, Tensor value) {
    return new StepOutput(Map.of(name, value), ORDINARY_WEIGHT);
  }

  /** Returns an output that also holds this tensor. A name that is there already is replaced. */
  public StepOutput with(String name, Tensor value) {
    Map<String, Tensor> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new StepOutput(Collections.unmodifiableMap(more), weight);
  }

  /**
   * Returns an output whose loss counts this much among those whose gradients are accumulated, such
   * as the number of tokens that it is the mean of: a window's gradient is {@code Σ wᵢ gᵢ / Σ wᵢ}.
   * Without accumulation it changes nothing.
   *
   * @param weight positive and finite; 1 if none is given
   * @throws FulgurException if it is not
   */
  public StepOutput weight(double weight) {
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The weight of a loss is %s, but must be positive and finite. Return null from the training step to skip a batch."
              .formatted(weight));
    }
    return new StepOutput(values, weight);
  }

  /** Returns how much the loss counts among those that are accumulated. */
  public double weight() {
    return weight;
  }

  /**
   * Returns a tensor.
   *
   * @throws FulgurException if there is none of this name; the message lists what there is
   */
  public Tensor get(String name) {
    Tensor value = values.get(name);
    if (value == null) {
      throw new FulgurException(
          ErrorId.NO_SUCH_OUTPUT,
          "The step returned no \""
              + name
              + "\". It returned: "
              + String.join(", ", names())
              + ".");
    }
    return value;
  }

  /** Returns the loss, or {@code null} if there is none. */
  public @Nullable Tensor loss() {
    return values.get(LOSS);
  }

  /** Returns whether there is a tensor of this name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns the names, in order. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Returns all tensors by name; it cannot be changed. */
  public Map<String, Tensor> asMap() {
    return values;
  }

  @Override
  public String toString() {
    return "StepOutput" + values;
  }
}
