package io.fulgur.loop;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.BoundTrainingStep;
import io.fulgur.module.StepClosure;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One training step of a module and the optimizers that learn from its loss. */
final class TrainingTurn {
  private static final String READY = "ready_";
  private static final String STEPPED = "stepped_";
  private static final String OUTPUT = "output";
  private static final String NAMES = "names";
  private static final String WEIGHT = "weight";

  private final RunContext run;
  private final TrainerOptions options;
  private final RunState state;
  private final LogConnector log;
  private final HookDispatcher hooks;
  private final PrecisionPlugin precision;
  private final BoundTrainingStep step;
  private final int everyNBatches;
  private final @Nullable OptimizerToggle toggle;
  private final Closure[] closures;
  private final AccumulationWindow gathered = new AccumulationWindow();

  /** How many batches a window has in this epoch. */
  private int window = 1;

  /** Whether the gradients of the last window are still to be forgotten. */
  private boolean fresh;

  private @Nullable Batch batch;
  private int index;
  private boolean computed;
  private @Nullable StepOutput output;

  /** Whether the run goes on with a batch on which this turn has been taken, at least in part. */
  private boolean goesOn;

  /**
   * @param toggle keeps the parameters of other optimizers from getting gradients; null if there
   *     are none
   */
  TrainingTurn(
      RunContext run,
      BoundTrainingStep step,
      List<OptimizerStepper> steppers,
      int everyNBatches,
      @Nullable OptimizerToggle toggle) {
    this.run = run;
    this.options = run.options();
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
    this.precision = run.parts().precision();
    this.step = step;
    this.everyNBatches = everyNBatches;
    this.toggle = toggle;
    this.closures = steppers.stream().map(Closure::new).toArray(Closure[]::new);
  }

  /** Returns the losses whose gradients have been summed and not been used yet. */
  AccumulationWindow gathered() {
    return gathered;
  }

  /** Returns the name of the optimizer, or an empty one for all there are. */
  String name() {
    return step.optimizer();
  }

  /** Prepares for an epoch, or for the batches that are left of it. */
  void beginEpoch(int batchesOfWindow, int nextBatch) {
    window = batchesOfWindow;
    fresh = nextBatch % window == 0;
  }

  /**
   * Learns from a batch if it is this turn's.
   *
   * @param ends whether the window ends with this batch, so that optimizers step
   * @return what the training step returned; null if nothing, or it is not this turn's
   */
  @Nullable StepOutput take(Batch newest, int batchIndex, boolean ends) {
    batch = newest;
    index = batchIndex;
    if (goesOn) {
      goesOn = false;
      computed = true;
    } else {
      output = null;
      computed = (batchIndex + 1) % everyNBatches != 0;
      if (batchIndex % window == 0) {
        gathered.begin();
        fresh = true;
      }
    }
    if (toggle == null) {
      learn(ends);
    } else {
      try (OptimizerToggle only = toggle.begin()) {
        learn(ends);
      }
    }
    return output;
  }

  private void learn(boolean ends) {
    if (!ends) {
      compute();
      return;
    }
    for (Closure closure : closures) {
      if (state.parts.isDone(closure.part())) {
        continue;
      }
      closure.begin();
      if (!computed || !gathered.isEmpty()) {
        if (state.place == Place.WITHIN_BATCH) {
          run.mark();
        }
        hooks.calls().optimizerStep(closure.stepper.optimizer(), closure);
        if (closure.ready) {
          run.take(closure.part());
        }
      }
    }
    gathered.begin();
    if (!computed) {
      throw new FulgurException(
          ErrorId.CLOSURE_NOT_RUN,
          "optimizerStep of %s did not run the closure it was given, so nothing was learnt from batch %d of epoch %d. Call closure.computeGradients() in it, or super.optimizerStep(optimizer, closure)."
              .formatted(run.module().getClass().getSimpleName(), index, state.epoch));
    }
  }

