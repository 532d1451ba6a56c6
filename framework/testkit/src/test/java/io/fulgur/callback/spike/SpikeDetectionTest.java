package io.fulgur.callback.spike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import io.fulgur.trainer.TestTrainers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(CleanThread.class)
class SpikeDetectionTest {
  private static final int BATCHES = 4;

  @TempDir Path folder;

  /** Has a loss of 1, but of 50 at one batch of an epoch; notes what it is trained on. */
  private static final class Jumping extends BoringModule {
    private final int epoch;
    private final int batch;
    final List<String> trained = new ArrayList<>();

    Jumping(int epoch, int batch) {
      this.epoch = epoch;
      this.batch = batch;
    }

    @Override
    protected Tensor trainingLoss(Batch of, int batchIndex) {
      trained.add(currentEpoch() + "/" + batchIndex);
      boolean jumps = currentEpoch() == epoch && batchIndex == batch;
      return super.trainingLoss(of, batchIndex).mul(1e-6).add(jumps ? 50 : 1);
    }
  }

  private SpikeDetectionBuilder detection() {
    return SpikeDetection.builder().excludeBatchesPath(folder);
  }

  private static DataModule data() {
    return DataModule.of(BoringData.loader(BATCHES));
  }

  private static Trainer trainer(Callback... callbacks) {
    return TestTrainers.quiet().maxEpochs(3).callbacks(callbacks).build();
  }

  private TrainingSpikeException spike(Trainer trainer, FulgurModule module) {
    return catchThrowableOfType(TrainingSpikeException.class, () -> trainer.fit(module, data()));
  }

  @Test
  void fit_lossJumps_endsTrainingAndNamesTheBatches() throws IOException {
    Jumping module = new Jumping(1, 2);
    TrainingSpikeException error = spike(trainer(detection().build()), module);

    assertThat(error.epoch()).isEqualTo(1);
    assertThat(error.batchIndex()).isEqualTo(2);
    assertThat(error.id()).isEqualTo(ErrorId.TRAINING_SPIKE);
    Path file = folder.resolve("skip_batches.json");
    assertThat(error)
        .hasMessageStartingWith("[TrainingSpike] The loss jumped to 50.0")
        .hasMessageContaining(" at epoch 1, batch 2; the mean of those before is 1.0")
        .hasMessageEndingWith(
            "Go on from a checkpoint of before with skipExcludedBatches(true) to leave out this"
                + " batch and the one before, which are in "
                + file
                + ".");
    assertThat(Files.readString(file).replaceAll("\\s", ""))
        .isEqualTo("[{\"epoch\":1,\"batch\":1},{\"epoch\":1,\"batch\":2}]");
    assertThat(module.trained).hasSize(BATCHES + 3);
  }

  @Test
  void fit_lossJumpsAtTheFirstBatch_blamesTheLastOfTheEpochBefore() {
    spike(trainer(detection().build()), new Jumping(1, 0));

    assertThat(ExcludedBatches.read(folder.resolve("skip_batches.json")))
        .containsExactly(new TrainingBatch(0, BATCHES - 1), new TrainingBatch(1, 0));
  }

  @Test
  void fit_again_leavesTheExcludedBatchesOut() {
    spike(trainer(detection().build()), new Jumping(1, 2));
    Jumping again = new Jumping(1, 2);
    Trainer trainer = trainer(detection().skipExcludedBatches(true).build());
    trainer.fit(again, data());

    assertThat(again.trained).hasSize(3 * BATCHES - 2).doesNotContain("1/1", "1/2");
    assertThat(trainer.globalStep()).isEqualTo(3 * BATCHES - 2);
    assertThat(trainer.totalBatches()).isEqualTo(3 * BATCHES);
  }

  @Test
  void fit_againWithAnotherSpike_addsToTheFile() {
    Path file = folder.resolve("bad.json");
    spike(trainer(detection().excludeBatchesPath(file).build()), new Jumping(0, 2));
    spike(
        trainer(detection().excludeBatchesPath(file).skipExcludedBatches(true).build()),
        new Jumping(2, 3));

    assertThat(ExcludedBatches.read(file))
        .containsExactly(
            new TrainingBatch(0, 1),
            new TrainingBatch(0, 2),
            new TrainingBatch(2, 2),
            new TrainingBatch(2, 3));
  }

  @Test
  void fit_resumed_knowsTheLossesOfBefore() {
    Path path = folder.resolve("middle.ckpt");
    Callback saver =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            if (trainer.totalBatches() == 5) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    trainer(detection().build(), saver).fit(new Jumping(9, 9), data());
    TrainingSpikeException error =
        catchThrowableOfType(
            TrainingSpikeException.class,
            () -> trainer(detection().build()).fit(new Jumping(1, 1), data(), path));

    assertThat(error.batchIndex()).isEqualTo(1);
    assertThat(ExcludedBatches.read(folder.resolve("skip_batches.json")))
        .containsExactly(new TrainingBatch(1, 0), new TrainingBatch(1, 1));
  }

  @Test
  void fit_withoutSpike_trainsOn() {
    Jumping module = new Jumping(9, 9);
    trainer(detection().build()).fit(module, data());

    assertThat(module.trained).hasSize(3 * BATCHES);
    assertThat(folder.resolve("skip_batches.json")).doesNotExist();
  }

  @Test
  void fit_fileOfExcludedBatchesIsDamaged_saysSo() throws IOException {
    Path file = folder.resolve("skip_batches.json");
    Files.writeString(file, "[3, 4]");

    assertThatThrownBy(
            () ->
                trainer(detection().skipExcludedBatches(true).build())
                    .fit(new Jumping(9, 9), data()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.FILE_UNREADABLE))
        .hasMessage(
            "[FileUnreadable] The batches to leave out cannot be read from "
                + file
                + ": \"3\" is no {\"epoch\": ..., \"batch\": ...} of a list. Mend or delete the file.");
  }

  @Test
  void build_mistakes_areReportedTogether() {
    assertThatThrownBy(() -> SpikeDetection.builder().window(0).warmup(-1).atol(0).rtol(-2).build())
        .hasMessage(
            """
            [InvalidOptions] SpikeDetection has options that cannot be:
            1) window is 0, but must be at least 1.
            2) warmup is -1, but must be at least 0.
            3) atol is 0.0, but must be a finite number above 0.
            4) rtol is -2.0, but must be a finite number above 0.""");
    assertThatThrownBy(() -> SpikeDetection.builder().withoutRtol().build())
        .hasMessageContaining("Neither atol nor rtol is set");
  }
}
