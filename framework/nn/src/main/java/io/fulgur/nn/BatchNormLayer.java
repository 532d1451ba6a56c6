package io.fulgur.nn;

import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.functional.Normalization.RunningStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What batch normalisations of all numbers of dimensions have in common: weights, running
 * statistics, and the formula of {@link BatchNorm1d}.
 *
 * @since 0.1
 */
public abstract sealed class BatchNormLayer extends Module
    permits BatchNorm1d, BatchNorm2d, BatchNorm3d {
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;
  private final @Nullable Buffer runningMean;
  private final @Nullable Buffer runningVar;
  private final @Nullable Buffer numBatchesTracked;
  private final long channels;
  private final BatchNormOptions options;

  /** Whether the running statistics are plain means for now, whatever the options say. */
  private boolean recomputing;

  BatchNormLayer(long numFeatures, BatchNormOptions options) {
    Checks.require(
        numFeatures > 0,
        "%s(numFeatures=%d): it must be positive.".formatted(simpleName(), numFeatures));
    this.channels = numFeatures;
    this.options = options;
    this.weight = options.affine() ? Parameter.of(Tensor.ones(numFeatures)) : null;
    this.bias = options.affine() ? Parameter.of(Tensor.zeros(numFeatures)) : null;
    boolean tracks = options.trackRunningStats();
    this.runningMean = tracks ? Buffer.of(Tensor.zeros(numFeatures)) : null;
    this.runningVar = tracks ? Buffer.of(Tensor.ones(numFeatures)) : null;
    this.numBatchesTracked = tracks ? Buffer.of(Tensor.of(new long[] {0})) : null;
  }

  /** Returns the weight, {@code [numFeatures]}, or null if there is none. */
  public final @Nullable Parameter weight() {
    return weight;
  }

  /** Returns the bias, {@code [numFeatures]}, or null if there is none. */
  public final @Nullable Parameter bias() {
    return bias;
  }

  /** Returns the running mean, {@code [numFeatures]}, or null if none is kept. */
  public final @Nullable Buffer runningMean() {
    return runningMean;
  }

  /** Returns the running (unbiased) variance, {@code [numFeatures]}, or null if none is kept. */
  public final @Nullable Buffer runningVar() {
    return runningVar;
  }

  /** Returns how many batches the running statistics are of, a scalar, or null if none are kept. */
  public final @Nullable Buffer numBatchesTracked() {
    return numBatchesTracked;
  }

  /**
   * Sets the running mean to 0, the running variance to 1 and the number of batches to 0, as {@code
   * reset_running_stats} of PyTorch; does nothing if none are kept.
   */
  public final void resetRunningStats() {
    if (runningMean != null && runningVar != null && numBatchesTracked != null) {
      runningMean.fill(0);
      runningVar.fill(1);
      numBatchesTracked.fill(0);
    }
  }

  /** Makes the running statistics plain means over all batches for now, or no longer. */
  final void recomputing(boolean on) {
    recomputing = on;
  }

  /** Returns whether an input has as many dimensions as this layer is for. */
  abstract boolean takes(int rank);

  /** Returns the shapes of the inputs that this layer is for. */
  abstract String shapes();

  @Override
  public final Tensor forward(Tensor input) {
    if (!takes(input.rank()) || input.size(1) != channels) {
      throw ShapeException.mismatch(
          simpleName(),
          "the input must be %s with %d channels".formatted(shapes(), channels),
          input.shape());
    }
    if (runningMean == null || runningVar == null || numBatchesTracked == null) {
      return Normalization.batchNorm(input, weight, bias, null, 0, options.epsilon());
    }
    if (!isTraining()) {
      return Normalization.batchNormInference(
          input, runningMean, runningVar, weight, bias, options.epsilon());
    }
    double factor =
        options.cumulative() || recomputing
            ? 1.0 / (numBatchesTracked.toLongArray()[0] + 1)
            : options.momentum();
    RunningStatistics running = new RunningStatistics(runningMean, runningVar, numBatchesTracked);
    return Normalization.batchNorm(input, weight, bias, running, factor, options.epsilon());
  }

  @Override
  public final String toString() {
    return "%s(%d, epsilon=%s, momentum=%s, affine=%b, trackRunningStats=%b)"
        .formatted(
            simpleName(),
            channels,
            options.epsilon(),
            options.cumulative() ? "cumulative" : options.momentum(),
            options.affine(),
            options.trackRunningStats());
  }
}
