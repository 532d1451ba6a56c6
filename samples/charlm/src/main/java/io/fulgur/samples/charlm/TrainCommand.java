package io.fulgur.samples.charlm;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains, says how good the model is, and shows a little of what it writes. */
@Command(
    name = "train",
    description = "Trains the model.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--text",
      description = "Text to learn from; by default Shakespeare, 1.1 MB, is downloaded once.")
  private @Nullable Path text;

  @Option(names = "--steps", description = "How many batches to train on.")
  private int steps = 1500;

  @Option(names = "--batch-size", description = "Pieces of text in a batch.")
  private int batchSize = 32;

  @Option(names = "--context", description = "Characters in a piece, which the model sees at most.")
  private int context = 64;

  @Option(names = "--layers", description = "Layers of the transformer.")
  private int layers = 2;

  @Option(names = "--width", description = "Numbers that stand for a character within.")
  private int width = 128;

  @Option(names = "--heads", description = "Heads of attention; they share the width.")
  private int heads = 4;

  @Option(names = "--dropout", description = "Part of the numbers to drop while training.")
  private double dropout = 0;

  @Option(names = "--learning-rate", description = "Step size of AdamW in the beginning.")
  private double learningRate = 2e-3;

  @Option(names = "--seed", description = "Start of all random numbers.")
  private long seed = 1;

  @Option(names = "--output", description = "Folder for runs.")
  private Path output = Path.of(".");

  @Override
  public Integer call() throws IOException {
    Fulgur.seedEverything(seed);
    String content = text == null ? TextSource.TINY_SHAKESPEARE.read() : Files.readString(text);
    TextDataModule data = new TextDataModule(content, context, batchSize);
    CharacterModel model =
        new CharacterModel(
            data.vocabulary().characters(),
            context,
            layers,
            width,
            heads,
            dropout,
            learningRate,
            steps);
    ModelCheckpoint checkpoints =
        ModelCheckpoint.builder()
            .monitor("val_loss")
            .fileName("{step}-{val_loss:.3f}")
            .saveLast(true)
            .build();
    Trainer trainer =
        Trainer.builder()
            .maxSteps(steps)
            .valCheckInterval(Math.max(1, steps / 6))
            .gradientClipVal(1)
            .logEveryNSteps(10)
            .defaultRootDir(output)
            .callback(checkpoints)
            .build();
    trainer.fit(model, data);
    Map<String, Double> result = trainer.test(model, data).get(0);
    System.out.printf(
        "%nLoss on the held-out text: %.3f nats a character%n",
        result.getOrDefault("test_loss", Double.NaN));
    System.out.println("Last checkpoint: " + checkpoints.lastModelPath());
    System.out.println("Logs:            " + trainer.logDir().toAbsolutePath().normalize());
    System.out.println("To let it write: write " + checkpoints.lastModelPath());
    return 0;
  }
}
