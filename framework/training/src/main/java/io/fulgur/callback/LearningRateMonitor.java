package io.fulgur.callback;

import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the learning rates of all optimizers.
 *
 * <p>Under {@code lr-SGD}; with several optimizers of a kind also {@code lr-SGD-1}, {@code
 * lr-SGD-2}; with several parameter groups {@code lr-SGD/pg1}, {@code lr-SGD/pg2}, or the name of
 * the group instead of {@code pg1}. Follows {@code
 * lightning.pytorch.callbacks.LearningRateMonitor}.
 *
 * @since 0.1
 */
public final class LearningRateMonitor implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(LearningRateMonitor.class);

  private static final LogOptions STEPS = LogOptions.onStep();

  private final ScheduleInterval interval;
  private ParameterGroup[] groups = {};
  private String[] names = {};

  /** Logs at each step, as far as the trainer's {@code logEveryNSteps} lets it through. */
  public LearningRateMonitor() {
    this(ScheduleInterval.STEP);
  }

  /** Logs at each step, or once an epoch the value with which it began. */
  public LearningRateMonitor(ScheduleInterval interval) {
    this.interval = interval;
  }

  @Override
  public void onTrainStart(Trainer trainer, FulgurModule module) {
    if (trainer.loggers().isEmpty() && !trainer.isFastDevRun()) {
      LOG.warn("LearningRateMonitor has no logger to log to. Add one to the trainer");
    }
    List<ParameterGroup> found = new ArrayList<>();
    List<String> called = names(trainer.optimizers(), found);
    groups = found.toArray(ParameterGroup[]::new);
    names = called.toArray(String[]::new);
  }

  @Override
  public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
    if (interval == ScheduleInterval.EPOCH) {
      log(trainer, LogOptions.onEpoch());
    }
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    if (interval == ScheduleInterval.STEP) {
      log(trainer, STEPS);
    }
  }

  private void log(Trainer trainer, LogOptions how) {
    for (int i = 0; i < groups.length; i++) {
      trainer.log(names[i], groups[i].learningRate(), how);
    }
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
}
