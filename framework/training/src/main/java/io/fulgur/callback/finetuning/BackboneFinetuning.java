package io.fulgur.callback.finetuning;

import io.fulgur.Trainer;
import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.OptionMistakes;
import io.fulgur.error.Suggestions;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.Module;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the rest of a module first and its backbone from some epoch on, at a learning rate that
 * grows to that of the rest.
 *
 * <pre>{@code
 * BackboneFinetuning.builder().backbone("encoder").unfreezeBackboneAtEpoch(3).build()
 * }</pre>
 *
 * <p>At that epoch the backbone becomes a group of the first optimizer, with {@code
 * backboneInitialLr} or {@code backboneInitialRatioLr} times the learning rate of the optimizer's
 * first group. In each epoch after, its learning rate is {@code lambdaFunc(epoch + 1)} times that
 * of the epoch before, but with {@code shouldAlign} at most that of the first group.
 *
 * <p>{@code @ConfigureOptimizers} gives the optimizer {@link Module#trainableParameters()}, of
 * which the frozen backbone is no part. All else is as of {@link BaseFinetuning}. Follows {@code
 * lightning.pytorch.callbacks.BackboneFinetuning}, without {@code initial_denom_lr}, which nothing
 * reads there, and without {@code rounding} of what it logs.
 *
 * @since 0.1
 */
public final class BackboneFinetuning extends BaseFinetuning {
  private static final Logger LOG = LoggerFactory.getLogger(BackboneFinetuning.class);
  private static final String PREVIOUS_RATE = "previous_backbone_lr";

  private final Builder options;
  private double previousRate;

  private BackboneFinetuning(Builder options) {
    this.options = options;
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  private Module backbone(FulgurModule module) {
    Map<String, Module> parts = module.namedModules();
    Module backbone = parts.get(options.backbone);
    if (backbone == null || backbone == module) {
      Set<String> names = module.namedChildren().keySet();
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "BackboneFinetuning is to freeze \"%s\", but %s has no part of that name. It has: %s.%s"
              .formatted(
                  options.backbone,
                  module.getClass().getSimpleName(),
                  names.isEmpty() ? "none" : String.join(", ", names),
                  Suggestions.didYouMean(options.backbone, names)));
    }
    return backbone;
  }

  @Override
  protected void freezeBeforeTraining(FulgurModule module) {
    freeze(backbone(module), options.trainBatchNorm);
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    super.onFitStart(trainer, module);
    List<Parameter> frozen =
        backbone(module).parameters().stream().filter(each -> !each.requiresGrad()).toList();
    for (Optimizer optimizer : trainer.optimizers()) {
      int known = frozen.size() - notIn(optimizer, frozen).size();
      if (known > 0) {
        throw new FulgurException(
            ErrorId.INVALID_OPTIONS,
            "%s has %d of the %d frozen parameters of \"%s\" already, so that they could have no learning rate of their own. Give it trainableParameters() in @ConfigureOptimizers, which leaves frozen ones out."
                .formatted(optimizer.name(), known, frozen.size(), options.backbone));
      }
    }
  }

  @Override
  protected void finetune(FulgurModule module, int epoch, Optimizer optimizer) {
    if (!isFirst(optimizer) || epoch < options.unfreezeAtEpoch) {
      return;
    }
    double rate = optimizer.groups().get(0).learningRate();
    List<ParameterGroup> groups = addedGroups();
    if (groups.isEmpty()) {
      Double initial = options.initialRate;
      previousRate = initial == null ? rate * options.initialRatio : initial;
      unfreezeAndAddGroup(backbone(module), optimizer, previousRate, options.trainBatchNorm);
    } else if (epoch > options.unfreezeAtEpoch) {
      double next = options.lambdaFunc.applyAsDouble(epoch + 1) * previousRate;
      previousRate = options.shouldAlign ? Math.min(next, rate) : next;
      groups.get(0).scheduleLearningRate(previousRate);
    }
    if (options.verbose) {
      LOG.info("Epoch {}: learning rate {}, of the backbone {}", epoch, rate, previousRate);
    }
  }

  @Override
  protected void save(State.Builder state) {
    state.put(PREVIOUS_RATE, previousRate);
  }

  @Override
  protected void load(State state) {
    previousRate = state.doubleValue(PREVIOUS_RATE);
  }

  /**
   * Collects the options of a {@link BackboneFinetuning}; the defaults are Lightning's.
   *
   * @since 0.1
   */
  public static final class Builder {
    private String backbone = "backbone";
    private int unfreezeAtEpoch = 10;
    private IntToDoubleFunction lambdaFunc = epoch -> 2;
    private double initialRatio = 0.1;
    private @Nullable Double initialRate;
    private boolean shouldAlign = true;
    private boolean trainBatchNorm = true;
    private boolean verbose;

    private Builder() {}

    /** Names the part to freeze, e.g. {@code net.encoder}; {@code backbone} by default. */
    public Builder backbone(String name) {
      backbone = name;
      return this;
    }

    /** Sets the epoch from which on the backbone is trained, from 0; 10 by default. */
    public Builder unfreezeBackboneAtEpoch(int epoch) {
      unfreezeAtEpoch = epoch;
      return this;
    }

    /** Sets by what the backbone's learning rate is multiplied at an epoch; 2 by default. */
    public Builder lambdaFunc(IntToDoubleFunction factor) {
      lambdaFunc = factor;
      return this;
    }

    /** Sets which part of the first group's learning rate it begins with; 0.1 by default. */
    public Builder backboneInitialRatioLr(double ratio) {
      initialRatio = ratio;
      return this;
    }

    /** Sets which learning rate it begins with, rather than a ratio. */
    public Builder backboneInitialLr(double learningRate) {
      initialRate = learningRate;
      return this;
    }

    /** Lets it grow no further than the first group's (the default), or on. */
    public Builder shouldAlign(boolean align) {
      shouldAlign = align;
      return this;
    }

    /** Trains batch normalisations of the backbone always (the default), or never. */
    public Builder trainBatchNorm(boolean train) {
      trainBatchNorm = train;
      return this;
    }

    /** Logs the learning rates of each epoch; not by default. */
    public Builder verbose(boolean tell) {
      verbose = tell;
      return this;
    }

    private Builder copy() {
      Builder copy = new Builder();
      copy.backbone = backbone;
      copy.unfreezeAtEpoch = unfreezeAtEpoch;
      copy.lambdaFunc = lambdaFunc;
      copy.initialRatio = initialRatio;
      copy.initialRate = initialRate;
      copy.shouldAlign = shouldAlign;
      copy.trainBatchNorm = trainBatchNorm;
      copy.verbose = verbose;
      return copy;
    }

    /**
     * Makes the callback.
     *
     * @throws FulgurException that lists everything wrong with the options
     */
    public BackboneFinetuning build() {
      OptionMistakes mistakes = new OptionMistakes("BackboneFinetuning");
      mistakes.require(!backbone.isBlank(), "backbone is blank. Name a part of the module.");
      mistakes.require(
          unfreezeAtEpoch >= 0,
          "unfreezeBackboneAtEpoch is " + unfreezeAtEpoch + ", but must be at least 0.");
      mistakes.require(
          initialRatio > 0 && Double.isFinite(initialRatio),
          "backboneInitialRatioLr is " + initialRatio + ", but must be a finite number above 0.");
      Double rate = initialRate;
      mistakes.require(
          rate == null || (rate > 0 && Double.isFinite(rate)),
          "backboneInitialLr is " + rate + ", but must be a finite number above 0.");
      mistakes.throwIfAny();
      return new BackboneFinetuning(copy());
    }
  }
}
