package io.fulgur.benchmarks.fulgur;

import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.callback.Callback;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostArray;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Module;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * For how long saving a model of 100 MB keeps training waiting: 25 million weights in 24 layers,
 * trained by SGD, whose checkpoint takes 100 MB, and by Adam, whose takes 300 MB.
 *
 * <p>Prints milliseconds. An argument names the folder to write to.
 */
final class SavingMain {
  private static final int WIDTH = 1021;
  private static final int LAYERS = 24;
  private static final int SAVES = 10;
  private static final int STEPS_BETWEEN = 16;

  private SavingMain() {}

  /** Saves now and then, and takes the time. */
  private static final class TimedSaves implements Callback {
    private final Path file;
    private final double[] millis = new double[SAVES];
    private int count;

    TimedSaves(Path file) {
      this.file = file;
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      if (batchIndex == 0) {
        trainer.prepareCheckpoints(/* weightsOnly= */ false); // As ModelCheckpoint does.
      }
      if (batchIndex % STEPS_BETWEEN == STEPS_BETWEEN - 1) {
        long start = System.nanoTime();
        trainer.saveCheckpoint(file);
        millis[count++] = (System.nanoTime() - start) / 1e6;
      }
    }

    /** The first one is told apart: it has its memory to make. */
    String report() {
      double[] later = Arrays.copyOfRange(millis, 1, count);
      Arrays.sort(later);
      return "first %6.1f   median %6.1f   longest %6.1f"
          .formatted(
              millis[0], later[later.length / 2], DoubleStream.of(later).max().orElse(Double.NaN));
    }
  }

  static final class Wide extends FulgurModule {
    private final Sequential network;
    private final boolean adam;

    Wide(boolean adam) {
      this.adam = adam;
      List<Module> layers = new ArrayList<>();
      for (int i = 0; i < LAYERS; i++) {
        layers.add(new Linear(WIDTH, WIDTH));
        layers.add(new ReLU());
      }
      this.network = new Sequential(layers);
    }

    @Override
    public Tensor forward(Tensor input) {
      return network.call(input);
    }

    @TrainingStep
    Tensor trainingStep(Batch batch) {
      return call(batch.get("features")).square().mean();
    }

    @ConfigureOptimizers
    OptimizerPlan configureOptimizers() {
      return OptimizerPlan.of(
          adam
              ? Adam.of(parameters()).learningRate(1e-4)
              : SGD.of(parameters()).learningRate(1e-4));
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path folder =
        arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("fulgur-saving");
    Path file = folder.resolve("saved.ckpt");
    for (boolean adam : new boolean[] {false, true}) {
      for (boolean async : new boolean[] {false, true}) {
        TimedSaves saves = new TimedSaves(file);
        int steps = SAVES * STEPS_BETWEEN;
        Trainer.builder()
            .maxEpochs(1)
            .enableCheckpointing(false)
            .enableLogging(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .asyncCheckpoints(async)
            .callback(saves)
            .build()
            .fit(
                new Wide(adam),
                DataLoader.builder(
                        ArrayDataset.of(
                            "features", HostArray.of(new float[steps * WIDTH], steps, WIDTH)))
                    .build());
        System.out.printf(
            "%-5s %-12s %4d MB   %s%n",
            adam ? "Adam" : "SGD",
            async ? "asynchronous" : "synchronous",
            Files.size(file) / 1_000_000,
            saves.report());
        Files.delete(file);
      }
    }
  }
}
