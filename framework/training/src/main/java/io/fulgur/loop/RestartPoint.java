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
 * batches of the same accumulation window. Parameters and optimizers do not change before the
 * optimizers step, and from there on a checkpoint goes on after the batch.
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
  private long seed;
  private long offset;

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

  /** Remembers how things are before a batch, or before an epoch is announced. */
  void beginTraining(Optimization optimization) {
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
    hasGradients = optimization.holdsGradients();
    if (hasGradients) {
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
    Generator generator = Generator.defaultGenerator();
    seed = generator.seed();
    offset = generator.offset();
  }

  // ---------------------------------------------------------------- what a checkpoint holds

  /**
   * Returns whether a batch is being trained on and no optimizer has stepped, or an epoch is being
   * announced.
   */
  boolean isWithinTraining() {
    return within == Within.TRAINING;
  }

  /** Returns the random numbers to go on with. */
  State random() {
    if (within == Within.NOTHING) {
      rememberRandom();
    }
    return State.builder().put("seed", seed).put("offset", offset).build();
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
