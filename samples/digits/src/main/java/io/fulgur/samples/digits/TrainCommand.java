package io.fulgur.samples.digits;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.MonitorMode;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains and says where everything is. */
@Command(
    name = "train",
    description = "Trains the classifier.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Option(names = "--epochs", description = "How often to go through the training data.")
  private int epochs = 40;

  @Option(names = "--batch-size", description = "Digits in a batch.")
  private int batchSize = 32;

  @Option(names = "--hidden", description = "Units in the hidden layer.")
  private int hidden = 256;

  @Option(names = "--dropout", description = "Part of the hidden units to drop while training.")
  private double dropout = 0.2;

  @Option(names = "--learning-rate", description = "Step size of AdamW.")
  private double learningRate = 1e-3;

  @Option(names = "--workers", description = "Threads that load data beside the training.")
  private int workers = 0;

  @Option(names = "--seed", description = "Start of all random numbers.")
  private long seed = 1;

  @Option(names = "--output", description = "Folder for runs.")
  private Path output = Path.of(".");

  @Option(
      names = "--resume",
      paramLabel = "CHECKPOINT",
      description = "Checkpoint from which to go on; --epochs then counts from the beginning.")
  private @Nullable Path resume;

  @Override
  public Integer call() {
    Fulgur.seedEverything(seed);
    ModelCheckpoint checkpoints =
        ModelCheckpoint.builder()
            .monitor("val_acc")
            .mode(MonitorMode.MAX)
            .fileName("{epoch:02d}-{val_acc:.3f}")
            .saveLast(true)
            .build();
    Trainer trainer =
        Trainer.builder()
            .maxEpochs(epochs)
            .logEveryNSteps(10)
            .defaultRootDir(output)
            .callback(checkpoints)
            .build();
    DigitClassifier model = new DigitClassifier(hidden, dropout, learningRate);
    DigitsDataModule digits = new DigitsDataModule(batchSize, workers);
    if (resume == null) {
      trainer.fit(model, digits);
    } else {
      trainer.fit(model, digits, resume);
    }
    Map<String, Double> result = trainer.test(model, digits, "best").get(0);
    report(trainer, checkpoints, result);
    return 0;
  }

  private static void report(
      Trainer trainer, ModelCheckpoint checkpoints, Map<String, Double> result) {
    System.out.printf(
        "%nAccuracy on the held-out digits: %.1f %%%n",
        100 * result.getOrDefault("test_acc", Double.NaN));
    Path logs = trainer.logDir().toAbsolutePath().normalize();
    System.out.println("Best checkpoint: " + checkpoints.bestModelPath());
    System.out.println("Last checkpoint: " + checkpoints.lastModelPath());
    System.out.println("Logs:            " + logs);
    System.out.println("To see the curves: tensorboard --logdir " + logs);
  }
}
