package io.fulgur.callback.checkpoint;

import static io.fulgur.callback.checkpoint.CheckpointRuns.files;
import static io.fulgur.callback.checkpoint.CheckpointRuns.step;
import static io.fulgur.callback.checkpoint.CheckpointRuns.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is saved when training fails. */
class SaveOnExceptionTest {
  @TempDir private Path dir;

  private ModelCheckpointBuilder saving() {
    return ModelCheckpoint.builder()
        .dirPath(dir)
        .fileName("failed-{step}")
        .everyNEpochs(0)
        .saveOnException(true);
  }

  /** Fails in a hook as soon as a condition holds. */
  private static Callback failing(String hook, Predicate<Trainer> when) {
    return (Callback)
        Proxy.newProxyInstance(
            SaveOnExceptionTest.class.getClassLoader(),
            new Class<?>[] {Callback.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(hook) && when.test((Trainer) arguments[0])) {
                throw new IllegalStateException("out of luck");
              }
              return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "failing in " + hook;
                default -> InvocationHandler.invokeDefault(proxy, method, arguments);
              };
            });
  }

  private void fitFails(TrainerBuilder trainer, int validationBatches) {
    assertThatThrownBy(
            () -> trainer.build().fit(new BoringModule(), BoringData.module(4, validationBatches)))
        .hasMessageContaining("out of luck");
  }

  @ParameterizedTest
  @CsvSource({
    "onTrainStart, 0",
    "onTrainEpochStart, 0",
    "onTrainBatchStart, 0",
    "onBeforeZeroGrad, 0",
    "onBeforeBackward, 0",
    "onAfterBackward, 0",
    "onBeforeOptimizerStep, 0",
    "onTrainBatchEnd, 1",
    "onValidationStart, 4",
    "onValidationEpochStart, 4",
    "onValidationBatchStart, 4",
    "onValidationBatchEnd, 4",
    "onValidationEpochEnd, 4",
    "onValidationEnd, 4",
    "onTrainEpochEnd, 4",
    "onTrainEnd, 8"
  })
  void fit_failsInAnyHookOfTraining_savesThatStep(String hook, int step) {
    fitFails(trainer(2, failing(hook, trainer -> true), saving().build()).numSanityValSteps(0), 1);

    assertThat(files(dir)).isEqualTo("failed-step=" + step);
    assertThat(step(dir.resolve("failed-step=" + step + ".ckpt"))).isEqualTo(step);
  }

  @Test
  void fit_failsInTheMiddle_canGoOnFromThere() {
    fitFails(
        trainer(
            2, failing("onBeforeBackward", trainer -> trainer.globalStep() == 6), saving().build()),
        1);
    Trainer resumed = trainer(2).enableCheckpointing(false).build();
    resumed.fit(new BoringModule(), BoringData.module(4, 1), dir.resolve("failed-step=6.ckpt"));

    assertThat(resumed.globalStep()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setup",
        "onFitStart",
        "onSanityCheckStart",
        "onValidationBatchStart",
        "onSanityCheckEnd"
      })
  void fit_failsBeforeTraining_savesNothing(String hook) {
    fitFails(trainer(2, failing(hook, trainer -> true), saving().build()), 2);

    assertThat(files(dir)).isEmpty();
  }

  @Test
  void fit_failsInAFastDevRun_savesNothing() {
    fitFails(
        trainer(2, failing("onTrainBatchEnd", trainer -> true), saving().build()).fastDevRun(2), 1);

    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void fit_stepIsSavedAlready_isNotSavedAgain() {
    fitFails(
        trainer(
            2,
            saving().everyNEpochs(1).build(),
            failing("onTrainEpochStart", trainer -> trainer.currentEpoch() == 1)),
        1);

    assertThat(files(dir)).isEqualTo("failed-step=4");
  }

  @Test
  void fit_fails_neitherRanksNorDeletes() {
    ModelCheckpoint checkpoint =
        ModelCheckpoint.builder()
            .dirPath(dir)
            .monitor("val_loss")
            .fileName("{step}")
            .saveOnException(true)
            .saveLast(SaveLast.LINK)
            .build();
    fitFails(
        trainer(3, checkpoint, failing("onTrainBatchEnd", trainer -> trainer.globalStep() == 6)),
        1);

    assertThat(files(dir)).isEqualTo("last step=4 step=6");
    assertThat(checkpoint.bestModelPath()).isEqualTo(dir.resolve("step=4.ckpt"));
    assertThat(step(dir.resolve("last.ckpt"))).isEqualTo(6);
  }

  @Test
  void fit_failsBeforeTheMetricOfItsName_isNamedByEpochAndStep() {
    fitFails(
        trainer(
            2,
            saving().fileName("{val_loss:.2f}").build(),
            failing("onTrainBatchEnd", trainer -> trainer.globalStep() == 2)),
        1);

    assertThat(files(dir)).isEqualTo("epoch=0-step=2");
  }

  // ---------------------------------------------------------------- OnExceptionCheckpoint

  @Test
  void onExceptionCheckpoint_fails_savesAndTheNextFitGoesOnAndDeletes() {
    OnExceptionCheckpoint checkpoint = new OnExceptionCheckpoint(dir);
    fitFails(
        trainer(2, checkpoint, failing("onTrainBatchEnd", trainer -> trainer.globalStep() == 6)),
        1);
    assertThat(files(dir)).isEqualTo("on_exception");
    assertThat(checkpoint.lastModelPath()).isEqualTo(checkpoint.path());

    CheckpointRuns.Saves saves = new CheckpointRuns.Saves();
    int[] batches = {0};
    Callback counting =
        new Callback() {
          @Override
          public void onBeforeBackward(Trainer trainer, FulgurModule module, Tensor loss) {
            batches[0]++;
          }
        };
    Trainer resumed = trainer(2, new OnExceptionCheckpoint(dir), saves, counting).build();
    resumed.fit(new BoringModule(), BoringData.module(4, 1));

    assertThat(resumed.globalStep()).isEqualTo(8);
    assertThat(batches[0]).isEqualTo(2);
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void onExceptionCheckpoint_failsAgain_isReplaced() {
    for (int step : new int[] {2, 5}) {
      fitFails(
          trainer(
              2,
              new OnExceptionCheckpoint(dir, "broken"),
              failing("onTrainBatchEnd", trainer -> trainer.globalStep() == step)),
          1);
      assertThat(files(dir)).isEqualTo("broken");
      assertThat(step(dir.resolve("broken.ckpt"))).isEqualTo(step);
    }
  }

  @Test
  void onExceptionCheckpoint_validates_leavesTheFileAlone() {
    fitFails(
        trainer(
            2,
            new OnExceptionCheckpoint(dir),
            failing("onTrainBatchEnd", trainer -> trainer.globalStep() == 2)),
        1);
    trainer(1, new OnExceptionCheckpoint(dir))
        .build()
        .validate(new BoringModule(), BoringData.module(4, 1));

    assertThat(files(dir)).isEqualTo("on_exception");
  }

  @Test
  void onExceptionCheckpoint_blankName_isAnError() {
    assertThatThrownBy(() -> new OnExceptionCheckpoint(dir, " "))
        .hasMessage(
            "[InvalidOptions] OnExceptionCheckpoint has options that cannot be:\n"
                + "1) fileName is blank. Leave it out for on_exception.");
  }
}
