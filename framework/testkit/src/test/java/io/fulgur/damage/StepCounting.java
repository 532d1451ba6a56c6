package io.fulgur.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.checkpoint.SaveLast;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Initializers;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** Learns nothing but how many steps it was trained: each of its weights is their number. */
final class StepCounting extends FulgurModule {
  static final int KEPT = 3;
  static final String LAST = "last.ckpt";
  private static final int SIDE = 160;
  private static final int PERIOD = 7;

  private final Linear layer = new Linear(SIDE, SIDE, /* bias= */ false);

  StepCounting() {
    Initializers.zeros(layer.weight());
  }

  /** Returns a trainer that saves after each step: the best three, and the last. */
  static TrainerBuilder trainer(Path folder, SaveLast saveLast, boolean async) {
    return Trainer.builder()
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .asyncCheckpoints(async)
        .callback(
            ModelCheckpoint.builder()
                .dirPath(folder)
                .fileName("{step}")
                .everyNTrainSteps(1)
                .monitor("loss")
                .saveTopK(KEPT)
                .saveLast(saveLast)
                .build());
  }

  /** Returns short epochs, so that their ends are met, too. */
  static DataModule data() {
    return DataModule.of(BoringData.loader(6));
  }

  @TrainingStep
  Tensor trainingStep() {
    long now = globalStep() + 1;
    // Sometimes among the best, sometimes not, and better in the long run.
    log("loss", -now + (now % PERIOD) * (double) PERIOD);
    return layer.weight().sum().neg();
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    return OptimizerPlan.of(SGD.of(parameters()).learningRate(1));
  }

  /** Reads all of a checkpoint, which must be that of one step; returns which. */
  static long wholeStep(Path file) {
    try (Checkpoint checkpoint = new SafeTensorsCheckpointIO().load(file)) {
      float[] weights =
          Objects.requireNonNull(checkpoint.weights().get("layer.weight")).toFloatArray();
      float[] expected = new float[SIDE * SIDE];
      Arrays.fill(expected, (float) checkpoint.globalStep());
      assertThat(Arrays.equals(weights, expected)).as("%s is of one step", file).isTrue();
      return checkpoint.globalStep();
    }
  }
}
