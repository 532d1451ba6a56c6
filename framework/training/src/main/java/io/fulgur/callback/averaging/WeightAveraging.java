package io.fulgur.callback.averaging;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.callback.AveragedWeights;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an average of the weights beside those that are trained, and gives it to the module in the
 * end.
 *
 * <pre>{@code
 * new WeightAveraging(AveragingFunction.equal()) {
 *   @Override
 *   protected boolean updatesAfterStep(long step) {
 *     return step >= 1000 && step % 100 == 0;
 *   }
 * }
 * }</pre>
 *
 * <p>By default the weights enter the average after each optimizer step. The module is validated
 * with the average, and a test amid a fit uses it, too; training goes on with the weights as they
 * were. The {@code weights} of a checkpoint are the average; the trained ones are in the state of
 * this callback, from which a run that goes on takes them, so that it equals the uninterrupted one
 * bit by bit. At the end of the fit, after all else, the average becomes the module's weights.
 *
 * <p>Averaging takes the memory of another copy of the weights, and of a third while the module is
 * validated. An update is one kernel for each group of parameters and type; floating-point buffers
 * are averaged one by one, and others copied.
 *
 * <p>Follows {@code lightning.pytorch.callbacks.WeightAveraging}. Other than there, nothing is
 * swapped or saved in the weights' place before the first update: Lightning validates with the
 * initial weights until then.
 *
 * @since 0.1
 */
public class WeightAveraging implements AveragedWeights {
  private static final String COUNT = "averaged";
  private static final String UPDATE_STEP = "latest_update_step";
  private static final String UPDATE_EPOCH = "latest_update_epoch";
  private static final String CURRENT = "current_weights";

  private final AveragingFunction function;
  private final boolean useBuffers;
  private @Nullable FulgurModule module;
  private @Nullable WeightAverages averages;
  private final Map<String, Tensor> restored = new LinkedHashMap<>();
  private long restoredCount;
  private long latestUpdateStep;
  private int latestUpdateEpoch;

  /** Averages parameters and buffers. */
  public WeightAveraging(AveragingFunction function) {
    this(function, /* useBuffers= */ true);
  }

  /**
   * Averages parameters.
   *
   * @param useBuffers whether to average buffers, too, rather than take the newest
   */
  public WeightAveraging(AveragingFunction function, boolean useBuffers) {
    this.function = function;
    this.useBuffers = useBuffers;
  }

  /**
   * Returns whether the weights enter the average after an optimizer step; always unless
   * overridden.
   *
   * @param step the index of the step, from 0
   */
  protected boolean updatesAfterStep(long step) {
    return true;
  }

  /**
   * Returns whether the weights enter the average at the end of an epoch; never unless overridden.
   *
   * @param epoch the index of the epoch, from 0
   */
  protected boolean updatesAfterEpoch(int epoch) {
    return false;
  }

  /** Returns how often the weights have entered the average. */
  public final long averagedCount() {
    WeightAverages present = averages;
    return present == null ? restoredCount : present.count();
  }

  @Override
  public final @Nullable Map<String, Tensor> averagedWeights() {
    WeightAverages present = averages;
    return present == null || present.count() == 0 ? null : present.averaged();
  }

  @Override
  public final void setup(Trainer trainer, FulgurModule newModule, RunKind kind) {
    if (kind == RunKind.FIT) {
      module = newModule;
      averages = null;
      restored.clear();
      restoredCount = 0;
      latestUpdateStep = trainer.globalStep();
      latestUpdateEpoch = trainer.currentEpoch() - 1;
    }
  }

  /** Optimizers have laid out the parameters by now. */
  @Override
  public final void onFitStart(Trainer trainer, FulgurModule newModule) {
    averages =
        new WeightAverages(
            newModule,
            useBuffers ? WeightAverages.Buffers.AVERAGED : WeightAverages.Buffers.COPIED,
            restoredCount,
            restored);
    restored.clear();
  }

  @Override
  public final void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule newModule,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    long steps = trainer.globalStep();
    if (averages != null && steps > latestUpdateStep && updatesAfterStep(steps - 1)) {
      averages.update(function);
      latestUpdateStep = steps;
    }
  }

  @Override
  public final void onTrainEpochEnd(Trainer trainer, FulgurModule newModule) {
    int epoch = trainer.currentEpoch();
    if (averages != null && epoch > latestUpdateEpoch && updatesAfterEpoch(epoch)) {
      averages.update(function);
      latestUpdateEpoch = epoch;
    }
  }

  @Override
  public final void onValidationStart(Trainer trainer, FulgurModule evaluated) {
    swapIn(evaluated);
  }

  @Override
  public final void onValidationEnd(Trainer trainer, FulgurModule evaluated) {
    swapOut();
  }

  @Override
  public final void onTestStart(Trainer trainer, FulgurModule evaluated) {
    swapIn(evaluated);
  }

  @Override
  public final void onTestEnd(Trainer trainer, FulgurModule evaluated) {
    swapOut();
  }

  @Override
  public final void onException(Trainer trainer, FulgurModule failed, Throwable exception) {
    swapOut();
  }

  private void swapIn(FulgurModule evaluated) {
    if (averages != null
        && averages.count() > 0
        && averages.isOf(evaluated)
        && !averages.isSwappedIn()) {
      averages.swapIn();
    }
  }

  private void swapOut() {
    if (averages != null && averages.isSwappedIn()) {
      averages.swapOut();
    }
  }

  /** After everything else that is done at the end, such as the last checkpoint. */
  @Override
  public final void onFitEnd(Trainer trainer, FulgurModule fitted) {
    if (averages != null && averages.count() > 0) {
      averages.copyIn();
      restoredCount = averages.count();
    }
    averages = null;
  }

  /** Two of them would take turns at the module's weights, so they may not be in one trainer. */
  @Override
  public final String stateKey() {
    return "WeightAveraging";
  }

  @Override
  public final State state() {
    WeightAverages present = averages;
    long count = present == null ? 0 : present.count();
    State.Builder state =
        State.builder()
            .put(COUNT, count)
            .put(UPDATE_STEP, latestUpdateStep)
            .put(UPDATE_EPOCH, (long) latestUpdateEpoch);
    if (present != null && count > 0) {
      state.child(CURRENT, State.builder().tensors(present.current()).build());
    }
    return state.build();
  }

  /** The module has the weights of the checkpoint by now, which are the average. */
  @Override
  public final void loadState(State state) {
    FulgurModule fitted = module;
    latestUpdateStep = state.longValue(UPDATE_STEP);
    latestUpdateEpoch = state.intValue(UPDATE_EPOCH);
    restoredCount = state.longValue(COUNT);
    if (restoredCount > 0 && fitted != null) {
      Map<String, Tensor> current = state.child(CURRENT).tensors();
      Map<String, Tensor> present = fitted.stateDict();
      current.keySet().forEach(name -> restored.put(name, copyOf(present, name)));
      fitted.loadStateDict(current, /* strict= */ false);
    }
  }

  private static Tensor copyOf(Map<String, Tensor> present, String name) {
    Tensor tensor = present.get(name);
    if (tensor == null) {
      throw new IllegalStateException("The checkpoint's weights are of another module: " + name);
    }
    return tensor.keep();
  }

  @Override
  public final void onSaveCheckpoint(
      Trainer trainer, FulgurModule saved, Checkpoint.Builder checkpoint) {
    Map<String, Tensor> averaged = averagedWeights();
    if (averaged != null) {
      checkpoint.weights(averaged);
    }
  }
}
