package io.fulgur.samples.tabular;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.MonitorMode;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.crossvalidation.CrossValidation;
import io.fulgur.crossvalidation.CrossValidationResult;
import io.fulgur.crossvalidation.FoldBatches;
import io.fulgur.crossvalidation.FoldRun;
import io.fulgur.crossvalidation.KFold;
import io.fulgur.data.Dataset;
import io.fulgur.data.Normalize;
import io.fulgur.metric.ClassificationReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains on several parts of the tumours, and judges every tumour by a model that has not seen it.
 */
@Command(
    name = "cross-validate",
    description = "Judges every tumour by a classifier that was not trained on it.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class CrossValidateCommand implements Callable<Integer> {
  @Option(names = "--folds", description = "How many classifiers to train.")
  private int folds = 5;

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() {
    ClassificationReport report =
        ClassificationReport.multiclass(TumourData.CLASSES.size())
            .names(TumourData.CLASSES.toArray(String[]::new));
    CrossValidationResult result =
        CrossValidation.builder()
            .folds(KFold.of(folds).stratifiedBy("label").shuffled(training.splitSeed))
            .module(training::newClassifier)
            .trainer(this::trainer)
            .data(
                FoldBatches.of(training.batchSize)
                    // Of the tumours to train on, so that stopping early does not see the others.
                    .validation(0.2, training.splitSeed)
                    .fitted(train -> Normalize.fit(train, "features")))
            .seed(training.seed)
            .defaultRootDir(training.output)
            .afterFold(run -> addPredictions(run, report))
            .build()
            .run(TumourData.read());

    System.out.println();
    System.out.print(result);
    System.out.println();
    System.out.print(report.compute());
    System.out.printf(
        "%nAccuracy: %.1f %% +- %.1f %%%n",
        100 * result.mean("test_acc"), 100 * result.standardDeviation("test_acc"));
    Path best = result.best("test_loss", MonitorMode.MIN).bestModelPath();
    System.out.println("Best checkpoint: " + best);
    return 0;
  }

  /** Describes the trainer of one fold; callbacks have state, so each has its own. */
  private TrainerBuilder trainer() {
    return Trainer.builder()
        .maxEpochs(training.epochs)
        .logEveryNSteps(5)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callback(
            ModelCheckpoint.builder()
                .monitor("val_loss")
                .fileName("{epoch:03d}-{val_loss:.4f}")
                .build())
        .callback(EarlyStopping.builder().monitor("val_loss").patience(training.patience).build());
  }

  private static void addPredictions(FoldRun run, ClassificationReport report) {
    Dataset heldOut = run.fold().heldOut();
    Predictions.of(run.trainer().predict(run.module(), run.data()), heldOut).addTo(report);
    System.out.printf(
        "Fold %d: %d epochs, accuracy %.1f %%%n",
        run.fold().index(),
        run.result().epochs(),
        100 * run.result().metrics().getOrDefault("test_acc", Double.NaN));
  }
}
