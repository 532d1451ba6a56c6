package io.fulgur.tune;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Raises the learning rate with every step of a trial, and measures the loss. */
final class LearningRateSweep implements Callback {
  private final LearningRateFinderBuilder options;
  private final LossSmoothing smoothing = new LossSmoothing();
  private final List<LearningRatePoint> points = new ArrayList<>();
  private int steps;
  private double best = Double.POSITIVE_INFINITY;
  private double lossSum;
  private int losses;
  private boolean windowStarts = true;
  private boolean diverged;

  LearningRateSweep(LearningRateFinderBuilder options) {
    this.options = options;
  }

  LearningRateResult result() {
    return new LearningRateResult(
        points, options.mode(), diverged, options.skipBegin(), options.skipEnd());
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    List<Optimizer> optimizers = trainer.optimizers();
    if (optimizers.size() != 1) {
      throw new FulgurException(
          ErrorId.TUNING_FAILED,
          "LearningRateFinder needs one optimizer, but @ConfigureOptimizers made %d: %s. Give each its learning rate, without the finder."
              .formatted(
                  optimizers.size(),
                  String.join(", ", optimizers.stream().map(Optimizer::name).toList())));
    }
  }

  private double rate() {
    return options.mode().rate(options.minLr(), options.maxLr(), steps, options.numTrainingSteps());
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    if (windowStarts) {
      for (ParameterGroup group : trainer.optimizers().get(0).groups()) {
        group.scheduleLearningRate(rate());
      }
      windowStarts = false;
    }
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    Tensor loss = output == null ? null : output.loss();
    if (loss != null) {
      lossSum += loss.item();
      losses++;
    }
    if ((batchIndex + 1) % trainer.accumulateGradBatches() == 0 || trainer.isLastBatch()) {
      endStep(trainer);
    }
  }

  private void endStep(Trainer trainer) {
    if (losses > 0) {
      add(lossSum / losses);
    }
    lossSum = 0;
    losses = 0;
    windowStarts = true;
    steps++;
    if (diverged || steps == options.numTrainingSteps()) {
      trainer.stop();
    }
  }

  private void add(double loss) {
    if (!Double.isFinite(loss)) {
      diverged = true;
      return;
    }
    double smoothed = smoothing.add(loss);
    points.add(new LearningRatePoint(rate(), loss, smoothed));
    // For a positive best loss this is the threshold times it; a loss may be negative, too.
    double bound = best + (options.earlyStopThreshold() - 1) * Math.abs(best);
    diverged = points.size() > 1 && smoothed > bound;
    best = Math.min(best, smoothed);
  }
}
