package io.fulgur.nn.optimizer;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.FlatBuffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Changes parameters by their gradients.
 *
 * <pre>{@code
 * Optimizer optimizer = AdamW.of(model.parameters()).learningRate(1e-3);
 * optimizer.zeroGrad();
 * loss.backward();
 * optimizer.step();
 * }</pre>
 *
 * <p>Making an optimizer moves its parameters into one flat buffer for each group and type, so that
 * a step is one kernel however many there are, and forgets their gradients; a parameter belongs to
 * the optimizer made last for it. Parameters without a gradient are skipped, as in PyTorch.
 * Everything is set on the optimizer itself, before training or during it.
 *
 * <p>A subclass says how a run of parameters is updated and which hyperparameters and state there
 * are; groups, flat buffers, step counts and checkpoints are taken care of here. {@link
 * AbstractOptimizer} adds the setters that nearly every optimizer has.
 *
 * @since 0.1
 */
public abstract class Optimizer {
  private final List<ParameterGroup> groups;
  private final Map<String, Hyperparameter> known = new LinkedHashMap<>();

  /** What was set for all groups, which a group that joins later takes, too. */
  private final Map<String, Double> common = new LinkedHashMap<>();

  private final List<FlatState> states = new ArrayList<>();
  private final Consumer<ParameterRun> updater = this::updateAndCount;

  /**
   * Takes parameter groups over.
   *
   * @param groups at least one, none empty, no parameter twice
   * @param hyperparameters all that each group has; one of them is the {@link
   *     Hyperparameter#LEARNING_RATE}
   * @throws FulgurException if there is no parameter, one is there twice, or a group's choice is
   *     unknown or not allowed
   */
  protected Optimizer(List<ParameterGroup> groups, List<Hyperparameter> hyperparameters) {
    this.groups = new ArrayList<>(groups);
    hyperparameters.forEach(h -> known.put(h.name(), h));
    checkParameters(this.groups);
    for (ParameterGroup group : groups) {
      group.take(name(), known);
    }
    groups.forEach(this::layOut);
  }

  private void layOut(ParameterGroup group) {
    for (FlatBuffer buffer : FlatBuffer.of(group.parameters())) {
      states.add(new FlatState(group, buffer));
    }
  }

