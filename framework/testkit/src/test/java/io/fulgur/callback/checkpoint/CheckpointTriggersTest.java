package io.fulgur.callback.checkpoint;

import static io.fulgur.callback.checkpoint.CheckpointRuns.files;
import static io.fulgur.callback.checkpoint.CheckpointRuns.step;
import static io.fulgur.callback.checkpoint.CheckpointRuns.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.MonitorMode;
import io.fulgur.callback.ScriptedModule;
import io.fulgur.callback.checkpoint.CheckpointRuns.Saves;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a {@link ModelCheckpoint} saves: after steps, after time, and when it waits. */
class CheckpointTriggersTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @TempDir private Path dir;

  private ModelCheckpointBuilder checkpoint() {
    return ModelCheckpoint.builder().dirPath(dir).fileName("{step}");
  }

  @Test
  void fit_everyNTrainSteps_savesAtTheirMultiples() {
    trainer(2, checkpoint().saveTopK(-1).everyNTrainSteps(16).build())
        .build()
        .fit(new BoringModule(), BoringData.module());

    assertThat(files(dir))
        .isEqualTo("step=112 step=128 step=16 step=32 step=48 step=64 step=80 step=96");
  }

  @Test
  void fit_everyStepAndMonitorStep_keepsTheLastTwo() {
    ModelCheckpoint checkpoint =
        checkpoint()
            .monitor("step")
            .mode(MonitorMode.MAX)
            .saveTopK(2)
            .everyNTrainSteps(1)
            .saveLast(true)
            .build();
    trainer(1, checkpoint).build().fit(new BoringModule(), BoringData.module(3, 1));

    assertThat(files(dir)).isEqualTo("last step=2 step=3");
    assertThat(checkpoint.bestModelScore()).isEqualTo(3);
    assertThat(step(dir.resolve("last.ckpt"))).isEqualTo(3);
  }

  @Test
  void fit_everyEpochAndMonitorEpoch_keepsTheLastTwo() {
    trainer(
            3,
            checkpoint()
                .fileName("{epoch}")
                .monitor("epoch")
                .mode(MonitorMode.MAX)
                .saveTopK(2)
                .build())
        .build()
        .fit(new BoringModule(), BoringData.module(3, 1));

    assertThat(files(dir)).isEqualTo("epoch=1 epoch=2");
  }

  @Test
  void fit_severalBatchesAStep_savesOnceAStep() {
    Saves saves = new Saves();
    trainer(1, checkpoint().saveTopK(-1).everyNTrainSteps(1).build(), saves)
        .accumulateGradBatches(2)
        .build()
        .fit(new BoringModule(), BoringData.module(5, 1));

    assertThat(saves.names).containsExactly("0@1", "0@2", "0@3");
  }

  @Test
  void fit_twoOptimizersThatStepOverAMultiple_savesAfterIt() {
    BoringModule two =
        new BoringModule() {
          @Override
          protected OptimizerPlan plan() {
            return OptimizerPlan.of(
                SGD.of(List.of(layer.weight())).learningRate(0.1),
                SGD.of(List.of(layer.bias())).learningRate(0.1));
          }
        };
    trainer(1, checkpoint().saveTopK(-1).everyNTrainSteps(3).build())
        .build()
        .fit(two, BoringData.module(6, 1));

    assertThat(files(dir)).isEqualTo("step=10 step=12 step=4 step=6");
  }

  @Test
  void fit_goingOn_countsFromWhereItStands() {
    Trainer trainer =
        trainer(1, checkpoint().saveTopK(-1).everyNTrainSteps(4).build()).maxEpochs(2).build();
    trainer.fit(new BoringModule(), BoringData.module(4, 1));
    Saves saves = new Saves();
    trainer(3, checkpoint().saveTopK(-1).everyNTrainSteps(4).build(), saves)
        .accumulateGradBatches(2)
        .build()
        .fit(new BoringModule(), BoringData.module(4, 1), dir.resolve("step=8.ckpt"));

    assertThat(saves.names).as("the step that was saved is not saved again").isEmpty();
    assertThat(files(dir)).isEqualTo("step=4 step=8");
  }

  @Test
  void fit_valueNotKnownYet_waitsForValidationButSavesTheLast() {
    Saves saves = new Saves();
    ModelCheckpoint checkpoint =
        checkpoint().monitor("val_loss").everyNTrainSteps(2).saveLast(true).build();
    trainer(1, checkpoint, saves).build().fit(new ScriptedModule(7), BoringData.module(5, 1));

    assertThat(saves.names).containsExactly("0@2", "0@4", "0@5");
    assertThat(files(dir)).isEqualTo("last step=5");
    assertThat(checkpoint.bestModelScore()).isEqualTo(7);
  }

  @Test
  void fit_validationFollowsTheStep_waitsForItsValue() {
    ModelCheckpoint checkpoint = checkpoint().monitor("val_loss").everyNTrainSteps(2).build();
    trainer(2, checkpoint).build().fit(new ScriptedModule(10, 1), BoringData.module(4, 1));

    assertThat(files(dir)).isEqualTo("step=8");
    assertThat(checkpoint.bestModelScore()).isEqualTo(1);
    assertThat(checkpoint.currentScore()).isEqualTo(1);
  }

  @Test
  void fit_stepsWithMetricOfTheTrainingEpoch_waitsForItsEnd() {
    ModelCheckpoint checkpoint = checkpoint().monitor("script").everyNTrainSteps(2).build();
    trainer(1, checkpoint)
        .limitValBatches(0)
        .build()
        .fit(new ScriptedModule(7), BoringData.module(5, 1));

    assertThat(files(dir)).isEqualTo("step=5");
  }

  @Test
  void fit_stepsWithMetricOfTheStep_savesAtOnce() {
    BoringModule falling =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            log("falling", 9.0 - batchIndex, LogOptions.onStep());
            return super.trainingLoss(batch, batchIndex);
          }
        };
    trainer(1, checkpoint().monitor("falling").saveTopK(-1).everyNTrainSteps(2).build())
        .limitValBatches(0)
        .build()
        .fit(falling, BoringData.module(5, 1));

    assertThat(files(dir)).isEqualTo("step=2 step=4");
  }

  @Test
  void fit_stepsWithMonitorThatIsNeverLogged_isAnErrorAtTheEndOfTheEpoch() {
    Saves saves = new Saves();
    Trainer trainer =
        trainer(2, checkpoint().monitor("val_los").everyNTrainSteps(2).build(), saves).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.module(5, 1)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MONITOR_NOT_FOUND))
        .hasMessageContaining("Did you mean \"val_loss\"?");
    assertThat(trainer.globalStep()).isEqualTo(5);
    assertThat(saves.names).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, '1 2 3 4 5 6'", "1, '1 2 3 4 5 6'", "2, '2 4 6'", "4, '4'", "60, ''"})
  void fit_trainTimeInterval_savesWhenItHasPassed(int seconds, String steps) {
    long[] now = {0};
    Saves saves = new Saves();
    ModelCheckpoint checkpoint =
        checkpoint()
            .trainTimeInterval(Duration.ofSeconds(seconds))
            .nanoClock(() -> now[0]++ * SECOND)
            .build();
    trainer(1, checkpoint, saves).build().fit(new BoringModule(), BoringData.module(6, 1));

    assertThat(String.join(" ", saves.names).replace("0@", "")).isEqualTo(steps);
  }

  @Test
  void fit_trainTimeIntervalAndSanityCheck_countsFromTheStartOfTraining() {
    long[] now = {0};
    Saves saves = new Saves();
    Callback slowSanityCheck =
        new Callback() {
          @Override
          public void onSanityCheckEnd(Trainer trainer, FulgurModule module) {
            now[0] += 100 * SECOND;
          }
        };
    trainer(
            1,
            slowSanityCheck,
            checkpoint().trainTimeInterval(Duration.ofSeconds(99)).nanoClock(() -> now[0]).build(),
            saves)
        .build()
        .fit(new BoringModule(), BoringData.module(3, 2));

    assertThat(saves.names).isEmpty();
  }

  @Test
  void build_contradictoryTriggers_areReportedTogether() {
    assertThatThrownBy(
            () ->
                ModelCheckpoint.builder()
                    .everyNEpochs(1)
                    .everyNTrainSteps(100)
                    .trainTimeInterval(Duration.ofMinutes(10))
                    .build())
        .hasMessage(
            "[InvalidOptions] ModelCheckpoint has options that cannot be:\n"
                + "1) everyNEpochs is 1, everyNTrainSteps is 100, trainTimeInterval is PT10M, but"
                + " only one of them can say when to save. Use a ModelCheckpoint for each.");
    assertThatThrownBy(
            () ->
                ModelCheckpoint.builder()
                    .everyNTrainSteps(-3)
                    .trainTimeInterval(Duration.ofSeconds(-1))
                    .fileName("last")
                    .build())
        .hasMessage(
            """
            [InvalidOptions] ModelCheckpoint has options that cannot be:
            1) everyNTrainSteps is -3, but must be at least 0, which never saves.
            2) trainTimeInterval is PT-1S, but time does not run backwards.
            3) fileName and lastFileName are both "last". Change one of them.""");
  }

  @Test
  void stateKey_ofOtherTriggers_isAnother() {
    ModelCheckpointBuilder loss = ModelCheckpoint.builder().monitor("val_loss");

    assertThat(loss.build().stateKey())
        .isEqualTo(
            "ModelCheckpoint{monitor=val_loss, mode=MIN, everyNTrainSteps=0, everyNEpochs=1,"
                + " trainTimeInterval=null}");
    assertThat(loss.everyNTrainSteps(10).build().stateKey())
        .contains("everyNTrainSteps=10, everyNEpochs=0");
    assertThat(
            ModelCheckpoint.builder().trainTimeInterval(Duration.ofMinutes(5)).build().stateKey())
        .contains("trainTimeInterval=PT5M");
  }
}
