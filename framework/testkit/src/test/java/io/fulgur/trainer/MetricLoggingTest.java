package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Trainer;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Reduction;
import io.fulgur.metric.Accuracy;
import io.fulgur.metric.ConfusionMatrix;
import io.fulgur.metric.MeanMetric;
import io.fulgur.metric.MetricCollection;
import io.fulgur.metric.Precision;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.Module;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuppressWarnings("UnusedMethod") // The trainer calls them.
class MetricLoggingTest {
  private final RecordingLogger logger = new RecordingLogger();

  /** Logs metrics in training as a test says; validation logs nothing. */
  abstract static class MetricModule extends BoringModule {
    final MeanMetric mean = new MeanMetric();

    abstract void logBatch(int batchIndex);

    @Override
    protected Tensor trainingStep(Batch batch, int batchIndex) {
      logBatch(batchIndex);
      return loss(batch);
    }

    @Override
    protected void validationStep(Batch batch) {}
  }

  private Trainer fit(FulgurModule module, int epochs, int batches) {
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(epochs).logEveryNSteps(1).build();
    trainer.fit(module, BoringData.loader(batches));
    return trainer;
  }

  private static Tensor labels(long... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void log_metricAtBothLevels_logsTheBatchAndTheEpochAndStartsAnew() {
    MetricModule module =
        new MetricModule() {
          @Override
          void logBatch(int batchIndex) {
            log(
                "foo",
                mean.update(batchIndex + 10.0 * currentEpoch()),
                LogOptions.onStep().onEpoch().progressBar());
          }
        };
    Trainer trainer = fit(module, 2, 2);

    assertThat(logger.entries())
        .containsExactly(
            new RecordingLogger.Entry(0, Map.of("foo_step", 0.0, "epoch", 0.0)),
            new RecordingLogger.Entry(1, Map.of("foo_step", 1.0, "epoch", 0.0)),
            new RecordingLogger.Entry(1, Map.of("foo_epoch", 0.5, "epoch", 0.0)),
            new RecordingLogger.Entry(2, Map.of("foo_step", 10.0, "epoch", 1.0)),
            new RecordingLogger.Entry(3, Map.of("foo_step", 11.0, "epoch", 1.0)),
            new RecordingLogger.Entry(3, Map.of("foo_epoch", 10.5, "epoch", 1.0)));
    assertThat(trainer.callbackMetrics())
        .isEqualTo(Map.of("foo_step", 11.0, "foo_epoch", 10.5, "foo", 10.5));
    assertThat(trainer.progressBarMetrics()).isEqualTo(Map.of("foo_step", 11.0, "foo_epoch", 10.5));
    assertThat(module.mean.compute()).isNaN();
  }

  @Test
  void log_accuracyOf8In32Batches_isAQuarter() {
    class Validating extends BoringModule {
      final Accuracy accuracy = Accuracy.multiclass(4);
      int batch;

      @Override
      @ValidationStep
      protected void validationStep(Batch ignored) {
        long predicted = batch++ < 8 ? 1 : 2;
        log("val_acc", accuracy.update(labels(predicted), labels(1)));
      }
    }
    Trainer trainer = TestTrainers.quiet().build();

    List<Map<String, Double>> results =
        trainer.validate(new Validating(), BoringData.module(1, 32));

    assertThat(results).containsExactly(Map.of("val_acc", 0.25));
  }

  @Test
  void log_severalDataloaders_haveAValueEach() {
    class Validating extends FulgurModule {
      final MeanMetric mean = new MeanMetric();
      final List<Double> atTheEnd = new ArrayList<>();

      @ValidationStep
      void validate(int batchIndex, int dataloaderIndex) {
        log("foo", mean.update(batchIndex + 100.0 * dataloaderIndex));
      }

      @On(Hook.VALIDATION_EPOCH_END)
      void end() {
        atTheEnd.add(mean.compute());
      }
    }
    Validating module = new Validating();
    Trainer trainer = TestTrainers.quiet().build();
    DataModule data =
        DataModule.builder().validation(BoringData.loader(3), BoringData.loader(2)).build();
    List<Map<String, Double>> expected =
        List.of(Map.of("foo/dataloader_idx_0", 1.0), Map.of("foo/dataloader_idx_1", 100.5));

    assertThat(trainer.validate(module, data)).isEqualTo(expected);
    assertThat(trainer.validate(module, data)).isEqualTo(expected);
    // The last loader's is still there for hooks at the end.
    assertThat(module.atTheEnd).containsExactly(100.5, 100.5);
    assertThat(module.mean.compute()).isNaN();
  }

  @Test
  void log_atTheEndOfAnEpoch_computesAtOnce() {
    MetricModule module =
        new MetricModule() {
          @Override
          void logBatch(int batchIndex) {
            mean.update(batchIndex);
          }

          @On(Hook.TRAIN_EPOCH_END)
          void end() {
            log("foo", mean);
          }
        };
    Trainer trainer = fit(module, 2, 3);

    assertThat(trainer.callbackMetrics()).isEqualTo(Map.of("foo", 1.0));
    assertThat(logger.entries("foo"))
        .extracting(entry -> entry.values().get("foo"))
        .containsExactly(1.0, 1.0);
  }

  /** What a metric counts, and how often it was computed. */
  static final class Counting implements ScalarMetric {
    int updates;
    int computed;
    int batchValues;

    Counting update() {
      updates++;
      return this;
    }

    @Override
    public double compute() {
      computed++;
      return updates;
    }

    @Override
    public double batchValue() {
      batchValues++;
      return 1;
    }

    @Override
    public void reset() {
      updates = 0;
    }

    @Override
    public void merge(io.fulgur.metric.Metric other) {
      updates += ((Counting) other).updates;
    }

    @Override
    public Counting emptyCopy() {
      return new Counting();
    }

    @Override
    public io.fulgur.checkpoint.State state() {
      return io.fulgur.checkpoint.State.builder().put("updates", (long) updates).build();
    }

    @Override
    public void loadState(io.fulgur.checkpoint.State state) {
      updates = state.intValue("updates");
    }
  }

  @Test
  void log_metricOfOnesOwn_isComputedOnceAnEpochAndNotForSteps() {
    Counting counting = new Counting();
    MetricModule module =
        new MetricModule() {
          final Counting mine = counting;

          @Override
          void logBatch(int batchIndex) {
            log("foo", mine.update(), LogOptions.onStep(false).onEpoch());
          }
        };
    Trainer trainer = fit(module, 3, 4);

    assertThat(trainer.callbackMetrics()).isEqualTo(Map.of("foo", 4.0));
    assertThat(counting.computed).isEqualTo(3);
    assertThat(counting.batchValues).isZero();
  }

  @Test
  void logAll_collectionInSubmodule_logsWhatIsANumber() {
    class Head extends Module {
      final List<MetricCollection> metrics =
          List.of(
              MetricCollection.of(
                  "acc",
                  Accuracy.multiclass(3),
                  "prec",
                  Precision.multiclass(3),
                  "matrix",
                  ConfusionMatrix.multiclass(3)));
    }
    MetricModule module =
        new MetricModule() {
          final Head head = new Head();

          @Override
          void logBatch(int batchIndex) {
            logAll(
                head.metrics.get(0).update(labels(0, 1, batchIndex), labels(0, 1, 2)),
                LogOptions.onStep(false).onEpoch());
          }
        };
    Trainer trainer = fit(module, 1, 2);

    assertThat(trainer.callbackMetrics()).containsOnlyKeys("acc", "prec");
    assertThat(trainer.callbackMetrics().get("acc")).isCloseTo(4.0 / 6, within(1e-15));
  }

  @Test
  void log_failedRun_leavesNothingInTheMetric() {
    MetricModule module =
        new MetricModule() {
          @Override
          void logBatch(int batchIndex) {
            log("foo", mean.update(5), LogOptions.onEpoch());
            throw new IllegalStateException("mid-epoch");
          }
        };

    assertThatThrownBy(() -> fit(module, 1, 2)).hasStackTraceContaining("mid-epoch");
    assertThat(module.mean.compute()).isNaN();
  }

  // ---------------------------------------------------------------- misuse

  private void assertMisuse(FulgurModule module, String... parts) {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).numSanityValSteps(0).build();
    assertThatThrownBy(() -> trainer.fit(module, BoringData.module(2, 2)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void log_metricOfNoField_isAnError() {
    assertMisuse(
        new MetricModule() {
          @Override
          void logBatch(int batchIndex) {
            log("foo", new MeanMetric().update(1));
          }
        },
        "[InvalidLoggedValue]",
        "\"foo\" was logged with a MeanMetric that no field of",
        "Keep it in a field; the module has: mean.");
  }

  @Test
  void log_sameMetricInTrainingAndValidation_isAnError() {
    class Sharing extends MetricModule {
      @Override
      void logBatch(int batchIndex) {
        log("train_foo", mean.update(1));
      }

      @Override
      @ValidationStep
      protected void validationStep(Batch batch) {
        log("val_foo", mean.update(1));
      }
    }
    assertMisuse(
        new Sharing(),
        "[InvalidLoggedValue]",
        "\"val_foo\" was logged in the validation step with the same MeanMetric as \"train_foo\" in"
            + " training",
        "a metric for each");
  }

  @Test
  void log_metricWithReduction_isAnError() {
    assertMisuse(
        new MetricModule() {
          @Override
          void logBatch(int batchIndex) {
            log("foo", mean.update(1), LogOptions.reduce(Reduction.MAX));
          }
        },
        "[InvalidLogOptions]",
        "Leave reduce and batchSize out");
  }

  @Test
  void log_metricWithoutASingleValue_isAnError() {
    assertMisuse(
        new MetricModule() {
          final ConfusionMatrix matrix = ConfusionMatrix.binary();

          @Override
          void logBatch(int batchIndex) {
            logAll(Map.of("foo", matrix));
          }
        },
        "[InvalidLoggedValue]",
        "\"foo\" was logged with a ConfusionMatrix, which is not a single number");
  }

  @Test
  void log_otherMetricOfTheSameName_isAnError() {
    assertMisuse(
        new MetricModule() {
          final MeanMetric other = new MeanMetric();

          @Override
          void logBatch(int batchIndex) {
            log("foo", batchIndex == 0 ? mean.update(1) : other.update(1));
          }
        },
        "[InvalidLoggedValue]",
        "with another metric than before in this epoch");
  }

  @Test
  void log_numberWhereAMetricWas_isAnError() {
    assertMisuse(
        new MetricModule() {
          @Override
          void logBatch(int batchIndex) {
            if (batchIndex == 0) {
              log("foo", mean.update(1));
            } else {
              log("foo", 1);
            }
          }
        },
        "[InvalidLoggedValue]",
        "once with a metric and once with a number");
  }
}
