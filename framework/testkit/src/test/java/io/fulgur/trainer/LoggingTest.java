package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.fulgur.Trainer;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Reduction;
import io.fulgur.log.RunStatus;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("UnusedMethod") // The trainer calls them.
class LoggingTest {
  private final RecordingLogger logger = new RecordingLogger();

  /** Logs in its training step what a test says, and nothing else in validation. */
  abstract static class LoggingModule extends BoringModule {
    abstract void logBatch(Batch batch, int batchIndex);

    @Override
    protected Tensor trainingStep(Batch batch, int batchIndex) {
      logBatch(batch, batchIndex);
      return loss(batch);
    }

    @Override
    protected void validationStep(Batch batch) {}
  }

  /** Logs the index of each batch. */
  static LoggingModule logsIndex(LogOptions options) {
    return new LoggingModule() {
      @Override
      void logBatch(Batch batch, int batchIndex) {
        log("foo", batchIndex, options);
      }
    };
  }

  private Trainer fit(FulgurModule module, int epochs, int batches) {
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(epochs).logEveryNSteps(1).build();
    trainer.fit(module, BoringData.loader(batches));
    return trainer;
  }

  @Test
  void log_bothLevels_goesToStepsAndToTheLastStepOfTheEpoch() {
    fit(logsIndex(LogOptions.onStep().onEpoch()), 2, 2);

    assertThat(logger.entries())
        .containsExactly(
            new RecordingLogger.Entry(0, Map.of("foo_step", 0.0, "epoch", 0.0)),
            new RecordingLogger.Entry(1, Map.of("foo_step", 1.0, "epoch", 0.0)),
            new RecordingLogger.Entry(1, Map.of("foo_epoch", 0.5, "epoch", 0.0)),
            new RecordingLogger.Entry(2, Map.of("foo_step", 0.0, "epoch", 1.0)),
            new RecordingLogger.Entry(3, Map.of("foo_step", 1.0, "epoch", 1.0)),
            new RecordingLogger.Entry(3, Map.of("foo_epoch", 0.5, "epoch", 1.0)));
    assertThat(logger.finished()).containsExactly(RunStatus.SUCCESS);
  }

  @ParameterizedTest
  @CsvSource({"MIN, 3, 0", "MAX, 3, 2", "MAX, 11, 10", "MEAN, 5, 2", "SUM, 5, 10"})
  void log_reduction_reducesTheEpoch(Reduction reduction, int batches, double expected) {
    Trainer trainer =
        fit(logsIndex(LogOptions.onStep(false).onEpoch().reduce(reduction)), 1, batches);

    assertThat(trainer.callbackMetrics()).containsOnly(entry("foo", expected));
  }

