package io.fulgur.samples.tabular;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.stopping.EarlyStopping;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains until the validation part gets no better, and judges the best by the test part. */
@Command(
    name = "train",
    description = "Trains the classifier.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Mixin private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() {
    Fulgur.seedEverything(training.seed);
    ModelCheckpoint checkpoints =
        ModelCheckpoint.builder()
            .monitor("val_loss")
            .fileName("{epoch:03d}-{val_loss:.4f}")
            .build();
    EarlyStopping stopping =
        EarlyStopping.builder().monitor("val_loss").patience(training.patience).build();
    Trainer trainer =
        Trainer.builder()
            .maxEpochs(training.epochs)
            .logEveryNSteps(5)
            .defaultRootDir(training.output)
            .callback(checkpoints)
            .callback(stopping)
            .build();
    TumourClassifier model = training.newClassifier();
    TumourData data = new TumourData(training.batchSize, training.splitSeed);
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
