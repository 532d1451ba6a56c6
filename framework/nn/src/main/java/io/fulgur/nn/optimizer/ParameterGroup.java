package io.fulgur.nn.optimizer;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Parameter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parameters that an optimizer treats alike, with hyperparameters of their own.
 *
 * <pre>{@code
 * AdamW.of(
 *     ParameterGroup.of(backbone.parameters()).learningRate(1e-5),
 *     ParameterGroup.of(head.parameters()).name("head"))
 *   .learningRate(1e-3)
 * }</pre>
 *
 * <p>What a group chooses itself stays; the rest it takes from the optimizer.
 *
 * @since 0.1
 */
public final class ParameterGroup {
  private final List<Parameter> parameters;
  private final Map<String, Double> chosen = new LinkedHashMap<>();
  private final Map<String, Double> values = new LinkedHashMap<>();
  private Map<String, Hyperparameter> known = Map.of();
  private String owner = "ParameterGroup";
  private String name = "";
  private double baseLearningRate;

  private ParameterGroup(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  /** Returns a group of these parameters. */
  public static ParameterGroup of(List<Parameter> parameters) {
    return new ParameterGroup(parameters);
  }

  /** Returns the parameters in order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Returns the name that logs show, empty if none was given. */
  public String name() {
    return name;
  }

  /** Sets the name that logs show. */
  public ParameterGroup name(String newName) {
    name = newName;
    return this;
  }

  /** Sets the learning rate, from which a schedule starts. */
  public ParameterGroup learningRate(double value) {
    return set(Hyperparameter.LEARNING_RATE, value);
  }

  /** Sets the weight decay. */
  public ParameterGroup weightDecay(double value) {
    return set(Hyperparameter.WEIGHT_DECAY, value);
  }

  /**
   * Sets a hyperparameter by name.
   *
   * @throws FulgurException if the optimizer that has the group does not know it or the value is
   *     not allowed; before there is an optimizer, that is found when one takes the group
   */
  public ParameterGroup set(String hyperparameter, double value) {
    if (isTaken()) {
      require(hyperparameter).check(owner, value);
      put(hyperparameter, value);
    }
    chosen.put(hyperparameter, value);
    return this;
  }

  /** Returns the learning rate of the next step. */
  public double learningRate() {
    return get(Hyperparameter.LEARNING_RATE);
  }

  /**
   * Returns the learning rate that was chosen, from which a schedule computes that of each step.
   */
  public double baseLearningRate() {
    return baseLearningRate;
  }

  /**
   * Returns a hyperparameter by name.
   *
   * @throws FulgurException if the group has none of that name
   */
  public double get(String hyperparameter) {
    Double value = (isTaken() ? values : chosen).get(hyperparameter);
    if (value == null) {
      throw unknown(hyperparameter);
    }
    return value;
  }

  /**
   * Returns whether a hyperparameter that is 0 for no and 1 for yes is set.
   *
   * @throws FulgurException if the group has none of that name
   */
  public boolean isSet(String hyperparameter) {
    return get(hyperparameter) != 0;
  }

  /** Returns all hyperparameters by name. */
  public Map<String, Double> hyperparameters() {
    return Collections.unmodifiableMap(isTaken() ? values : chosen);
  }

  /** Sets the learning rate of the next step, leaving the base; for schedules. */
  public void scheduleLearningRate(double value) {
    schedule(Hyperparameter.LEARNING_RATE, value);
  }

  /**
   * Sets a hyperparameter of the next step, leaving what was chosen; for schedules.
   *
   * @throws FulgurException if the optimizer does not know it or the value is not allowed
   */
  public void schedule(String hyperparameter, double value) {
    require(hyperparameter).check(owner, value);
    values.put(hyperparameter, value);
  }

  /** Returns why a saved number cannot be loaded. */
  Optional<String> complaint(String key, double value) {
    Hyperparameter hyperparameter = known.getOrDefault(key, require(Hyperparameter.LEARNING_RATE));
    return hyperparameter.accepts(value)
        ? Optional.empty()
        : Optional.of(hyperparameter.complaint(value));
  }

  /** Goes back to saved hyperparameters. */
  void restore(Map<String, Double> saved, String baseLearningRateKey) {
    saved.forEach(
        (key, value) -> {
          if (!key.equals(baseLearningRateKey)) {
            values.put(key, value);
          }
        });
    baseLearningRate = saved.getOrDefault(baseLearningRateKey, learningRate());
  }

  /** Makes this the group of an optimizer. */
  void take(String newOwner, Map<String, Hyperparameter> hyperparameters) {
    if (isTaken()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          newOwner + " was given a group that belongs to " + owner + ". Make one for each.");
    }
    owner = newOwner;
    known = hyperparameters;
    chosen.forEach((key, value) -> require(key).check(owner, value));
    known.forEach((key, h) -> put(key, chosen.getOrDefault(key, h.initial())));
  }

  /** Sets a hyperparameter unless this group has chosen its own. */
  void inherit(String hyperparameter, double value) {
    require(hyperparameter).check(owner, value);
    if (!chosen.containsKey(hyperparameter)) {
      put(hyperparameter, value);
    }
  }

  private void put(String hyperparameter, double value) {
    values.put(hyperparameter, value);
    if (hyperparameter.equals(Hyperparameter.LEARNING_RATE)) {
      baseLearningRate = value;
    }
  }

  private boolean isTaken() {
    return !known.isEmpty();
  }

  private Hyperparameter require(String hyperparameter) {
    Hyperparameter found = known.get(hyperparameter);
    if (found == null) {
      throw unknown(hyperparameter);
    }
    return found;
  }

  private FulgurException unknown(String hyperparameter) {
    return new FulgurException(
        ErrorId.INVALID_HYPERPARAMETER,
        "%s has no hyperparameter \"%s\"; it has %s."
            .formatted(
                owner, hyperparameter, String.join(", ", (isTaken() ? known : chosen).keySet())));
  }
}
