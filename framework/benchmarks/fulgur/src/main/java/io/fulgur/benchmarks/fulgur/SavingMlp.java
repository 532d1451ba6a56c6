package io.fulgur.benchmarks.fulgur;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.callback.Callback;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An MLP with weights of 100 MB under the Trainer, trained by SGD without momentum, so that a
 * checkpoint holds little but the weights. A step's time is that of training and of the call that
 * saves. A file that is still being written is waited for between the steps, as real ones come
 * seldom enough for that.
 */
final class SavingMlp implements Contestant {
  private static final double LEARNING_RATE = 0.01;

  private final ArrayDataset data = TrainerMlp.dataset(Mlp.HEAVY);
  private final Saving saving;
  private final MlpModule.LastLoss loss = new MlpModule.LastLoss();
  private long saves;
  private double firstMillis;
  private double longestMillis;

  /** How a checkpoint is saved after each step. */
  enum Saving {
    NEVER,
    ASYNCHRONOUSLY,
    SYNCHRONOUSLY
  }

  SavingMlp(Saving saving) {
    this.saving = saving;
  }

  @Override
  public void train(Steps steps) throws IOException {
    Fulgur.seedEverything(1);
    Path folder = Files.createTempDirectory("fulgur-benchmark");
    Path file = folder.resolve("saved.ckpt");
    try {
      Trainer.builder()
          .maxEpochs(Integer.MAX_VALUE)
          .enableLogging(false)
          .enableCheckpointing(false)
          .enableProgressBar(false)
          .enableModelSummary(false)
          .asyncCheckpoints(saving == Saving.ASYNCHRONOUSLY)
          .callback(new Gate(steps, file))
          .build()
          .fit(
              new MlpModule(
                  Mlp.HEAVY,
                  loss,
                  /* loggedValues= */ 0,
                  module ->
                      OptimizerPlan.of(SGD.of(module.parameters()).learningRate(LEARNING_RATE))),
              DataLoader.builder(data).batchSize(Mlp.HEAVY.batchSize()).build());
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** Gives out the steps, and saves at the end of each, in the order of ModelCheckpoint. */
  private final class Gate implements Callback {
    private final Steps steps;
    private final Path file;

    Gate(Steps steps, Path file) {
      this.steps = steps;
      this.file = file;
    }

    @Override
    public void onTrainStart(Trainer trainer, FulgurModule module) {
      if (saving != Saving.NEVER) {
        trainer.prepareCheckpoints(/* weightsOnly= */ false);
      }
      next(trainer);
    }

    @Override
    public void onTrainBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
      if (saves > 0) {
        trainer.checkpointIO().loadMetadata(file); // Waits until it has been written.
      }
      steps.begin();
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      if (saving != Saving.NEVER) {
        save(trainer);
      }
      next(trainer);
    }

    private void save(Trainer trainer) {
      long start = System.nanoTime();
      if (saves == 0) {
        trainer.prepareCheckpoints(/* weightsOnly= */ false); // There is an optimizer's state now.
      }
      trainer.saveCheckpoint(file);
      double millis = (System.nanoTime() - start) / 1e6;
      if (saves++ == 0) {
        firstMillis = millis;
      } else {
        longestMillis = Math.max(longestMillis, millis);
      }
    }

    private void next(Trainer trainer) {
      if (steps.next() == Steps.END) {
        trainer.stop();
      }
    }
  }

  @Override
  public double loss() {
    return loss.value();
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>(Networks.details());
    if (saves > 0) {
      details.put(
          "saving",
          String.format(
              Locale.ROOT,
              "the first of %d calls took %.1f ms, the longest of the others %.1f ms",
              saves,
              firstMillis,
              longestMillis));
    }
    return details;
  }
}
