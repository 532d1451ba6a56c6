package io.fulgur.callback.monitor;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.optimizer.Hyperparameter;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Logs the learning rates of all optimizers, their momentum and weight decay if wanted.
 *
 * <p>Under {@code lr-SGD}; with several optimizers of a kind also {@code lr-SGD-1}, {@code
 * lr-SGD-2}; with several parameter groups {@code lr-SGD/pg1}, {@code lr-SGD/pg2}, or the name of
 * the group instead of {@code pg1}. Momentum is the first of Adam's betas where an optimizer has
 * those, and 0 where it has none; it is logged under {@code lr-SGD-momentum}, weight decay under
 * {@code lr-SGD-weight_decay}. Follows {@code lightning.pytorch.callbacks.LearningRateMonitor}.
 *
 * @since 0.1
 */
public final class LearningRateMonitor implements Callback {
  private static final String MOMENTUM = "momentum";
  private static final String FIRST_BETA = "beta1";

  private final ScheduleInterval interval;
  private final boolean logMomentum;
  private final boolean logWeightDecay;
  private final String prefix;
  private final LogOptions how;
  private ParameterGroup[] groups = {};
  private String[] names = {};
  private String[] momentumNames = {};
  private String[] weightDecayNames = {};

  /** Logs at each step, as far as the trainer's {@code logEveryNSteps} lets it through. */
  public LearningRateMonitor() {
    this(ScheduleInterval.STEP);
  }

  /** Logs at each step, or once an epoch the value with which it began. */
  public LearningRateMonitor(ScheduleInterval interval) {
    this(builder().interval(interval));
  }

  private LearningRateMonitor(Builder options) {
    interval = options.interval;
    logMomentum = options.logMomentum;
    logWeightDecay = options.logWeightDecay;
    prefix = options.prefix;
    how = interval == ScheduleInterval.STEP ? LogOptions.onStep() : LogOptions.onEpoch();
  }

  /** Starts the options of a monitor. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@inheritDoc} Finds the optimizers.
   *
   * @throws FulgurException if the trainer has no logger, so that nobody would keep the values
   */
  @Override
  public void onTrainStart(Trainer trainer, FulgurModule module) {
    if (trainer.loggers().isEmpty() && !trainer.isFastDevRun()) {
      throw new FulgurException(
          ErrorId.NO_LOGGER,
          "LearningRateMonitor was given to a trainer that has no logger. Give it one with logger(...), or leave the callback out.");
    }
    nameGroups(trainer.optimizers());
  }

  private void nameGroups(List<Optimizer> optimizers) {
    List<ParameterGroup> found = new ArrayList<>();
    List<String> called = names(optimizers, found);
    groups = found.toArray(ParameterGroup[]::new);
    names = named(called, "");
    momentumNames = named(called, "-momentum");
    weightDecayNames = named(called, "-weight_decay");
  }

  private String[] named(List<String> called, String suffix) {
    return called.stream().map(name -> prefix + name + suffix).toArray(String[]::new);
  }

  @Override
  public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
    if (interval == ScheduleInterval.EPOCH) {
      log(trainer);
    }
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    if (interval == ScheduleInterval.STEP) {
      log(trainer);
    }
  }

  /** Returns whether a callback has added groups, as one that thaws a backbone does. */
  private boolean hasOtherGroups(List<Optimizer> optimizers) {
    int present = 0;
    for (int i = 0; i < optimizers.size(); i++) {
      present += optimizers.get(i).groups().size();
    }
    return present != groups.length;
  }

  private void log(Trainer trainer) {
    if (hasOtherGroups(trainer.optimizers())) {
      nameGroups(trainer.optimizers());
    }
    for (int i = 0; i < groups.length; i++) {
      trainer.log(names[i], groups[i].learningRate(), how);
      if (logMomentum) {
        trainer.log(momentumNames[i], momentum(groups[i]), how);
      }
      if (logWeightDecay) {
        Map<String, Double> all = groups[i].hyperparameters();
        trainer.log(weightDecayNames[i], all.getOrDefault(Hyperparameter.WEIGHT_DECAY, 0.0), how);
      }
    }
  }

  private static double momentum(ParameterGroup group) {
    Map<String, Double> all = group.hyperparameters();
    Double beta = all.get(FIRST_BETA);
    return beta == null ? all.getOrDefault(MOMENTUM, 0.0) : beta;
  }

  /**
   * Returns the names of all parameter groups.
   *
   * @param groups where the groups are added, in the order of the names
   */
  static List<String> names(List<Optimizer> optimizers, List<ParameterGroup> groups) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (Optimizer optimizer : optimizers) {
      int earlier = seen.merge(optimizer.name(), 1, Integer::sum) - 1;
      String base = "lr-" + optimizer.name() + (earlier == 0 ? "" : "-" + earlier);
      List<ParameterGroup> own = optimizer.groups();
      for (int i = 0; i < own.size(); i++) {
        String name = own.get(i).name();
        String group = name.isEmpty() ? "pg" + (i + 1) : name;
        names.add(own.size() == 1 && name.isEmpty() ? base : base + "/" + group);
        groups.add(own.get(i));
      }
    }
    return names;
  }

  /**
   * Options of a {@link LearningRateMonitor}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private ScheduleInterval interval = ScheduleInterval.STEP;
    private boolean logMomentum;
    private boolean logWeightDecay;
    private String prefix = "";

    private Builder() {}

    /** Logs at each step (the default), or once an epoch the values with which it began. */
    public Builder interval(ScheduleInterval when) {
      interval = when;
      return this;
    }

    /** Logs momentum, too, or not (the default). */
    public Builder logMomentum(boolean on) {
      logMomentum = on;
      return this;
    }

    /** Logs weight decay, too, or not (the default). */
    public Builder logWeightDecay(boolean on) {
      logWeightDecay = on;
      return this;
    }

    /** Puts this before every name, e.g. {@code optim/} for {@code optim/lr-SGD}. */
    public Builder prefix(String newPrefix) {
      prefix = newPrefix;
      return this;
    }

    /** Makes the callback. */
    public LearningRateMonitor build() {
      return new LearningRateMonitor(this);
    }
  }
}
