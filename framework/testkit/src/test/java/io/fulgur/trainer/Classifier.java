package io.fulgur.trainer;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.GELU;
import io.fulgur.nn.LayerNorm;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Has all that makes a run hard to repeat: dropout, an optimizer with state, two schedules. */
class Classifier extends FulgurModule {
  static final int FEATURES = 12;
  static final int CLASSES = 4;

  private final Sequential net =
      new Sequential(
          new Linear(FEATURES, 16),
          new LayerNorm(16),
          new GELU(),
          new Dropout(0.2),
          new Linear(16, CLASSES));

  final AdamW optimizer = AdamW.of(parameters()).learningRate(0.01).weightDecay(0.1);
  final StepLR perEpoch = new StepLR(optimizer, 2, 0.5);
  final ExponentialLR perStep = new ExponentialLR(optimizer, 0.99);

  @Override
  public Tensor forward(Tensor input) {
    return net.call(input);
  }

  Tensor loss(Batch batch) {
    return Losses.crossEntropy(forward(batch.get("image")), batch.get("label"));
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = loss(batch);
    log("train_loss", loss, LogOptions.onStep().onEpoch().progressBar());
    return loss;
  }

  @ValidationStep
  void validationStep(Batch batch) {
    log("val_loss", loss(batch));
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(optimizer)
        .withScheduler(perEpoch)
        .withScheduler(perStep, ScheduleInterval.STEP, 1);
  }

  /** Returns a copy of everything that training changes. */
  static Map<String, double[]> weights(FulgurModule module) {
    Map<String, double[]> values = new LinkedHashMap<>();
    module.stateDict().forEach((name, tensor) -> values.put(name, tensor.toDoubleArray()));
    return values;
  }

  /** Returns random samples, the same at every call. */
  static Dataset samples(int count) {
    Generator random = new Generator(3);
    float[] images = new float[count * FEATURES];
    long[] labels = new long[count];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextLong(CLASSES);
    }
    return ArrayDataset.of("image", HostArray.of(images, count, FEATURES))
        .with("label", HostArray.of(labels));
  }

  /** Returns samples that are varied at random, in batches of 8 in random order. */
  static DataLoader shuffled(int samples, int workers) {
    Dataset varied =
        samples(samples)
            .augment(
                (sample, random) -> {
                  float[] image = sample.get("image").toFloatArray();
                  for (int i = 0; i < image.length; i++) {
                    image[i] += 0.1f * (float) random.nextGaussian();
                  }
                  return sample.with("image", image);
                });
    return DataLoader.builder(varied).batchSize(8).shuffle(true).workers(workers).build();
  }

  /** Returns samples in batches of 8, in order. */
  static DataLoader ordered(int samples) {
    return DataLoader.builder(samples(samples)).batchSize(8).build();
  }
}