  /** Returns whether one of its optimizers has looked at gradients on this batch. */
  boolean wasReady() {
    for (Closure closure : closures) {
      if (closure.ready) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether an optimizer is one of this turn's that stepped on this batch. */
  boolean hasStepped(Optimizer optimizer) {
    for (Closure closure : closures) {
      if (closure.stepper.optimizer() == optimizer) {
        return closure.stepped;
      }
    }
    return false;
  }

  /**
   * Returns what it has left on the present batch, as far as its optimizers have had their turn.
   */
  State partsState() {
    State.Builder saved = State.builder();
    int done = 0;
    while (done < closures.length && state.parts.isDone(closures[done].part())) {
      saved.put(READY + done, closures[done].ready).put(STEPPED + done, closures[done].stepped);
      done++;
    }
    StepOutput of = output;
    if (done > 0 && of != null) {
      saved
          .put(WEIGHT, of.weight())
          .put(NAMES, of.names())
          .child(OUTPUT, State.builder().tensors(of.asMap()).build());
    }
    return saved.build();
  }

  /** Goes on with a batch on which its optimizers may have had their turn. */
  void resume(State saved) {
    goesOn = state.parts.isDone(closures[0].part());
    output = null;
    for (int i = 0; i < closures.length; i++) {
      closures[i].ready = saved.has(READY + i) && saved.booleanValue(READY + i);
      closures[i].stepped = saved.has(STEPPED + i) && saved.booleanValue(STEPPED + i);
    }
    if (saved.hasChild(OUTPUT)) {
      State values = saved.child(OUTPUT);
      StepOutput of = null;
      for (String name : saved.strings(NAMES)) {
        Tensor value = values.tensor(name).keep();
        of = of == null ? StepOutput.of(name, value) : of.with(name, value);
      }
      output = of == null ? null : of.weight(saved.doubleValue(WEIGHT));
    }
  }

  /** Keeps what its step returned beyond the scope of that. */
  void keepOutput() {
    StepOutput of = output;
    if (of != null && state.parts.isDone(closures[0].part())) {
      StepOutput kept = of;
      for (Map.Entry<String, Tensor> each : of.asMap().entrySet()) {
        kept = kept.with(each.getKey(), each.getValue().detach().keep());
      }
      output = kept;
    }
  }

  /** Runs the training step and the backward pass of the batch, once. */
  private void compute() {
    Batch present = batch;
    if (computed || present == null) {
      return;
    }
    computed = true;
    Moment before = log.enter(Moment.TRAINING_STEP);
    output = trainingStep(present);
    log.enter(before);
    if (fresh) {
      fresh = false;
      for (Closure closure : closures) {
        closure.stepper.zeroGrad();
      }
    }
    if (output != null) {
      backward(output);
    }
  }

  private @Nullable StepOutput trainingStep(Batch present) {
    if (state.skipBatch) {
      return null;
    }
    try (PrecisionPlugin.Region region = precision.forwardContext()) {
      return step.run(present, index);
    }
  }

  private void backward(StepOutput of) {
    Tensor loss = of.get(StepOutput.LOSS);
    if (options.detectAnomaly()) {
      requireFinite(loss);
    }
    Tensor scaled = gathered.add(loss, of.weight(), expected());
    hooks.run(Moment.BEFORE_BACKWARD, scaled, Callback::onBeforeBackward);
    hooks.calls().backward(precision.scaleLoss(scaled));
    hooks.run(Moment.AFTER_BACKWARD, Callback::onAfterBackward);
  }

  /** Returns how many losses this window will have, as far as is known. */
  private int expected() {
    int start = index - index % window;
    int end = start + Math.min(window, state.trainingBatches - start);
    return end / everyNBatches - start / everyNBatches;
  }

  private void requireFinite(Tensor loss) {
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw new FulgurException(
          ErrorId.NON_FINITE_LOSS,
          "The loss is %s at epoch %d, batch %d, step %d. %sLogged last: %s. A learning rate that is too high, a division by 0 and the logarithm of 0 are usual causes."
              .formatted(
                  value,
                  state.epoch,
                  state.batchIndex,
                  state.globalStep,
                  WatchedOptimization.origin(value),
                  log.callbackMetrics()));
    }
  }

  /** What the step of one of the optimizers consists of. */
  private final class Closure implements StepClosure {
    private final OptimizerStepper stepper;
    private boolean ready;
    private boolean stepped;

    Closure(OptimizerStepper stepper) {
      this.stepper = stepper;
    }

    int part() {
      return stepper.index();
    }

    void begin() {
      ready = false;
      stepped = false;
    }

    @Override
    public boolean computeGradients() {
      compute();
      if (gathered.isEmpty()) {
        return false;
      }
      if (!ready) {
        ready = true;
        gathered.complete(stepper.optimizer());
        stepper.beforeStep();
        GradientClipAlgorithm algorithm = options.gradientClipAlgorithm();
        hooks
            .calls()
            .configureGradientClipping(stepper.optimizer(), options.gradientClipVal(), algorithm);
      }
      return true;
    }

    @Override
    public void step() {
      if (!stepped && computeGradients()) {
        run.take(part());
        stepped = stepper.step();
      }
    }
  }
}
