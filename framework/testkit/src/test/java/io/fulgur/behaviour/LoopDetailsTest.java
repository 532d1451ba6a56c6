package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.ResumeOptions;
import io.fulgur.ResumePart;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loops do where two of their options or requests meet. */
class LoopDetailsTest {
  @TempDir private Path folder;

  private static TrainerBuilder trainer(int epochs) {
    return TestTrainers.quiet().maxEpochs(epochs).numSanityValSteps(0);
  }

  /** Tells at each validation whether there are gradients. */
  private static final class Gradients implements Callback {
    final List<Boolean> atValidation = new ArrayList<>();

    @Override
    public void onValidationStart(Trainer trainer, FulgurModule module) {
      atValidation.add(
          module.parameters().stream().allMatch(parameter -> parameter.grad() != null));
    }
  }

  @Test
  void validation_withinAWindow_leavesItsGradients() {
    Gradients gradients = new Gradients();
    trainer(1)
        .accumulateGradBatches(3)
        .valCheckInterval(2)
        .callback(gradients)
        .build()
        .fit(new BoringModule(), BoringData.module(6, 1));

    assertThat(gradients.atValidation).containsExactly(true, true, false);
  }

  @Test
  void validation_withinAWindow_doesNotChangeWhatIsLearnt() {
    BoringModule validated = new BoringModule();
    BoringModule plain = new BoringModule();
    plain.loadStateDict(validated.stateDict());
    trainer(1)
        .accumulateGradBatches(3)
        .valCheckInterval(2)
        .build()
        .fit(validated, BoringData.module(6, 1));
    trainer(1).accumulateGradBatches(3).build().fit(plain, DataModule.of(BoringData.loader(6)));

    plain
        .stateDict()
        .forEach(
            (name, expected) ->
                assertThat(validated.stateDict().get(name).toFloatArray())
                    .as(name)
                    .isEqualTo(expected.toFloatArray()));
  }

  /** Ends each epoch before its second batch. */
  private static final class Skipping implements Callback {
    @Override
    public void onTrainBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
      if (batchIndex == 1) {
        trainer.skipRestOfEpoch();
      }
    }
  }

  @Test
  void skipRestOfEpoch_schedulesOfEpochs_goOnAllTheSame() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected OptimizerPlan plan() {
            SGD optimizer = SGD.of(parameters()).learningRate(1e-3);
            return OptimizerPlan.of(optimizer).withScheduler(new StepLR(optimizer, 1, 0.5));
          }
        };
    Trainer trainer = trainer(3).callback(new Skipping()).build();
    trainer.fit(module, DataModule.of(BoringData.loader(4)));

    assertThat(trainer.globalStep()).isEqualTo(3);
    assertThat(trainer.lrSchedulers().get(0).steps()).isEqualTo(3);
  }

  @Test
  void stop_batchThatIsNotDue_isLoggedAllTheSame() {
    RecordingLogger logger = new RecordingLogger();
    TestTrainers.quiet(logger)
        .maxEpochs(1)
        .logEveryNSteps(50)
        .callback(
            new Callback() {
              @Override
              public void onTrainBatchEnd(
                  Trainer trainer,
                  FulgurModule module,
                  @Nullable StepOutput output,
                  Batch batch,
                  int batchIndex) {
                if (batchIndex == 2) {
                  trainer.stop();
                }
              }
            })
        .build()
        .fit(new BoringModule(), DataModule.of(BoringData.loader(6)));

    assertThat(logger.entries("train_loss_step"))
        .extracting(RecordingLogger.Entry::step)
        .containsExactly(2L);
  }

  @Test
  void resume_dataWithoutProgress_beginsAtTheFirstBatch() {
    Path saved = folder.resolve("within.ckpt");
    trainer(1)
        .callback(
            new Callback() {
              @Override
              public void onBeforeBackward(Trainer trainer, FulgurModule module, Tensor loss) {
                if (trainer.globalStep() == 2) {
                  trainer.saveCheckpoint(saved);
                }
              }
            })
        .build()
        .fit(new BoringModule(), DataModule.of(BoringData.loader(5)));
    Trainer resumed = trainer(1).build();
    resumed.fit(
        new BoringModule(),
        DataModule.of(BoringData.loader(5)),
        ResumeOptions.from(saved).without(ResumePart.PROGRESS));

    assertThat(resumed.totalBatches()).isEqualTo(5);
  }
}
