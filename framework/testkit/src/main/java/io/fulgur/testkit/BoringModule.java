package io.fulgur.testkit;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Tensor;

/**
 * The simplest module that has every step: one linear layer of 32 features to 2, whose loss is the
 * mean square of what it returns. Trained by {@link SGD} at 0.1, which becomes a tenth after each
 * epoch.
 *
 * <p>Logs {@code train_loss} for steps and epochs, {@code val_loss} and {@code test_loss}. Open for
 * extension: a test overrides {@link #trainingLoss} or {@link #plan}, or adds hooks.
 *
 * @since 0.1
 */
public class BoringModule extends FulgurModule {
  /** The features that a batch holds under {@link BoringData#FEATURES}. */
  public static final int FEATURES = 32;

  private static final int OUTPUTS = 2;
  private static final double LEARNING_RATE = 0.1;

  /** The layer. */
  protected final Linear layer = new Linear(FEATURES, OUTPUTS);

  /** Makes a module with new weights. */
  public BoringModule() {}

  @Override
  public Tensor forward(Tensor input) {
    return layer.call(input);
  }

  /** Returns the loss of a batch. */
  public Tensor loss(Batch batch) {
    return forward(batch.get(BoringData.FEATURES)).square().mean();
  }

  /** Returns the loss of a training batch, which is logged and trained on. */
  protected Tensor trainingLoss(Batch batch, int batchIndex) {
    return loss(batch);
  }

  /** Returns the optimizers and schedules. */
  protected OptimizerPlan plan() {
    SGD optimizer = SGD.of(parameters()).learningRate(LEARNING_RATE);
    return OptimizerPlan.of(optimizer).withScheduler(new StepLR(optimizer, 1, 0.1));
  }

  /** Trains. */
  @TrainingStep
  protected Tensor trainingStep(Batch batch, int batchIndex) {
    Tensor loss = trainingLoss(batch, batchIndex);
    log("train_loss", loss, LogOptions.onStep().onEpoch());
    return loss;
  }

  /** Validates. */
  @ValidationStep
  protected void validationStep(Batch batch) {
    log("val_loss", loss(batch));
  }

  /** Tests. */
  @TestStep
  protected void testStep(Batch batch) {
    log("test_loss", loss(batch));
  }

  /** Predicts. */
  @PredictStep
  protected Tensor predictStep(Batch batch) {
    return forward(batch.get(BoringData.FEATURES));
  }

  /** Makes the optimizers. */
  @ConfigureOptimizers
  protected OptimizerPlan configureOptimizers() {
    return plan();
  }
}
