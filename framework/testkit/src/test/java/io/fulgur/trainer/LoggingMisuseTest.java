package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogOptions;
import io.fulgur.testkit.BoringData;
import io.fulgur.trainer.LoggingTest.LoggingModule;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuppressWarnings("UnusedMethod") // The trainer calls them.
class LoggingMisuseTest {
  private static void assertMisuse(LoggingModule module, String... parts) {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).build();
    assertThatThrownBy(() -> trainer.fit(module, BoringData.loader(2)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void log_tensorOfTwo_isAnError() {
    assertMisuse(
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("foo", forward(batch.get(BoringData.FEATURES)));
          }
        },
        "[InvalidLoggedValue]",
        "\"foo\" was logged with a tensor of shape [1, 2]",
        "mean()");
  }

  @Test
  void log_text_isAnError() {
    assertMisuse(
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            logAll(Map.of("foo", "bar"));
          }
        },
        "[InvalidLoggedValue]",
        "java.lang.String");
  }

  @Test
  void log_noLevel_isAnError() {
    assertMisuse(
        LoggingTest.logsIndex(LogOptions.onStep(false).onEpoch(false)),
        "[InvalidLogOptions]",
        "onStep(false) and onEpoch(false)");
  }

  @Test
  void log_changedOptions_isAnError() {
    assertMisuse(
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("foo", 1, LogOptions.onEpoch(batchIndex == 0));
          }
        },
        "[InvalidLogOptions]",
        "\"foo\" was logged in the training step with",
        "same options each time");
  }

  @Test
  void log_reservedName_isAnError() {
    assertMisuse(
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("foo/dataloader_idx_0", 1);
          }
        },
        "[InvalidLogOptions]",
        "/dataloader_idx_");
  }

  @Test
  void log_onStepAtTheEndOfAnEpoch_isAnError() {
    assertMisuse(
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {}

          @On(Hook.TRAIN_EPOCH_END)
          void end() {
            log("foo", 1, LogOptions.onStep());
          }
        },
        "[InvalidLogOptions]",
        "onTrainEpochEnd");
  }

  @Test
  void log_whereNothingIsGathered_isAnError() {
    assertMisuse(
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {}

          @On(Hook.TRAIN_END)
          void end() {
            log("foo", 1);
          }
        },
        "[LoggingNotAllowed]",
        "\"foo\" was logged in onTrainEnd");
  }
}
