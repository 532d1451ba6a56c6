package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import io.fulgur.metric.Metric;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How things were where a run last could go on, while it is where it cannot: within the hooks that
 * begin an epoch, a training batch or a validation.
 *
 * <p>A checkpoint that is saved there, by a hook or because something failed, goes on before them.
 * What they change on their way is remembered here at their start: random numbers, buffers such as
 * the running means of normalisation, what metrics have gathered, and the gradients of earlier
 * batches of the same accumulation window. Parameters and optimizers do not change before an
 * optimizer steps. From there on a checkpoint goes on after that step: with the next optimizer's,
 * before which all of this is remembered anew, or after the batch.
 *
 * <p>Buffers are copied only if they were written to; gradients only within a window, or if the
 * module handles them by hand, which is a copy a batch where a backward pass is many times that.
 */
final class RestartPoint {
  private enum Within {
    NOTHING,
    TRAINING,
    VALIDATION
  }

  private final FulgurModule module;
  private final ModuleMetrics metrics;
  private final TensorCopies buffers = new TensorCopies();
  private final TensorCopies gradients = new TensorCopies();
  private @Nullable Map<String, Buffer> namedBuffers;
  private @Nullable Map<String, Parameter> namedParameters;
  private Within within = Within.NOTHING;
  private boolean hasGradients;
  private State window = State.empty();
  private IdentityHashMap<Metric, State> gathered = new IdentityHashMap<>();
  private long[] evaluationSteps = {};
  private Random random = Random.now();

  /** Those at the start of the batch, before it was made of what was loaded. */
  private Random ofBatch = random;

  /** Those to go on with when the batch has been made that a checkpoint was saved within. */
  private @Nullable Random pending;

  /** A place in the random numbers of this thread. */
  private record Random(long seed, long offset) {
    static Random now() {
      Generator generator = Generator.defaultGenerator();
      return new Random(generator.seed(), generator.offset());
    }

    static Random of(State state) {
      return new Random(state.longValue("seed"), state.longValue("offset"));
    }

    State toState() {
      return State.builder().put("seed", seed).put("offset", offset).build();
    }

    void restore() {
      Generator.defaultGenerator().restore(seed, offset);
    }
  }

  RestartPoint(FulgurModule module, ModuleMetrics metrics) {
    this.module = module;
    this.metrics = metrics;
  }

  /** Looks anew which parameters and buffers there are, as hooks may have changed the module. */
  void beginEpoch() {
    namedBuffers = null;
    namedParameters = null;
    metrics.beginEpoch();
  }

  /** Remembers the random numbers that a batch is made with. */
  void beginBatch() {
    ofBatch = Random.now();
  }

  /**
   * Remembers how things are before an epoch is announced, before a batch, or between the steps of
   * optimizers on a batch.
   */
  void beginTraining(@Nullable Optimization optimization) {
    within = Within.TRAINING;
    rememberRandom();
    metrics.mark();
    Map<String, Buffer> all = namedBuffers;
    if (all == null) {
      all = module.namedBuffers();
      namedBuffers = all;
    }
    if (!all.isEmpty()) {
      buffers.take(all);
    }
    hasGradients = optimization != null && optimization.holdsGradients();
    if (optimization != null && hasGradients) {
      window = optimization.windowState();
      gradients.take(gradients());
    }
  }

  /** Remembers how things are before a validation. */
  void beginValidation(long[] steps) {
    within = Within.VALIDATION;
    rememberRandom();
    evaluationSteps = steps.clone();
    gathered = metrics.copies();
  }

  /** Training or validation has come where a run can go on. */
  void end() {
    within = Within.NOTHING;
    gathered.clear();
  }

  private void rememberRandom() {
    random = Random.now();
  }

  // ---------------------------------------------------------------- what a checkpoint holds

  /** Returns whether training is where a run cannot go on. */
  boolean isWithinTraining() {
    return within == Within.TRAINING;
  }

  /**
   * Returns the random numbers to go on with.
   *
   * @param withinBatch whether that is within a batch, which is made anew first
   */
  State random(boolean withinBatch) {
    return withinBatch ? ofBatch.toState() : here().toState();
  }

  /** Returns the random numbers to go on with within a batch, when that has been made anew. */
  State randomWithinBatch() {
    Random next = pending;
    return next == null ? here().toState() : next.toState();
  }

  private Random here() {
    return within == Within.NOTHING ? Random.now() : random;
  }

  /** Goes on with what {@link #random} returned. */
  static void restoreRandom(State saved) {
    Random.of(saved).restore();
  }

  /** Goes on with what {@link #randomWithinBatch} returned, as soon as there is a batch. */
  void restoreRandomWithinBatch(State saved) {
    pending = Random.of(saved);
  }

  /** The batch has been made that a checkpoint was saved within. */
  void goOnWithinBatch() {
    Random next = pending;
    if (next != null) {
      next.restore();
      pending = null;
    }
  }

  /** Returns the parameters and buffers to go on with. */
  Map<String, Tensor> weights() {
    Map<String, Tensor> weights = new LinkedHashMap<>(module.stateDict());
    if (within == Within.TRAINING) {
      buffers.tensors().forEach((name, copy) -> weights.replace(name, copy));
    }
    return weights;
  }

  /** Returns the gradients of the current window to go on with; empty if it is complete. */
  State window(@Nullable Optimization optimization) {
    if (within == Within.TRAINING) {
      return hasGradients ? with(window, gradients.tensors()) : State.empty();
    }
    return optimization != null && optimization.holdsGradients()
        ? with(optimization.windowState(), gradients())
        : State.empty();
  }

  private static State with(State window, Map<String, Tensor> gradients) {
    return State.builder()
        .child(Checkpoints.WINDOW, window)
        .child(Checkpoints.GRADIENTS, State.builder().tensors(gradients).build())
        .build();
  }

  private Map<String, Tensor> gradients() {
    Map<String, Parameter> all = namedParameters;
    if (all == null) {
      all = module.namedParameters();
      namedParameters = all;
    }
    return GradientTensors.of(all);
  }

  /** Returns what a metric has gathered to go on with; null for what it has now. */
  @Nullable State gathered(Metric metric) {
    return within == Within.TRAINING ? metric.markedState() : gathered.get(metric);
  }

  /**
   * Returns how many batches of each validation loader had been seen.
   *
   * @param now how many it is now
   */
  long[] evaluationSteps(long[] now) {
    return within == Within.VALIDATION ? evaluationSteps : now;
  }
}
