package io.fulgur.samples.digits;

import io.fulgur.Trainer;
import io.fulgur.data.Dataset;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows held-out digits and what a trained classifier takes them for. */
@Command(
    name = "predict",
    description = "Recognises held-out digits with a trained classifier.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  private static final String SHADES = " .:-=+*#%@";

  @Parameters(paramLabel = "CHECKPOINT", description = "Checkpoint that train has written.")
  private Path checkpoint = Path.of("");

  @Option(names = "--count", description = "How many digits to show.")
  private int count = 3;

  @Override
  public Integer call() {
    DigitClassifier model = FulgurModule.loadFromCheckpoint(DigitClassifier.class, checkpoint);
    DigitsDataModule digits = new DigitsDataModule(/* batchSize= */ 64, /* workers= */ 0);
    Trainer trainer =
        Trainer.builder()
            .enableLogging(false)
            .enableCheckpointing(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .build();
    List<Long> predicted = new ArrayList<>();
    List<Float> probability = new ArrayList<>();
    for (StepOutput output : trainer.predict(model, digits)) {
      for (long digit : output.get("digit").toLongArray()) {
        predicted.add(digit);
      }
      for (float p : output.get("probability").toFloatArray()) {
        probability.add(p);
      }
    }
    Dataset scans = digits.scans();
    for (int i = 0; i < Math.min(count, predicted.size()); i++) {
      print(scans.get(i).get("image").floats());
      System.out.printf(
          "is a %d, says the classifier (%.1f %%); it was labelled %d.%n%n",
          predicted.get(i), 100 * probability.get(i), scans.get(i).get("label").longs()[0]);
    }
    return 0;
  }

  private static void print(float[] pixels) {
    for (int row = 0; row < 8; row++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < 8; column++) {
        int shade = Math.round(pixels[8 * row + column] / 16 * (SHADES.length() - 1));
        line.append(SHADES.charAt(shade)).append(SHADES.charAt(shade));
      }
      System.out.println(line);
    }
  }
}
