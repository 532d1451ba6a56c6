package io.fulgur.samples.tabular;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.EarlyStopping;
import io.fulgur.callback.ModelCheckpoint;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains until the validation part gets no better, and judges the best by the test part. */
@Command(
    name = "train",
    description = "Trains the classifier.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Option(names = "--epochs", description = "How often to go through the training data at most.")
  private int epochs = 200;

  @Option(names = "--patience", description = "Epochs without a better loss until it stops.")
  private int patience = 10;

  @Option(names = "--batch-size", description = "Tumours in a batch.")
  private int batchSize = 32;

  @Option(names = "--hidden", description = "Units in the hidden layer.")
  private int hidden = 32;

  @Option(names = "--dropout", description = "Part of the hidden units to drop while training.")
  private double dropout = 0.3;

  @Option(names = "--learning-rate", description = "Step size of AdamW.")
  private double learningRate = 3e-3;

  @Option(names = "--weight-decay", description = "Decay of the weights by AdamW.")
  private double weightDecay = 1e-2;

  @Option(names = "--seed", description = "Start of all random numbers but those of the split.")
  private long seed = 1;

  @Option(names = "--split-seed", description = "Which tumours go to which part.")
  private long splitSeed = 1;

  @Option(names = "--output", description = "Folder for runs.")
  private Path output = Path.of(".");

  @Override
  public Integer call() {
    Fulgur.seedEverything(seed);
    ModelCheckpoint checkpoints =
        ModelCheckpoint.builder()
            .monitor("val_loss")
            .fileName("{epoch:03d}-{val_loss:.4f}")
            .build();
    EarlyStopping stopping = EarlyStopping.builder().monitor("val_loss").patience(patience).build();
    Trainer trainer =
        Trainer.builder()
            .maxEpochs(epochs)
            .logEveryNSteps(5)
            .defaultRootDir(output)
            .callback(checkpoints)
            .callback(stopping)
            .build();
    TumourClassifier model = new TumourClassifier(hidden, dropout, learningRate, weightDecay);
    TumourData data = new TumourData(batchSize, splitSeed);
    trainer.fit(model, data);
    Map<String, Double> result = trainer.test(model, data, "best").get(0);

    System.out.printf(
        "%nEpochs: %d. %s%n", trainer.currentEpoch(), stopping.stoppingReasonMessage());
    System.out.printf(
        "Accuracy on the tumours held out: %.1f %%%n",
        100 * result.getOrDefault("test_acc", Double.NaN));
    System.out.println("Best checkpoint: " + checkpoints.bestModelPath());
    return 0;
  }
}
