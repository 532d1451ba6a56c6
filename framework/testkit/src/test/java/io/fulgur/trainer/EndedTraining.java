package io.fulgur.trainer;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.nio.file.Path;

/** A training in a process of its own that says where it is and waits there for its end. */
final class EndedTraining implements Callback {
  static final long SEED = 11;
  static final int EPOCHS = 3;
  static final int BATCHES = 6;
  static final String READY = "ready";

  /** What happens where. */
  enum Ending {
    /**
     * Waits in the third batch of the first epoch, whose progress a terminal shows first of all.
     */
    ON_A_TERMINAL,
    /** Waits in the third batch of the second epoch. */
    IN_BATCH,
    /** Waits in the last batch of the second epoch. */
    IN_LAST_BATCH,
    /** Waits in the first batch of the second epoch's validation. */
    IN_VALIDATION,
    /** Waits in a batch, and calls {@code System.exit} when told of the end. */
    IN_BATCH_AND_EXITS,
    /** Calls {@code System.exit(3)} in a batch. */
    EXITS,
    /** Throws in a batch. */
    FAILS
  }

  private final Ending ending;

  private EndedTraining(Ending ending) {
    this.ending = ending;
  }

  public static void main(String[] arguments) {
    Fulgur.seedEverything(SEED);
    Ending ending = Ending.valueOf(arguments[1]);
    Trainer trainer =
        trainer(Path.of(arguments[0]))
            .enableProgressBar(ending == Ending.ON_A_TERMINAL)
            .numSanityValSteps(ending == Ending.ON_A_TERMINAL ? 0 : 2)
            .callback(new EndedTraining(ending))
            .build();
    trainer.fit(new Classifier(), data());
    System.out.println("not ended");
  }

  static TrainerBuilder trainer(Path folder) {
    return Trainer.builder()
        .maxEpochs(EPOCHS)
        .accumulateGradBatches(1)
        .logEveryNSteps(1)
        .defaultRootDir(folder)
        .enableModelSummary(false)
        .enableProgressBar(false);
  }

  static DataModule data() {
    return DataModule.of(Classifier.shuffled(44, 2), Classifier.ordered(16));
  }

  private static void awaitEnd(Trainer trainer) {
    System.out.println(READY);
    while (!trainer.receivedSigterm()) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    if (trainer.currentEpoch() != (ending == Ending.ON_A_TERMINAL ? 0 : 1)) {
      return;
    }
    boolean waits =
        switch (ending) {
          case ON_A_TERMINAL -> batchIndex == 2;
          case IN_BATCH, IN_BATCH_AND_EXITS -> batchIndex == 2;
          case IN_LAST_BATCH -> batchIndex == BATCHES - 1;
          default -> false;
        };
    if (waits) {
      awaitEnd(trainer);
    }
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
    if (trainer.currentEpoch() == 1 && batchIndex == 2) {
      if (ending == Ending.EXITS) {
        System.exit(3);
      }
      if (ending == Ending.FAILS) {
        throw new IllegalStateException("on purpose");
      }
    }
  }

  @Override
  public void onValidationBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
    if (ending == Ending.IN_VALIDATION && trainer.currentEpoch() == 1 && batchIndex == 0) {
      awaitEnd(trainer);
    }
  }

  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    if (ending == Ending.IN_BATCH_AND_EXITS) {
      System.exit(5);
    }
  }
}
