package io.fulgur.samples.tabular;

import io.fulgur.Trainer;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges held-out tumours with a trained classifier, and tells which it got wrong. */
@Command(
    name = "predict",
    description = "Judges held-out tumours with a trained classifier.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CHECKPOINT", description = "Checkpoint that train has written.")
  private Path checkpoint = Path.of("");

  @Option(names = "--count", description = "How many tumours to show.")
  private int count = 5;

  @Override
  public Integer call() {
    TumourClassifier model = FulgurModule.loadFromCheckpoint(TumourClassifier.class, checkpoint);
    // The same split and the same statistics as in training.
    TumourData data = DataModule.loadFromCheckpoint(TumourData.class, checkpoint);
    Trainer trainer =
        Trainer.builder()
            .enableLogging(false)
            .enableCheckpointing(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .build();
    int[][] confusion = new int[2][2];
    int tumour = 0;
    for (StepOutput output : trainer.predict(model, data)) {
      long[] predicted = output.get("label").toLongArray();
      float[] probability = output.get("probability").toFloatArray();
      for (int i = 0; i < predicted.length; i++) {
        int actual = label(data.heldOut(), tumour);
        confusion[actual][(int) predicted[i]]++;
        if (tumour < count) {
          System.out.printf(
              "Tumour %d is %s, says the classifier (%.1f %%); it was %s.%n",
              tumour,
              TumourData.CLASSES.get((int) predicted[i]),
              100 * probability[i],
              TumourData.CLASSES.get(actual));
        }
        tumour++;
      }
    }
    System.out.printf(
        "Of %d tumours, %d malignant ones were taken for benign, and %d benign ones for malignant.%n",
        tumour, confusion[0][1], confusion[1][0]);
    return 0;
  }

  private static int label(Dataset tumours, int index) {
    return (int) tumours.get(index).get("label").longs()[0];
  }
}
