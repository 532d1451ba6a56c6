package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.callback.stopping.StoppingReason;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.IterableDataset;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.Counts;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingEndTest {
  @Test
  void checkValEveryNEpoch_maxSteps_validatesInThatEpochOnly() {
    Counts counts = new Counts();
    Trainer trainer =
        TestTrainers.quiet()
            .maxSteps(8)
            .checkValEveryNEpoch(3)
            .numSanityValSteps(0)
            .callback(counts)
            .build();
    trainer.fit(new BoringModule(), BoringData.module(2, 1));

    assertThat(counts.validatedAt).containsExactly(6L);
    assertThat(trainer.currentEpoch()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"5, 10, 10", "5, 20, 20", "1, 40, 20", "2, -1, 40"})
  void fit_afterTheLimit_trainsNoMore(int maxEpochs, int maxSteps, int expected) {
    Trainer trainer = TestTrainers.quiet().maxEpochs(maxEpochs).maxSteps(maxSteps).build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module(20, 1));
    trainer.fit(module, BoringData.module(20, 1));

    assertThat(trainer.globalStep()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2, -1, maxEpochs is 2",
    "5, 6, maxSteps is 6",
  })
  void fit_atALimit_tellsWhich(int maxEpochs, int maxSteps, String limit) {
    Trainer trainer = TestTrainers.quiet().maxEpochs(maxEpochs).maxSteps(maxSteps).build();
    BoringModule module = new BoringModule();
    Runnable fit = () -> trainer.fit(module, BoringData.loader(4));

    assertThat(LogLines.of(Trainer.class, fit)).contains("Training is over: " + limit);
    assertThat(LogLines.of(fit))
        .contains(
            "Nothing was trained: %s, which was reached before. Raise it to train on, or begin anew with another trainer"
                .formatted(limit));
  }

  @Test
  void minEpochs_stoppedEarlier_goesOnAndSaysSoOnce() {
    EarlyStopping stopping =
        EarlyStopping.builder().monitor("train_loss_epoch").patience(0).minDelta(1e9).build();
    Trainer trainer = TestTrainers.quiet().maxEpochs(10).minEpochs(5).callback(stopping).build();
    String told =
        LogLines.of(Trainer.class, () -> trainer.fit(new BoringModule(), BoringData.loader(2)));

    assertThat(trainer.globalStep()).isEqualTo(10);
    assertThat(told)
        .containsOnlyOnce(
            "Asked to stop, but minEpochs is 5 and minSteps is 0: training will continue");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, -1, 64", "2, 1, -1, 128", "1, 2, -1, 32", "1, 3, -1, 22", "2, 3, 30, 30"})
  void estimatedSteppingBatches_ofAFit_countsWindows(
      int epochs, int window, long maxSteps, double expected) {
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(epochs)
            .accumulateGradBatches(window)
            .maxSteps(maxSteps)
            .build();
    trainer.fit(new BoringModule(), BoringData.module(64, 1));

    assertThat(trainer.estimatedSteppingBatches()).isEqualTo(expected);
  }

  @Test
  void estimatedSteppingBatches_noEnd_isInfinite() {
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(TrainerOptions.UNLIMITED).maxTime("00:00:00:00").build();
    trainer.fit(new BoringModule(), BoringData.module(4, 1));

    assertThat(trainer.estimatedSteppingBatches()).isInfinite();
  }

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void fastDevRun_stoppingAndCheckpoints_doNothing(int batches, @TempDir Path folder) {
    EarlyStopping stopping = EarlyStopping.builder().monitor("never_logged").build();
    ModelCheckpoint ofSteps =
        ModelCheckpoint.builder()
            .dirPath(folder)
            .monitor("never_logged")
            .everyNTrainSteps(1)
            .saveLast(true)
            .build();
    ModelCheckpoint ofEpochs =
        ModelCheckpoint.builder().dirPath(folder).monitor("never_logged").build();
    Counts counts = new Counts();
    Trainer trainer =
        TestTrainers.quiet()
            .fastDevRun(batches)
            .maxEpochs(7)
            .limitTrainBatches(50)
            .valCheckInterval(1)
            .checkValEveryNEpoch(5)
            .enableCheckpointing(true)
            .callbacks(stopping, ofSteps, ofEpochs, counts)
            .build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module());
    trainer.test(module, BoringData.module());
    trainer.predict(module, BoringData.module());

    assertThat(stopping.stoppingReason()).isEqualTo(StoppingReason.NOT_STOPPED);
    assertThat(ofSteps.currentScore()).isNull();
    assertThat(ofEpochs.currentScore()).isNull();
    assertThat(folder).isEmptyDirectory();
    assertThat(counts.training).isEqualTo(batches);
    assertThat(counts.validation[0]).isEqualTo(batches);
    assertThat(counts.validatedAt).hasSize(1);
    assertThat(counts.sanity[0]).isZero();
    assertThat(counts.test).isEqualTo(batches);
    assertThat(counts.predict).isEqualTo(batches);
    assertThat(trainer.options().maxSteps()).isEqualTo(batches);
    assertThat(trainer.options().maxEpochs()).isEqualTo(1);
  }

  @Test
  void numSanityValSteps_anyNumber_leavesTheOrderOfTrainingData() {
    assertThat(order(2)).isEqualTo(order(0)).isNotEqualTo(order(0, /* seed= */ 8));
  }

  private static List<Float> order(int sanitySteps) {
    return order(sanitySteps, 7);
  }

  private static List<Float> order(int sanitySteps, long seed) {
    Fulgur.seedEverything(seed);
    List<Float> seen = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            seen.add(batch.get(BoringData.FEATURES).toFloatArray()[0]);
          }
        };
    TestTrainers.quiet()
        .maxEpochs(2)
        .numSanityValSteps(sanitySteps)
        .callback(watch)
        .build()
        .fit(
            new BoringModule(),
            DataLoader.builder(BoringData.dataset(16)).shuffle(true).build(),
            DataLoader.builder(BoringData.dataset(16)).shuffle(true).build());
    return seen;
  }

  @Test
  void fastDevRun_true_isOneBatch() {
    assertThat(TestTrainers.quiet().fastDevRun(true).build().options().fastDevRun()).isEqualTo(1);
    assertThat(TestTrainers.quiet().fastDevRun(false).build().options().fastDevRun()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0.5, limitTrainBatches is 50 %", "0.25, limitTrainBatches is 25 %"})
  void limitTrainBatches_fractionOfAStream_isAnError(double fraction, String message) {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).limitTrainBatches(fraction).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), stream()))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("does not know how many batches it has");
  }

  @Test
  void valCheckInterval_fractionOfAStream_isAnError() {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).valCheckInterval(0.5).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), stream(), BoringData.loader(1)))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidOptions] valCheckInterval is 50 %, but the training data does not know how"
                + " many batches it has. Give a number of batches, or 1.0 for the end of the"
                + " epoch.");
  }

  private static DataLoader stream() {
    Dataset samples = BoringData.dataset(3);
    IterableDataset data = epoch -> IntStream.range(0, 3).mapToObj(samples::get).iterator();
    return DataLoader.builder(data).build();
  }
}