  private void checkParameters(List<ParameterGroup> groups) {
    if (groups.isEmpty()) {
      throw invalid("%s was given no parameters. Pass e.g. model.parameters().".formatted(name()));
    }
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int g = 0; g < groups.size(); g++) {
      List<Parameter> parameters = groups.get(g).parameters();
      if (parameters.isEmpty()) {
        throw invalid(
            "%s: group %d has no parameters. Does the module keep its layers in fields?"
                .formatted(name(), g));
      }
      for (int i = 0; i < parameters.size(); i++) {
        if (!seen.add(parameters.get(i))) {
          throw invalid(
              "%s: parameter %d of group %d, %s%s, is there a second time. Each may be given once."
                  .formatted(name(), i, g, parameters.get(i).dtype(), parameters.get(i).shape()));
        }
      }
    }
  }

  private static FulgurException invalid(String message) {
    return new FulgurException(ErrorId.INVALID_ARGUMENT, message);
  }

  private void updateAndCount(ParameterRun run) {
    update(run);
    run.countStep();
  }

  /**
   * Updates the values of neighbouring parameters from their gradients; or of one, in its shape,
   * where this optimizer {@linkplain #stepsEachParameterAlone steps each alone}.
   */
  protected abstract void update(ParameterRun run);

  /**
   * Returns the names of the vectors of state that a parameter that has taken a step has, each as
   * long as the parameter.
   *
   * @param hyperparameters those of its group
   */
  protected abstract Set<String> stateNames(Map<String, Double> hyperparameters);

  /**
   * Returns the state of other shapes that a parameter that has taken a step has, by name; by
   * default none. For optimizers that step each parameter alone.
   *
   * @param hyperparameters those of its group
   */
  protected Map<String, Shape> stateShapes(Map<String, Double> hyperparameters, Shape parameter) {
    return Map.of();
  }

  /** Returns the names of the numbers that are kept of each parameter; by default none. */
  protected Set<String> numberNames() {
    return Set.of();
  }

  /**
   * Returns whether {@link #update} is called for each parameter, e.g. because it needs a norm; by
   * default not.
   */
  protected boolean stepsEachParameterAlone() {
    return false;
  }

  /**
   * Checks hyperparameters against each other, before every step; by default nothing.
   *
   * @throws FulgurException if the group's do not go together
   */
  protected void check(ParameterGroup group) {}

  /** Returns the name that logs and checkpoints show: the class's. */
  public final String name() {
    return getClass().getSimpleName();
  }

  /** Returns the parameter groups, whose hyperparameters may be read and set at any time. */
  public final List<ParameterGroup> groups() {
    return Collections.unmodifiableList(groups);
  }

  /**
   * Adds a group of parameters, e.g. of layers that are trained from now on, as {@code
   * torch.optim.Optimizer.add_param_group}. What the group does not choose itself it takes from
   * what was set for all groups. The other groups, their state and their memory stay as they are.
   *
   * @throws FulgurException if the group has no parameters, one of them has a place in this
   *     optimizer, or a choice of the group's is unknown or not allowed; nothing is added then
   */
  public final void addGroup(ParameterGroup group) {
    List<ParameterGroup> all = new ArrayList<>(groups);
    all.add(group);
    checkParameters(all);
    group.take(name(), known);
    common.forEach(group::inherit);
    groups.add(group);
    layOut(group);
  }

  /**
   * Updates all parameters that have a gradient.
   *
   * @throws FulgurException if a newer optimizer has taken a parameter over, or a group's
   *     hyperparameters do not go together; nothing is updated then
   */
  public final void step() {
    for (int i = 0; i < groups.size(); i++) {
      check(groups.get(i));
    }
    for (int i = 0; i < states.size(); i++) {
      states.get(i).buffer().owns();
    }
    boolean alone = stepsEachParameterAlone();
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      for (int i = 0; i < states.size(); i++) {
        states.get(i).forEachRun(updater, alone);
      }
    }
  }

  /** Forgets the gradients of all parameters, without touching memory. */
  public final void zeroGrad() {
    for (int i = 0; i < states.size(); i++) {
      states.get(i).buffer().zeroGrad();
    }
  }

  /**
   * Returns everything that a checkpoint has to hold of an optimizer, by the parameters' names.
   *
   * <p>The tensors share their memory with the optimizer.
   *
   * @param names the names of all parameters: {@code namedParameters()} of the module
   * @throws FulgurException if a parameter has no name
   */
  public final OptimizerState stateDict(Map<String, Parameter> names) {
    return new StateDicts(this, states, names).save();
  }

  /**
   * Goes to a saved state, hyperparameters included.
   *
   * @param names the names of all parameters: {@code namedParameters()} of the module
   * @throws FulgurException if the state is that of another optimizer, of other groups or of other
   *     parameters; the message lists every mistake, and nothing is loaded
   */
  public final void loadStateDict(OptimizerState state, Map<String, Parameter> names) {
    new StateDicts(this, states, names).load(state);
  }

  /** Returns an error about hyperparameters that do not go together. */
  protected final FulgurException contradiction(String message) {
    return new FulgurException(ErrorId.INVALID_HYPERPARAMETER, name() + ": " + message);
  }

  /** Sets a hyperparameter of all groups but those that have chosen their own. */
  protected final void setAll(String hyperparameter, double value) {
    for (ParameterGroup group : groups) {
      group.inherit(hyperparameter, value);
    }
    common.put(hyperparameter, value);
  }

  /** Calls {@code action} with each run of parameters that have gradients. */
  final void forEachRun(Consumer<ParameterRun> action) {
    for (int i = 0; i < states.size(); i++) {
      states.get(i).forEachRun(action, /* separately= */ false);
    }
  }

  /** Returns the name and, for each group, the hyperparameters. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name());
    for (ParameterGroup group : groups) {
      text.append(group.hyperparameters());
    }
    return text.toString();
  }
}
