package io.fulgur.samples.tabular;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What the commands that train have in common. */
final class TrainingOptions {
  @Option(names = "--epochs", description = "How often to go through the training data at most.")
  int epochs = 200;

  @Option(names = "--patience", description = "Epochs without a better loss until it stops.")
  int patience = 10;

  @Option(names = "--batch-size", description = "Tumours in a batch.")
  int batchSize = 32;

  @Option(names = "--hidden", description = "Units in the hidden layer.")
  private int hidden = 32;

  @Option(names = "--dropout", description = "Part of the hidden units to drop while training.")
  private double dropout = 0.3;

  @Option(names = "--learning-rate", description = "Step size of AdamW.")
  private double learningRate = 3e-3;

  @Option(names = "--weight-decay", description = "Decay of the weights by AdamW.")
  private double weightDecay = 1e-2;

  @Option(names = "--seed", description = "Start of all random numbers but those of the split.")
  long seed = 1;

  @Option(names = "--split-seed", description = "Which tumours go to which part.")
  long splitSeed = 1;

  @Option(names = "--output", description = "Folder for runs.")
  Path output = Path.of(".");

  TumourClassifier newClassifier() {
    return new TumourClassifier(hidden, dropout, learningRate, weightDecay);
  }
}
