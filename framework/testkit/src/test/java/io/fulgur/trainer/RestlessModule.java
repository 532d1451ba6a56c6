package io.fulgur.trainer;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Reduction;
import io.fulgur.metric.Accuracy;
import io.fulgur.metric.Auroc;
import io.fulgur.metric.MeanMetric;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import java.util.function.Consumer;

/** Changes in every way in which a module can: weights, buffers, random numbers, metrics. */
@SuppressWarnings("UnusedMethod") // The trainer calls them.
final class RestlessModule extends FulgurModule {
  private final Sequential net =
      new Sequential(
          new Linear(Classifier.FEATURES, 8),
          new BatchNorm1d(8),
          new ReLU(),
          new Dropout(0.2),
          new Linear(8, Classifier.CLASSES));
  final Adam adam = Adam.of(parameters()).learningRate(0.02);
  private final Accuracy accuracy = Accuracy.multiclass(Classifier.CLASSES);
  private final Auroc auroc = Auroc.multiclass(Classifier.CLASSES);
  private final Accuracy validated = Accuracy.multiclass(Classifier.CLASSES);

  /** Is never logged and never reset. */
  final MeanMetric everything = new MeanMetric();

  /** Changes where an epoch begins, and after each batch, validation and epoch. */
  private final Buffer seen = Buffer.of(Tensor.zeros(2));

  private final Consumer<String> events;
  private final Consumer<String> hooks;

  RestlessModule(Consumer<String> events, Consumer<String> hooks) {
    this.events = events;
    this.hooks = hooks;
  }

  @Override
  public Tensor forward(Tensor input) {
    return net.call(input);
  }

  @TrainingStep
  Tensor trainingStep(Batch batch, int index) {
    Tensor logits = forward(batch.get("image"));
    Tensor loss = Losses.crossEntropy(logits, batch.get("label"));
    events.accept("loss %d %d %s".formatted(currentEpoch(), index, loss.item()));
    log("loss", loss, LogOptions.onStep().onEpoch());
    log("worst", loss, LogOptions.onEpoch().reduce(Reduction.MAX));
    log("accuracy", accuracy.update(logits, batch.get("label")), LogOptions.onStep().onEpoch());
    log("auroc", auroc.update(logits.softmax(1), batch.get("label")), LogOptions.onEpoch());
    everything.update(loss.item());
    hooks.accept("trainingStep");
    return loss;
  }

  @ValidationStep
  void validationStep(Batch batch, int index) {
    Tensor logits = forward(batch.get("image"));
    log("val_loss", Losses.crossEntropy(logits, batch.get("label")), LogOptions.onStep().onEpoch());
    log("noise", Generator.defaultGenerator().nextDouble());
    log("val_accuracy", validated.update(logits, batch.get("label")));
    everything.update(index);
    hooks.accept("validationStep");
  }

  @On(Hook.TRAIN_EPOCH_START)
  void start() {
    log("drawn", Generator.defaultGenerator().nextDouble(), LogOptions.onEpoch());
    seen.assign(seen.add(0.25));
  }

  @On(Hook.TRAIN_BATCH_END)
  void afterBatch() {
    log("after", Generator.defaultGenerator().nextDouble(), LogOptions.onStep().onEpoch());
    seen.assign(seen.add(1));
    everything.update(seen.toDoubleArray()[0]);
  }

  @On(Hook.VALIDATION_END)
  void afterValidation() {
    seen.assign(seen.mul(1 + Generator.defaultGenerator().nextDouble()));
  }

  @On(Hook.TRAIN_EPOCH_END)
  void afterEpoch() {
    log("end", Generator.defaultGenerator().nextDouble());
    seen.assign(seen.mul(2));
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(adam)
        .withScheduler(new ExponentialLR(adam, 0.97), ScheduleInterval.STEP, 1)
        .withScheduler(new StepLR(adam, 1, 0.9))
        .withScheduler(ReduceLROnPlateau.of(adam).patience(0).factor(0.5).build(), "val_loss");
  }
}
