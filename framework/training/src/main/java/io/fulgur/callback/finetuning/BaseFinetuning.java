package io.fulgur.callback.finetuning;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.BatchNormLayer;
import io.fulgur.nn.Module;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.tensor.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Freezes parts of a module before training and trains them from some epoch on.
 *
 * <pre>{@code
 * final class TwoPhases extends BaseFinetuning {
 *   @Override
 *   protected void freezeBeforeTraining(FulgurModule module) {
 *     freeze(((Classifier) module).encoder, true);
 *   }
 *
 *   @Override
 *   protected void finetune(FulgurModule module, int epoch, Optimizer optimizer) {
 *     if (epoch == 5) {
 *       unfreezeAndAddGroup(((Classifier) module).encoder, optimizer, 1e-4, true);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>{@code @ConfigureOptimizers} comes after freezing: it gives the optimizer {@link
 * Module#trainableParameters()}. Checkpoints hold which groups were added; a run that goes on from
 * one unfreezes them and adds them again before the optimizer's state is restored.
 *
 * <p>A batch normalisation that is frozen stays in evaluation mode, so that its running statistics
 * do not change. Follows {@code lightning.pytorch.callbacks.BaseFinetuning}, where it normalises by
 * each batch, but keeps its statistics.
 *
 * @since 0.1
 */
public abstract class BaseFinetuning implements Callback {
  /** By what the learning rate of an optimizer's first group is divided for a new one. */
  protected static final double INITIAL_DENOMINATOR = 10;

  private static final Logger LOG = LoggerFactory.getLogger(BaseFinetuning.class);
  private static final String GROUPS = "groups";

  private final List<AddedGroup> added = new ArrayList<>();
  private final Set<BatchNormLayer> frozenNorms =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private List<Optimizer> optimizers = List.of();
  private @Nullable FulgurModule module;

  /** Makes a callback that has added nothing yet. */
  protected BaseFinetuning() {}

  /** Freezes what is not to be trained from the start, with {@link #freeze}. */
  protected abstract void freezeBeforeTraining(FulgurModule module);

  /**
   * Called for each optimizer when an epoch begins, to unfreeze what is trained from now on.
   *
   * @param epoch the index of the epoch, from 0
   */
  protected abstract void finetune(FulgurModule module, int epoch, Optimizer optimizer);

  /** Adds to the state of checkpoints; nothing unless overridden. */
  protected void save(State.Builder state) {}

  /** Takes what {@link #save} has added; nothing unless overridden. */
  protected void load(State state) {}

  // ---------------------------------------------------------------- for subclasses

  /**
   * Freezes a part and all below.
   *
   * @param trainBatchNorm whether batch normalisations in it are trained all the same
   */
  protected final void freeze(Module part, boolean trainBatchNorm) {
    part.freeze();
    for (BatchNormLayer norm : norms(part)) {
      if (trainBatchNorm) {
        norm.unfreeze();
      } else {
        frozenNorms.add(norm);
        norm.eval();
      }
    }
  }

  /**
   * Unfreezes a part and all below.
   *
   * @param trainBatchNorm whether batch normalisations in it are trained, too; else they stay
   *     frozen
   * @return the parameters that are trained now
   */
  protected final List<Parameter> unfreeze(Module part, boolean trainBatchNorm) {
    part.unfreeze();
    for (BatchNormLayer norm : norms(part)) {
      if (trainBatchNorm) {
        release(norm);
      } else if (frozenNorms.contains(norm)) {
        norm.freeze();
      }
    }
    return part.trainableParameters();
  }

  /**
   * Unfreezes a part and adds it to an optimizer as a group of its own. Parameters that the
   * optimizer has already stay where they are.
   *
   * @param learningRate that of the group
   * @param trainBatchNorm whether batch normalisations in the part are trained, too
   * @return the group; empty if the optimizer had all parameters already
   */
  protected final Optional<ParameterGroup> unfreezeAndAddGroup(
      Module part, Optimizer optimizer, double learningRate, boolean trainBatchNorm) {
    List<Parameter> trained = unfreeze(part, trainBatchNorm);
    List<Parameter> fresh = notIn(optimizer, trained);
    List<Parameter> ofNorms =
        norms(part).stream().flatMap(norm -> norm.parameters().stream()).toList();
    long kept = trained.stream().filter(p -> !fresh.contains(p) && !ofNorms.contains(p)).count();
    if (kept > 0) {
      LOG.warn(
          "{} of the {} parameters to be trained from now on are in {} already, so they keep its"
              + " learning rate",
          kept,
          trained.size(),
          optimizer.name());
    }
    if (fresh.isEmpty()) {
      return Optional.empty();
    }
    AddedGroup group =
        new AddedGroup(optimizers.indexOf(optimizer), learningRate, namesOf(fresh), null);
    ParameterGroup made = ParameterGroup.of(fresh).learningRate(learningRate);
    optimizer.addGroup(made);
    added.add(group.with(made));
    return Optional.of(made);
  }

  /**
   * As {@link #unfreezeAndAddGroup(Module, Optimizer, double, boolean)}, with batch normalisations
   * and a tenth of the present learning rate of the optimizer's first group.
   */
  protected final Optional<ParameterGroup> unfreezeAndAddGroup(Module part, Optimizer optimizer) {
    double learningRate = optimizer.groups().get(0).learningRate() / INITIAL_DENOMINATOR;
    return unfreezeAndAddGroup(part, optimizer, learningRate, /* trainBatchNorm= */ true);
  }

  /** Returns the groups that were added, in order. */
  protected final List<ParameterGroup> addedGroups() {
    List<ParameterGroup> groups = new ArrayList<>();
    for (AddedGroup each : added) {
      if (each.group() != null) {
        groups.add(each.group());
      }
    }
    return groups;
  }

  /** Returns whether an optimizer is the first that {@code @ConfigureOptimizers} made. */
  protected final boolean isFirst(Optimizer optimizer) {
    return !optimizers.isEmpty() && optimizers.get(0) == optimizer;
  }

  private static List<BatchNormLayer> norms(Module part) {
    return part.namedModules().values().stream()
        .filter(BatchNormLayer.class::isInstance)
        .map(BatchNormLayer.class::cast)
        .toList();
  }

  private void release(BatchNormLayer norm) {
    if (frozenNorms.remove(norm)) {
      norm.train();
    }
  }

  /** Returns those of some parameters that an optimizer does not have. */
  static List<Parameter> notIn(Optimizer optimizer, List<Parameter> parameters) {
    Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
    optimizer.groups().forEach(group -> known.addAll(group.parameters()));
    return parameters.stream().filter(each -> !known.contains(each)).toList();
  }

  private List<String> namesOf(List<Parameter> parameters) {
    FulgurModule trained = module;
    if (trained == null) {
      throw new IllegalStateException("Groups are added during a fit");
    }
    Set<Parameter> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    wanted.addAll(parameters);
    return trained.namedParameters().entrySet().stream()
        .filter(entry -> wanted.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  // ---------------------------------------------------------------- the run

  @Override
  public final void setup(Trainer trainer, FulgurModule newModule, RunKind kind) {
    if (kind == RunKind.FIT) {
      if (module != newModule) {
        added.clear();
      }
      module = newModule;
      frozenNorms.clear();
      freezeBeforeTraining(newModule);
    }
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule fitted) {
    optimizers = trainer.optimizers();
    Map<String, Parameter> parameters = fitted.namedParameters();
    added.replaceAll(each -> again(each, parameters));
    for (BatchNormLayer norm : List.copyOf(frozenNorms)) {
      if (norm.parameters().stream().anyMatch(Parameter::requiresGrad)) {
        release(norm);
      }
    }
    frozenNorms.forEach(Module::eval);
  }

  /** Unfreezes a group's parameters and adds it to the optimizer that this run has made. */
  private AddedGroup again(AddedGroup group, Map<String, Parameter> parameters) {
    List<Parameter> own = new ArrayList<>();
    for (String name : group.parameters()) {
      Parameter parameter = parameters.get(name);
      if (parameter == null || group.optimizer() >= optimizers.size()) {
        throw new FulgurException(
            ErrorId.CHECKPOINT_MISMATCH,
            "%s had unfrozen \"%s\" for optimizer %d, but there is no such %s. Was the run begun by another model or version of it?"
                .formatted(
                    getClass().getSimpleName(),
                    name,
                    group.optimizer(),
                    parameter == null ? "parameter" : "optimizer"));
      }
      parameter.requiresGrad(true);
      own.add(parameter);
    }
    Optimizer optimizer = optimizers.get(group.optimizer());
    if (notIn(optimizer, own).size() < own.size()) {
      return group; // An optimizer that outlives the fits.
    }
    ParameterGroup made = ParameterGroup.of(own).learningRate(group.learningRate());
    optimizer.addGroup(made);
    return group.with(made);
  }

  @Override
  public final void onTrainEpochStart(Trainer trainer, FulgurModule trained) {
    for (Optimizer optimizer : optimizers) {
      finetune(trained, trainer.currentEpoch(), optimizer);
    }
    frozenNorms.forEach(Module::eval);
  }

  @Override
  public final State state() {
    State.Builder groups = State.builder();
    for (int i = 0; i < added.size(); i++) {
      groups.child(Integer.toString(i), added.get(i).toState());
    }
    State.Builder state = State.builder().child(GROUPS, groups.build());
    save(state);
    return state.build();
  }

  @Override
  public final void loadState(State state) {
    State groups = state.child(GROUPS);
    added.clear();
    for (int i = 0; i < groups.children().size(); i++) {
      added.add(AddedGroup.of(groups.child(Integer.toString(i))));
    }
    load(state);
  }
}
