package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fulgur.Fulgur;
import io.fulgur.TerminationException;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.log.RunStatus;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.testkit.RecordingLogger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are ended from outside; here by interrupting their thread. */
class TerminationTest {
  @TempDir private Path folder;

  /** Interrupts the run's thread in a batch of a stage of the first epoch. */
  private record Interrupting(String stage, int batch) implements Callback {
    private void at(String where, int index, Trainer trainer) {
      if (where.equals(stage) && index == batch && trainer.currentEpoch() == 0) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch data, int index) {
      at("train", index, trainer);
    }

    @Override
    public void onValidationBatchStart(
        Trainer trainer, FulgurModule module, Batch data, int index, int dataloaderIndex) {
      at(trainer.isSanityChecking() ? "sanity" : "validation", index, trainer);
    }

    @Override
    public void onTestBatchStart(
        Trainer trainer, FulgurModule module, Batch data, int index, int dataloaderIndex) {
      at("test", index, trainer);
    }

    @Override
    public void onPredictBatchStart(
        Trainer trainer, FulgurModule module, Batch data, int index, int dataloaderIndex) {
      at("predict", index, trainer);
    }
  }

  private static void assertEnded(Trainer trainer, Runnable run) {
    Throwable failure = catchThrowable(run::run);
    boolean interrupted = Thread.interrupted();

    assertThat(failure)
        .isInstanceOf(TerminationException.class)
        .hasMessageMatching(
            "\\[Terminated] Trainer\\.\\w+ was ended, as its thread was interrupted\\.");
    assertThat(interrupted).isTrue();
    assertThat(trainer.interrupted()).isTrue();
    assertThat(trainer.receivedSigterm()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // The run ends after the batch in which it is asked to, with all that comes after that batch;
    "train, 2, 3, onTrainBatchEnd, 3",
    // after the last batch of an epoch only when the epoch is over;
    "train, 3, 0, onTrainEpochEnd, 4",
    // and in the middle of a validation.
    "train, 3, 3, onValidationBatchEnd, 4",
    "validation, 1, 3, onValidationBatchEnd, 4",
    "sanity, 0, 3, onValidationBatchEnd, 0",
  })
  void fit_threadInterrupted_endsAtTheNextSafePoint(
      String stage, int batch, int validationBatches, String lastCall, int steps) {
    List<String> calls = new ArrayList<>();
    RecordingLogger logger = new RecordingLogger();
    Trainer trainer =
        TestTrainers.quiet(logger)
            .maxEpochs(2)
            .limitValBatches(validationBatches)
            .callbacks(new Interrupting(stage, batch), RecordingCallback.into(calls))
            .build();

    assertEnded(trainer, () -> trainer.fit(new BoringModule(), BoringData.module(4, 3)));

    assertThat(calls).endsWith(lastCall, "onException", "teardown");
    assertThat(trainer.globalStep()).isEqualTo(steps);
    assertThat(logger.finished()).containsExactly(RunStatus.FAILED);
  }

  @Test
  void testAndPredict_threadInterrupted_endAfterTheBatch() {
    List<String> calls = new ArrayList<>();
    Trainer testing =
        TestTrainers.quiet()
            .callbacks(new Interrupting("test", 1), RecordingCallback.into(calls))
            .build();
    assertEnded(testing, () -> testing.test(new BoringModule(), BoringData.loader(3)));
    assertThat(calls).containsOnlyOnce("onException").endsWith("teardown");
    assertThat(calls.stream().filter("onTestBatchEnd"::equals)).hasSize(2);

    calls.clear();
    Trainer predicting =
        TestTrainers.quiet()
            .callbacks(new Interrupting("predict", 0), RecordingCallback.into(calls))
            .build();
    assertEnded(predicting, () -> predicting.predict(new BoringModule(), BoringData.loader(3)));
    assertThat(calls.stream().filter("onPredictBatchEnd"::equals)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"train, 1, 2", "train, 5, 6", "validation, 1, 6"})
  void fit_threadInterrupted_leavesALastCheckpointToGoOnFrom(String stage, int batch, int steps) {
    Fulgur.seedEverything(5);
    Classifier whole = new Classifier();
    TestTrainers.quiet().maxEpochs(2).build().fit(whole, data());

    Fulgur.seedEverything(5);
    Trainer interrupted =
        TestTrainers.quiet()
            .maxEpochs(2)
            .enableCheckpointing(true)
            .callbacks(new Interrupting(stage, batch), checkpoint(false), checkpoint(true))
            .build();
    assertEnded(interrupted, () -> interrupted.fit(new Classifier(), data()));

    assertThat(folder.resolve("last.ckpt")).exists();
    assertThat(folder.resolve("other/last.ckpt")).doesNotExist();
    try (Checkpoint saved = new SafeTensorsCheckpointIO().load(folder.resolve("last.ckpt"))) {
      assertThat(saved.globalStep()).isEqualTo(steps);
    }
    Classifier resumed = new Classifier();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(2)
            .enableCheckpointing(true)
            .callbacks(checkpoint(false), checkpoint(true))
            .build();
    trainer.fit(resumed, data(), "last");

    assertThat(trainer.interrupted()).isFalse();
    Map<String, double[]> expected = Classifier.weights(whole);
    Classifier.weights(resumed)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  private static DataModule data() {
    return DataModule.of(Classifier.shuffled(44, 2), Classifier.ordered(24));
  }

  /** Neither saves the last of itself; the first is the trainer's first of weights only. */
  private Callback checkpoint(boolean other) {
    return ModelCheckpoint.builder()
        .dirPath(other ? folder.resolve("other") : folder)
        .everyNEpochs(other ? 7 : 9)
        .saveWeightsOnly(!other)
        .build();
  }

  @Test
  void fit_interruptedBeforeTheFirstBatchOrInAFastDevRun_savesNothing() {
    Trainer sanity =
        TestTrainers.quiet()
            .enableCheckpointing(true)
            .callbacks(new Interrupting("sanity", 0), checkpoint(false))
            .build();
    assertEnded(sanity, () -> sanity.fit(new BoringModule(), BoringData.module(4, 3)));
    Trainer fast =
        TestTrainers.quiet()
            .fastDevRun(3)
            .enableCheckpointing(true)
            .callbacks(new Interrupting("train", 0), checkpoint(false))
            .build();
    assertEnded(fast, () -> fast.fit(new BoringModule(), BoringData.module(4, 3)));

    assertThat(Files.exists(folder.resolve("last.ckpt"))).isFalse();
  }
}
