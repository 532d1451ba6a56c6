package io.fulgur.benchmarks.fulgur;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostArray;
import io.fulgur.module.FulgurModule;
import io.fulgur.profile.ChromeTraceProfiler;
import io.fulgur.profile.SimpleProfiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An MLP under the Trainer, fed by a loader. */
final class TrainerMlp implements Contestant {
  private final Mlp mlp;
  private final Setup setup;
  private final ArrayDataset dataset;
  private final MlpModule.LastLoss loss = new MlpModule.LastLoss();

  /** What the Trainer does beside training. */
  enum Setup {
    /** Progress display, TensorBoard and CSV loggers, one logged value, a checkpoint an epoch. */
    USUAL(1),

    /** The same with ten logged values. */
    EVERYTHING(10),

    /** The usual, measured by a {@link SimpleProfiler}. */
    SIMPLE_PROFILER(1),

    /** The usual, every step of it recorded by a {@link ChromeTraceProfiler}. */
    TRACE_PROFILER(1),

    /** Nothing. */
    BAREBONES(0);

    private final int loggedValues;

    Setup(int loggedValues) {
      this.loggedValues = loggedValues;
    }
  }

  TrainerMlp(Mlp mlp, Setup setup) {
    this.mlp = mlp;
    this.setup = setup;
    this.dataset = dataset(mlp);
  }

  @Override
  public void train(Steps steps) {
    Fulgur.seedEverything(1);
    Callback gate =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            if (steps.next() == Steps.END) {
              trainer.stop();
              trainer.skipRestOfEpoch();
            }
          }
        };
    TrainerBuilder trainer = Trainer.builder().maxEpochs(Integer.MAX_VALUE).callback(gate);
    if (setup == Setup.BAREBONES) {
      trainer.barebones(true);
    } else {
      trainer.defaultRootDir(temporaryFolder()).callback(ModelCheckpoint.builder().build());
    }
    if (setup == Setup.SIMPLE_PROFILER) {
      trainer.profiler(new SimpleProfiler());
    } else if (setup == Setup.TRACE_PROFILER) {
      Path folder = temporaryFolder();
      folder.resolve("fit-trace.json").toFile().deleteOnExit();
      // Leaving events out would be cheaper than recording them.
      trainer.profiler(
          ChromeTraceProfiler.builder().directory(folder).maxBytes(Long.MAX_VALUE).build());
    }
    trainer
        .build()
        .fit(
            new MlpModule(mlp, loss, setup.loggedValues),
            DataLoader.builder(dataset).batchSize(mlp.batchSize()).build());
  }

  /** Returns an epoch of the same batches in the same order as every contestant's. */
  static ArrayDataset dataset(Mlp mlp) {
    ClassificationData data = ClassificationData.of(mlp);
    int rows = ClassificationData.LABEL_BATCHES * mlp.batchSize();
    float[] features = new float[rows * mlp.features()];
    long[] labels = new long[rows];
    int width = mlp.batchSize() * mlp.features();
    for (int i = 0; i < ClassificationData.LABEL_BATCHES; i++) {
      float[] batch = data.features(ClassificationData.featureBatch(i));
      System.arraycopy(batch, 0, features, i * width, width);
      System.arraycopy(data.labels(i), 0, labels, i * mlp.batchSize(), mlp.batchSize());
    }
    return ArrayDataset.of("features", HostArray.of(features, rows, mlp.features()))
        .with("label", HostArray.of(labels, rows));
  }

  private static Path temporaryFolder() {
    try {
      Path folder = Files.createTempDirectory("fulgur-benchmark");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public double loss() {
    return loss.value();
  }

  @Override
  public Map<String, String> details() {
    return Networks.details();
  }
}
