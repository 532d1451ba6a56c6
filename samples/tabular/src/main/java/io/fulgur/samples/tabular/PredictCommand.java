package io.fulgur.samples.tabular;

import io.fulgur.Trainer;
import io.fulgur.data.DataModule;
import io.fulgur.metric.ClassificationReport;
import io.fulgur.module.FulgurModule;
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
    Predictions predictions = Predictions.of(trainer.predict(model, data), data.heldOut());
    for (int i = 0; i < Math.min(count, predictions.size()); i++) {
      System.out.printf(
          "Tumour %d is %s, says the classifier (%.1f %%); it was %s.%n",
          i, predictions.predicted(i), predictions.percent(i), predictions.actual(i));
    }
    ClassificationReport report =
        ClassificationReport.multiclass(TumourData.CLASSES.size())
            .names(TumourData.CLASSES.toArray(String[]::new));
    predictions.addTo(report);
    System.out.printf("%n%s%n", report.compute());
    System.out.printf(
        "Of %d tumours, %d malignant ones were taken for benign, and %d benign ones for"
            + " malignant.%n",
        predictions.size(), predictions.mistaken(0), predictions.mistaken(1));
    return 0;
  }
}
