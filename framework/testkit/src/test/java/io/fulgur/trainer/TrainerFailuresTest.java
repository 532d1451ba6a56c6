package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.IterableDataset;
import io.fulgur.error.FulgurException;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.log.RunStatus;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.testkit.RecordingLogger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerFailuresTest {
  /** Multiplies its loss by a number from some batch on. */
  private static BoringModule spoiled(double factor, int fromBatch) {
    return new BoringModule() {
      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        Tensor loss = loss(batch);
        return batchIndex < fromBatch ? loss : loss.mul(factor);
      }
    };
  }

  @Test
  void fit_lossNotFinite_namesWhereWhenDetecting() {
    Trainer trainer = TestTrainers.quiet().maxEpochs(2).detectAnomaly(true).build();

    assertThatThrownBy(() -> trainer.fit(spoiled(Double.NaN, 3), BoringData.loader(5)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll(
            "[NonFiniteLoss] The loss is NaN at epoch 0, batch 3, step 3.", "train_loss_step=NaN");
    assertThat(trainer.globalStep()).isEqualTo(3);
  }

  @Test
  void fit_lossNotFinite_goesOnWithoutDetecting() {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).build();
    trainer.fit(spoiled(Double.POSITIVE_INFINITY, 3), BoringData.loader(5));

    assertThat(trainer.globalStep()).isEqualTo(5);
  }

  @Test
  void fit_callbackFails_namesItAndTheStep() {
    class Failing implements Callback {
      @Override
      public void onTrainBatchEnd(
          Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
        if (batchIndex == 1) {
          throw new IllegalStateException("on purpose");
        }
      }
    }
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).callback(new Failing()).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll(
            "[CallbackFailed] The callback",
            "Failing failed in onTrainBatchEnd at epoch 0, step 2: ",
            "on purpose")
        .hasRootCauseMessage("on purpose");
  }

  @Test
  void fit_callbackFailsOnException_theFirstFailureStays() {
    Callback failing =
        new Callback() {
          @Override
          public void onTrainStart(Trainer trainer, FulgurModule module) {
            throw new IllegalStateException("first");
          }

          @Override
          public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
            throw new IllegalStateException("second");
          }
        };
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).callback(failing).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(4)))
        .hasRootCauseMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void fit_loggerFails_namesIt() {
    class Failing implements Logger {
      @Override
      public void logMetrics(Metrics metrics, long step) {
        throw new IllegalStateException("on purpose");
      }

      @Override
      public String name() {
        return "failing";
      }

      @Override
      public String version() {
        return "0";
      }
    }
    Trainer trainer = TestTrainers.quiet(new Failing()).maxEpochs(1).logEveryNSteps(1).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll("[LoggerFailed]", "Failing failed in logMetrics");
  }

  @Test
  void fit_stepFails_passesOnWhatItThrew() {
    RecordingLogger logger = new RecordingLogger();
    BoringModule failing =
        new BoringModule() {
          @Override
          protected Tensor trainingStep(Batch batch, int batchIndex) {
            throw sneaky(new IOException("disk"));
          }
        };
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(1).build();

    assertThatThrownBy(() -> trainer.fit(failing, BoringData.loader(4)))
        .isInstanceOf(IOException.class)
        .hasMessage("disk");
    assertThat(logger.finished()).containsExactly(RunStatus.FAILED);
    assertThat(StepScope.isOpen()).isFalse();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void fit_afterAFailure_works() {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).detectAnomaly(true).build();
    assertThatThrownBy(() -> trainer.fit(spoiled(Double.NaN, 1), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class);
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.loader(4));

    assertThat(trainer.globalStep()).isEqualTo(5);
    assertThat(module.isTraining()).isTrue();
  }

  @Test
  void fit_validationFails_restoresTrainingMode() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected void validationStep(Batch batch) {
            throw new IllegalStateException("on purpose");
          }
        };
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).build();

    assertThatThrownBy(() -> trainer.fit(module, BoringData.module(1, 1))).hasMessage("on purpose");
    assertThat(module.isTraining()).isTrue();
    assertThat(Autograd.isGradEnabled()).isTrue();
  }

  @Test
  void run_withinARun_isAnError() {
    Callback nested =
        new Callback() {
          @Override
          public void onTrainStart(Trainer trainer, FulgurModule module) {
            trainer.validate(module, BoringData.loader(1));
          }
        };
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).callback(nested).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(1)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[AlreadyRunning] Trainer.validate was called while");
  }

  @Test
  void fit_dataThatHasNothing_isAnError() {
    IterableDataset nothing = epoch -> Collections.emptyIterator();
    Trainer trainer = TestTrainers.quiet().build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), DataLoader.builder(nothing).build()))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[EmptyDataset]");
  }

  @Test
  void fit_fractionOfDataOfUnknownLength_isAnError() {
    IterableDataset nothing = epoch -> Collections.emptyIterator();
    Trainer trainer = TestTrainers.quiet().limitTrainBatches(0.5).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), DataLoader.builder(nothing).build()))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll("limitTrainBatches is 50 %", "does not know how many batches");
  }

  @Test
  void fit_sampleThatFails_passesOnTheLoadersError() {
    IterableDataset failing =
        epoch -> {
          throw new IllegalStateException("on purpose");
        };
    Trainer trainer = TestTrainers.quiet().build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), DataLoader.builder(failing).build()))
        .hasStackTraceContaining("on purpose");
    assertThat(StepScope.isOpen()).isFalse();
  }

  @Test
  void test_withoutData_isAnError() {
    List<String> calls = new ArrayList<>();
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(1).callback(RecordingCallback.into(calls)).build();

    assertThatThrownBy(() -> trainer.test(new BoringModule(), DataModule.of(BoringData.loader(1))))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[NoLoader] Trainer.test was called, but the data has no loader");
    assertThat(calls).containsExactly("setup", "onException", "teardown");
  }
}