  @Test
  void log_levels_decideOnNames() {
    LoggingModule module =
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("default", 1);
            log("l_s", 2, LogOptions.onStep().onEpoch(false));
            log("l_e", 3, LogOptions.onStep(false).onEpoch());
            log("l_se", 4, LogOptions.onStep().onEpoch());
          }
        };
    Trainer trainer = fit(module, 1, 1);

    assertThat(trainer.loggedMetrics())
        .containsOnlyKeys("default", "l_s", "l_e", "l_se_step", "l_se_epoch");
    assertThat(trainer.callbackMetrics())
        .containsOnlyKeys("default", "l_s", "l_e", "l_se_step", "l_se_epoch", "l_se");
  }

  @Test
  void log_destinations_areRespected() {
    LoggingModule module =
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("shown", 1, LogOptions.progressBar().logger(false));
            log("sent", 2);
          }
        };
    Trainer trainer = fit(module, 1, 1);

    assertThat(trainer.progressBarMetrics()).containsOnlyKeys("shown");
    assertThat(trainer.loggedMetrics()).containsOnlyKeys("sent");
    assertThat(trainer.callbackMetrics()).containsOnlyKeys("shown", "sent");
  }

  @Test
  void log_mean_isWeightedByBatchSize() {
    LoggingModule module =
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("own", batchIndex, LogOptions.onEpoch());
            log("given", batchIndex, LogOptions.onEpoch().batchSize(1));
          }
        };
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).build();
    trainer.fit(module, DataLoader.builder(BoringData.dataset(4)).batchSize(3).build());

    assertThat(trainer.callbackMetrics().get("own")).isEqualTo(1.0 / 4);
    assertThat(trainer.callbackMetrics().get("given")).isEqualTo(1.0 / 2);
  }

  @Test
  void log_everyNSteps_sendsEachNthStepAndEveryEpoch() {
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(2).logEveryNSteps(3).build();
    trainer.fit(logsIndex(LogOptions.onStep().onEpoch()), BoringData.loader(4));

    assertThat(logger.entries("foo_step").stream().map(RecordingLogger.Entry::step))
        .containsExactly(2L, 5L);
    assertThat(logger.entries("foo_epoch").stream().map(RecordingLogger.Entry::step))
        .containsExactly(3L, 7L);
  }

  @Test
  void log_never_sendsEpochsOnly() {
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(1).logEveryNSteps(0).build();
    trainer.fit(logsIndex(LogOptions.onStep().onEpoch()), BoringData.loader(4));

    assertThat(logger.entries("foo_step")).isEmpty();
    assertThat(logger.entries("foo_epoch")).hasSize(1);
  }

  @Test
  void log_accumulating_sendsOnlyStepsOfTheOptimizer() {
    Trainer trainer =
        TestTrainers.quiet(logger).maxEpochs(1).logEveryNSteps(1).accumulateGradBatches(2).build();
    trainer.fit(logsIndex(LogOptions.onStep()), BoringData.loader(5));

    assertThat(logger.entries())
        .extracting(RecordingLogger.Entry::step, e -> e.values().get("foo"))
        .containsExactly(tuple(0L, 1.0), tuple(1L, 3.0), tuple(2L, 4.0));
  }

  @Test
  void log_metricCalledStep_saysWhereOnTheAxis() {
    LoggingModule module =
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("foo", 1);
            log("step", 100 + batchIndex);
            log("epoch", 7);
          }
        };
    fit(module, 1, 2);

    assertThat(logger.entries())
        .containsExactly(
            new RecordingLogger.Entry(100, Map.of("foo", 1.0, "epoch", 7.0)),
            new RecordingLogger.Entry(101, Map.of("foo", 1.0, "epoch", 7.0)));
  }

  /** Logs a different value for each loader. */
  static class TwoLoaders extends FulgurModule {
    private final LogOptions options;

    TwoLoaders(LogOptions options) {
      this.options = options;
    }

    @ValidationStep
    void validate(int batchIndex, int dataloaderIndex) {
      log("val_loss", (1 + batchIndex) * (1 + dataloaderIndex), options);
    }

    @On(Hook.VALIDATION_EPOCH_END)
    void end() {
      log("foobar", 3);
    }
  }

  private static final DataModule TWO =
      DataModule.builder().validation(BoringData.loader(5), BoringData.loader(5)).build();

  @Test
  void validate_twoLoaders_suffixesNames() {
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(1).build();
    List<Map<String, Double>> results =
        trainer.validate(new TwoLoaders(LogOptions.defaults()), TWO);

    assertThat(results)
        .containsExactly(
            Map.of("val_loss/dataloader_idx_0", 3.0, "foobar", 3.0),
            Map.of("val_loss/dataloader_idx_1", 6.0, "foobar", 3.0));
    assertThat(logger.entries()).hasSize(1);
    assertThat(trainer.callbackMetrics())
        .containsOnlyKeys("val_loss/dataloader_idx_0", "val_loss/dataloader_idx_1", "foobar");
  }

  @Test
  void validate_withoutDataloaderIndex_keepsNames() {
    List<Map<String, Double>> results =
        TestTrainers.quiet()
            .maxEpochs(1)
            .build()
            .validate(new TwoLoaders(LogOptions.onEpoch().addDataloaderIndex(false)), TWO);

    assertThat(results)
        .containsExactly(
            Map.of("val_loss", 3.0, "foobar", 3.0), Map.of("val_loss", 6.0, "foobar", 3.0));
  }

  @Test
  void log_inEvaluationSteps_obeysTheInterval() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected void validationStep(Batch batch) {
            log("val", 1, LogOptions.onStep().onEpoch());
          }
        };
    Trainer trainer =
        TestTrainers.quiet(logger).maxEpochs(2).logEveryNSteps(4).numSanityValSteps(0).build();
    trainer.fit(module, BoringData.module(1, 6));

    assertThat(logger.entries("val_step").stream().map(RecordingLogger.Entry::step))
        .containsExactly(3L, 7L, 11L);
    assertThat(trainer.callbackMetrics()).containsKeys("val_epoch", "val");
    assertThat(trainer.callbackMetrics()).doesNotContainKey("val_step");
  }

  @Test
  void sanityCheck_leavesNoMetrics() {
    Callback check =
        new Callback() {
          @Override
          public void onTrainStart(Trainer trainer, FulgurModule module) {
            assertThat(trainer.callbackMetrics()).isEmpty();
            assertThat(trainer.progressBarMetrics()).isEmpty();
          }
        };
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(1).callback(check).build();
    trainer.fit(new BoringModule(), BoringData.module(1, 2));

    assertThat(logger.entries("val_loss")).hasSize(1);
  }

  @Test
  void callbackMetrics_atTheEndOfAnEpoch_holdWhatItReducedTo() {
    double[] seen = new double[2];
    Callback monitor =
        new Callback() {
          @Override
          public Order order() {
            return Order.MONITOR;
          }

          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            seen[0] = trainer.callbackMetrics().get("foo_epoch");
            seen[1] = trainer.callbackMetrics().get("late");
          }
        };
    LoggingModule module =
        new LoggingModule() {
          @Override
          void logBatch(Batch batch, int batchIndex) {
            log("foo", batchIndex, LogOptions.onEpoch());
          }

          @On(Hook.TRAIN_EPOCH_END)
          void end() {
            log("late", 5);
          }
        };
    TestTrainers.quiet().maxEpochs(1).callback(monitor).build().fit(module, BoringData.loader(3));

    assertThat(seen).containsExactly(1.0, 5.0);
  }

  @Test
  void log_fromACallback_isAsFromTheModule() {
    Callback logs =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            trainer.log("lr", 0.5, LogOptions.defaults());
          }
        };
    Trainer trainer =
        TestTrainers.quiet(logger).maxEpochs(1).logEveryNSteps(1).callback(logs).build();
    trainer.fit(new BoringModule(), BoringData.loader(2));

    assertThat(logger.entries("lr")).hasSize(2);
  }
}
