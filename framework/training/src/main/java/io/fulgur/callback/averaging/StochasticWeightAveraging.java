package io.fulgur.callback.averaging;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.checkpoint.State;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.BatchNormRecomputation;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.SWALR;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Averages the weights of the last epochs, trained at a constant learning rate.
 *
 * <pre>{@code
 * StochasticWeightAveraging.builder().swaLrs(0.05).swaEpochStart(0.75).annealingEpochs(5).build()
 * }</pre>
 *
 * <p>From the starting epoch on, the learning-rate schedule is replaced by a {@link SWALR}, and the
 * weights at the end of each epoch enter their mean. When the fit is over, the mean becomes the
 * module's weights, and the running statistics of batch normalisations are recomputed by a pass
 * over the training data that trains nothing. Training, validation and checkpoints before that are
 * of the weights as they are trained; the mean so far is in the state of this callback, and a run
 * that goes on equals the uninterrupted one bit by bit.
 *
 * <p>P. Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI
 * 2018. Follows {@code lightning.pytorch.callbacks.StochasticWeightAveraging}, but averages the
 * weights at the end of epochs, as the recipe of {@code torch.optim.swa_utils} does, so that the
 * last epoch counts; and gives the module its mean also where training ends before {@code
 * maxEpochs}.
 *
 * @since 0.1
 */
public final class StochasticWeightAveraging implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(StochasticWeightAveraging.class);
  private static final String STARTED = "started";
  private static final String COUNT = "averaged";
  private static final String UPDATE_EPOCH = "latest_update_epoch";
  private static final String AVERAGE = "average";

  private final SwaOptions options;
  private final Map<String, Tensor> restored = new LinkedHashMap<>();
  private @Nullable WeightAverages averages;
  private long restoredCount;
  private int latestUpdateEpoch;
  private int startEpoch;
  private boolean started;

  StochasticWeightAveraging(SwaOptions options) {
    this.options = options;
  }

  /** Returns a builder; {@link StochasticWeightAveragingBuilder#swaLrs} must be called. */
  public static StochasticWeightAveragingBuilder builder() {
    return new StochasticWeightAveragingBuilder();
  }

  /** Returns how many epochs' weights the mean is of. */
  public long averagedCount() {
    WeightAverages present = averages;
    return present == null ? restoredCount : present.count();
  }

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (kind == RunKind.FIT) {
      averages = null;
      restored.clear();
      restoredCount = 0;
      started = false;
      latestUpdateEpoch = trainer.currentEpoch() - 1;
    }
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    check(trainer);
    startEpoch = options.startEpoch(trainer.options().maxEpochs());
    averages = new WeightAverages(module, WeightAverages.Buffers.IGNORED, restoredCount, restored);
    restored.clear();
    if (started) {
      replaceSchedule(trainer);
    }
  }

  private void check(Trainer trainer) {
    OptionMistakes mistakes = new OptionMistakes("StochasticWeightAveraging");
    int optimizers = trainer.optimizers().size();
    mistakes.require(
        optimizers == 1,
        "@ConfigureOptimizers made " + optimizers + " optimizers, but averaging is for one.");
    int schedules = trainer.lrSchedulers().size();
    mistakes.require(
        schedules <= 1,
        "@ConfigureOptimizers made " + schedules + " schedules, but averaging replaces only one.");
    mistakes.require(
        !options.isFraction() || trainer.options().maxEpochs() != TrainerOptions.UNLIMITED,
        "swaEpochStart is a fraction, but maxEpochs has no limit. Set maxEpochs, or name the epoch.");
    for (Callback other : trainer.callbacks()) {
      mistakes.require(
          !(other instanceof EarlyStopping stopping && stopping.restoresBestWeights()),
          "EarlyStopping restores the best weights, which would replace the mean. Leave out one of them.");
      mistakes.require(
          !(other instanceof WeightAveraging),
          other.getClass().getSimpleName() + " averages weights, too. Leave out one of them.");
    }
    mistakes.throwIfAny();
  }

  @Override
  public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
    if (!started && trainer.currentEpoch() >= startEpoch) {
      started = true;
      replaceSchedule(trainer);
    }
  }

  private void replaceSchedule(Trainer trainer) {
    Optimizer optimizer = trainer.optimizers().get(0);
    SWALR schedule =
        new SWALR(
            optimizer,
            options.annealingEpochs(),
            options.annealingStrategy(),
            options.learningRates());
    trainer.replaceLrSchedulers(List.of(Scheduled.of(schedule)));
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    int epoch = trainer.currentEpoch();
    if (averages != null && started && epoch > latestUpdateEpoch) {
      averages.update(options.function());
      latestUpdateEpoch = epoch;
    }
  }

  /** After everything else that is done at the end, such as the last checkpoint. */
  @Override
  public void onFitEnd(Trainer trainer, FulgurModule module) {
    WeightAverages present = averages;
    averages = null;
    if (present == null || present.count() == 0) {
      return;
    }
    restoredCount = present.count();
    present.copyIn();
    LOG.info("The module has the mean of the weights of {} epochs", restoredCount);
    if (BatchNormRecomputation.isNeeded(module)) {
      try (BatchNormRecomputation recomputation = BatchNormRecomputation.of(module)) {
        trainer.passOverTrainingData();
      }
    }
  }

  @Override
  public State state() {
    WeightAverages present = averages;
    long count = present == null ? 0 : present.count();
    State.Builder state =
        State.builder()
            .put(STARTED, started)
            .put(COUNT, count)
            .put(UPDATE_EPOCH, (long) latestUpdateEpoch);
    if (present != null && count > 0) {
      state.child(AVERAGE, State.builder().tensors(present.averaged()).build());
    }
    return state.build();
  }

  @Override
  public void loadState(State state) {
    started = state.booleanValue(STARTED);
    latestUpdateEpoch = state.intValue(UPDATE_EPOCH);
    restoredCount = state.longValue(COUNT);
    if (restoredCount > 0) {
      state.child(AVERAGE).tensors().forEach((name, tensor) -> restored.put(name, tensor.keep()));
    }
  }
}
