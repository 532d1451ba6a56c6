package io.fulgur.samples.gan;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.CsvReader;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.module.StepOutput;
import io.fulgur.samples.digits.DigitsDataModule;
import io.fulgur.tensor.Generator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the two networks and has the generator draw a page of digits. */
@Command(
    name = "gan",
    description = "Trains a generator of handwritten digits, and has it draw some.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class Gan implements Callable<Integer> {
  private static final int COLUMNS = 10;

  @Option(names = "--epochs", description = "How often to go through the digits.")
  private int epochs = 200;

  @Option(names = "--batch-size", description = "Digits in a batch.")
  private int batchSize = 64;

  @Option(names = "--hidden", description = "Units in each hidden layer of both networks.")
  private int hidden = 128;

  @Option(names = "--learning-rate", description = "Step size of both optimizers.")
  private double learningRate = 5e-4;

  @Option(names = "--seed", description = "Start of all random numbers.")
  private long seed = 1;

  @Option(names = "--output", description = "Folder for the run, which the page is put into.")
  private Path output = Path.of(".");

  private Gan() {}

  /** Runs the command and exits with its status: 0, or 1 after an error, or 2 for wrong usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Gan())
        .setExecutionExceptionHandler(
            (exception, line, parsed) -> {
              line.getErr().println(line.getColorScheme().errorText(exception.getMessage()));
              return 1;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    Fulgur.seedEverything(seed);
    DigitGan gan = new DigitGan(hidden, learningRate);
    Trainer trainer =
        Trainer.builder()
            .maxEpochs(epochs)
            .logEveryNSteps(0)
            .defaultRootDir(output)
            .enableCheckpointing(false)
            .build();
    trainer.fit(
        gan,
        DataLoader.builder(digits()).batchSize(batchSize).shuffle(true).dropLast(true).build());

    Path page = trainer.logDir().resolve("digits.png");
    ImageGrid.write(drawn(trainer, gan), COLUMNS, page);
    System.out.printf(
        "Steps: %d of the discriminator, %d of the generator.%nPage of digits: %s%n",
        trainer.optimizerSteps(0), trainer.optimizerSteps(1), page);
    return 0;
  }

  /** Returns the scanned digits of another sample, with their pixels from -1 to 1. */
  static Dataset digits() {
    Dataset scans =
        CsvReader.ofResource(DigitsDataModule.class, "digits.csv.gz").floats("image", 0, 64).read();
    return ArrayDataset.copyOf(
        scans.map(
            sample -> {
              float[] pixels = sample.get("image").toFloatArray();
              for (int i = 0; i < pixels.length; i++) {
                pixels[i] = pixels[i] / 8 - 1;
              }
              return sample.with("image", pixels);
            }));
  }

  /** Draws a page: the predict step of a module that has none is its forward pass. */
  private List<float[]> drawn(Trainer trainer, DigitGan gan) {
    int count = COLUMNS * COLUMNS;
    float[] noise = new float[count * DigitGan.NOISE];
    Generator random = new Generator(seed);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    Dataset page = ArrayDataset.of("noise", HostArray.of(noise, count, DigitGan.NOISE));
    List<float[]> images = new ArrayList<>();
    for (StepOutput output :
        trainer.predict(gan, DataLoader.builder(page).batchSize(count).build())) {
      float[] pixels = output.get(StepOutput.PREDICTION).toFloatArray();
      for (int i = 0; i < pixels.length; i += 64) {
        images.add(Arrays.copyOfRange(pixels, i, i + 64));
      }
    }
    return images;
  }
}
