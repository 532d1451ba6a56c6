package io.fulgur.tune;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.util.LinkedHashMap;
import java.util.Map;

/** Has all that trying something out could leave changed: buffers, random numbers, a schedule. */
@SaveHyperparameters
class Tunable extends BoringModule {
  private final BatchNorm1d norm = new BatchNorm1d(FEATURES);
  private final Dropout dropout = new Dropout(0.3);
  private double learningRate;

  Tunable(double learningRate) {
    this.learningRate = learningRate;
  }

  double learningRate() {
    return learningRate;
  }

  @Override
  public Tensor loss(Batch batch) {
    Tensor normal = norm.call(batch.get(BoringData.FEATURES));
    return forward(dropout.call(normal)).sub(1).square().mean();
  }

  @Override
  protected OptimizerPlan plan() {
    Adam adam = Adam.of(parameters()).learningRate(learningRate);
    return OptimizerPlan.of(adam)
        .withScheduler(new ExponentialLR(adam, 0.99), ScheduleInterval.STEP, 2);
  }

  /** Returns a copy of everything that training changes. */
  static Map<String, double[]> weights(FulgurModule module) {
    Map<String, double[]> values = new LinkedHashMap<>();
    module.stateDict().forEach((name, tensor) -> values.put(name, tensor.toDoubleArray()));
    return values;
  }

  /** Returns 40 shuffled samples in batches of 4, without a seed, and 8 to validate on. */
  static DataModule shuffled() {
    return DataModule.of(
        DataLoader.builder(BoringData.dataset(40)).batchSize(4).shuffle(true).build(),
        DataLoader.builder(BoringData.dataset(8)).batchSize(4).build());
  }
}
