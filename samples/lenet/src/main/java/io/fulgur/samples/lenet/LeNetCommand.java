package io.fulgur.samples.lenet;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.MonitorMode;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the sample: trains and says where everything is. */
@Command(
    name = "lenet",
    description = "Trains a convolutional network on handwritten digits.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class LeNetCommand implements Callable<Integer> {
  @Option(names = "--epochs", description = "How often to go through the training data.")
  private int epochs = 30;

  @Option(names = "--batch-size", description = "Digits in a batch.")
  private int batchSize = 32;

  @Option(names = "--dropout", description = "Part of the hidden units to drop while training.")
  private double dropout = 0.2;

  @Option(names = "--learning-rate", description = "Step size of AdamW in the beginning.")
  private double learningRate = 2e-3;

  @Option(names = "--workers", description = "Threads that load data beside the training.")
  private int workers = 0;

  @Option(names = "--seed", description = "Start of all random numbers.")
  private long seed = 1;

  @Option(names = "--output", description = "Folder for runs.")
  private Path output = Path.of(".");

  private LeNetCommand() {}

  /** Trains and exits with 0, or 1 after an error, or 2 for wrong usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new LeNetCommand())
        .setExecutionExceptionHandler(
            (exception, line, parsed) -> {
              line.getErr().println(line.getColorScheme().errorText(exception.getMessage()));
              return 1;
            })
        .execute(arguments);
  }

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
    LeNet model = new LeNet(dropout, learningRate, epochs);
    DigitImages digits = new DigitImages(batchSize, workers);
    trainer.fit(model, digits);
    // The last weights, not those that happened to be best on what is held out.
    Map<String, Double> result = trainer.test(model, digits).get(0);
    System.out.printf(
        "%nAccuracy on the held-out digits: %.1f %%%n",
        100 * result.getOrDefault("test_acc", Double.NaN));
    System.out.println("Last checkpoint: " + checkpoints.lastModelPath());
    System.out.println("Logs:            " + trainer.logDir().toAbsolutePath().normalize());
    return 0;
  }
}
