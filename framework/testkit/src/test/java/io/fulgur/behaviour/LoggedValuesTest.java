package io.fulgur.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.CombinedMode;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Reduction;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sees which logged values when, and what is warned of. */
@SuppressWarnings("UnusedMethod") // The trainer calls them.
class LoggedValuesTest {
  private final RecordingLogger logger = new RecordingLogger();

  private TrainerBuilder trainer() {
    return Trainer.builder()
        .maxEpochs(1)
        .logEveryNSteps(1)
        .logger(logger)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false);
  }

  /** Counts its training batches, and logs each. */
  private static class Counting extends BoringModule {
    @Override
    protected Tensor trainingStep(Batch batch, int batchIndex) {
      log("count", batchIndex, LogOptions.onStep().onEpoch());
      return loss(batch);
    }

    @Override
    protected void validationStep(Batch batch) {}
  }

  // ---------------------------------------------------------------- the interval

  /** Interval, batches of an epoch, accumulated batches, and where steps are on the x axis. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 1, 0 1 2 3 4 5",
    "2, 3, 1, 1 3 5",
    "4, 3, 1, 3",
    "7, 3, 1, ''",
    "0, 3, 1, ''",
    "1, 3, 2, 0 1 2 3",
    "2, 3, 2, 1 3",
    "1, 5, 4, 0 1 2 3"
  })
  void logEveryNSteps_epochsOfAccumulatedBatches_countsOptimizerSteps(
      int interval, int batches, int accumulated, String steps) {
    trainer()
        .maxEpochs(2)
        .logEveryNSteps(interval)
        .accumulateGradBatches(accumulated)
        .build()
        .fit(new Counting(), BoringData.loader(batches));

    List<String> seen =
        logger.entries("count_step").stream().map(each -> Long.toString(each.step())).toList();
    assertThat(String.join(" ", seen)).isEqualTo(steps);
    assertThat(logger.entries("count_epoch")).hasSize(2);
  }

  /** Whoever stops training sees the values of its last step, unless steps are never sent. */
  @ParameterizedTest
  @CsvSource({"50, 1", "0, 0"})
  void logEveryNSteps_stopped_sendsTheLastStep(int interval, int lots) {
    Callback stopping =
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
        };
    trainer()
        .logEveryNSteps(interval)
        .callback(stopping)
        .build()
        .fit(new Counting(), BoringData.loader(9));

    assertThat(logger.entries("count_step")).hasSize(lots);
  }

  // ---------------------------------------------------------------- hooks

  @Test
  void log_whenTrainingBegins_belongsToTheFirstEpoch() {
    class Beginning extends Counting {
      @On(Hook.TRAIN_START)
      void start() {
        log("start", 4);
      }
    }
    trainer().maxEpochs(2).build().fit(new Beginning(), BoringData.loader(3));

    assertThat(logger.entries("start"))
        .containsExactly(
            new RecordingLogger.Entry(2, Map.of("start", 4.0, "count_epoch", 1.0, "epoch", 0.0)));
  }

  @Test
  void log_oneNameInTwoHooksOfAStep_theLastCounts() {
    class Twice extends BoringModule {
      @Override
      protected Tensor trainingStep(Batch batch, int batchIndex) {
        log("foo", 1);
        return loss(batch);
      }

      @On(Hook.TRAIN_BATCH_END)
      void batchEnd() {
        log("foo", 2);
      }
    }
    Trainer trainer = trainer().build();
    trainer.fit(new Twice(), BoringData.loader(1));

    assertThat(logger.entries())
        .containsExactly(new RecordingLogger.Entry(0, Map.of("foo", 2.0, "epoch", 0.0)));
    assertThat(trainer.callbackMetrics()).containsOnly(entry("foo", 2.0));
  }

  @Test
  void logAll_fromACallback_takesNumbersAndTensors() {
    Callback logging =
        new Callback() {
          @Override
          public void onAfterBackward(Trainer trainer, FulgurModule module) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("number", 3);
            values.put("tensor", Tensor.scalar(0.5));
            trainer.logAll(values, LogOptions.defaults());
            trainer.log("other", Tensor.scalar(0.25), LogOptions.onStep());
            trainer.log("plain", 7);
          }
        };
    trainer().callback(logging).build().fit(new Counting(), BoringData.loader(1));

    assertThat(logger.entries().get(0).values())
        .containsEntry("number", 3.0)
        .containsEntry("tensor", 0.5)
        .containsEntry("other", 0.25)
        .containsEntry("plain", 7.0);
  }

  // ---------------------------------------------------------------- the sanity check

  @Test
  void sanityCheck_logsAtAllLevels_nobodySeesItInTraining() {
    class Validating extends BoringModule {
      @Override
      protected void validationStep(Batch batch) {
        log("val", 1, LogOptions.onStep().onEpoch().progressBar());
      }

      @On(Hook.VALIDATION_EPOCH_END)
      void end() {
        log("end", 1, LogOptions.progressBar());
      }
    }
    List<Set<String>> seen = new ArrayList<>();
    Callback looking =
        new Callback() {
          @Override
          public void onTrainStart(Trainer trainer, FulgurModule module) {
            look(trainer);
          }

          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            look(trainer);
          }

          private void look(Trainer trainer) {
            seen.add(trainer.callbackMetrics().keySet());
            seen.add(trainer.progressBarMetrics().keySet());
            seen.add(trainer.loggedMetrics().keySet());
          }
        };
    trainer().callback(looking).build().fit(new Validating(), BoringData.module(2, 3));

    Set<String> none = Set.of();
    Set<String> loss = Set.of("train_loss_step", "train_loss");
    // The second batch's come before its step is sent, as those of the first.
    assertThat(seen)
        .containsExactly(none, none, none, loss, none, none, loss, none, Set.of("train_loss_step"));
    assertThat(logger.entries("val_step").stream().map(RecordingLogger.Entry::step))
        .containsExactly(0L, 1L, 2L);
    assertThat(logger.entries("end")).hasSize(1);
  }

  // ---------------------------------------------------------------- warnings

  private static List<String> warnings(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return caught.toString(UTF_8).lines().filter(line -> line.contains("LogGatherer")).toList();
  }

  /** Batches of 2 samples beside batches of 3. */
  private static DataModule uneven() {
    DataLoader two = DataLoader.builder(BoringData.dataset(8)).batchSize(2).build();
    DataLoader three = DataLoader.builder(BoringData.dataset(12)).batchSize(3).build();
    return DataModule.of(
        DataLoader.combine(CombinedMode.MIN_SIZE).add("two", two).add("three", three).build());
  }

  /** Trains on the first part. */
  private static FulgurModule onParts(LogOptions options) {
    return new BoringModule() {
      @Override
      protected Tensor trainingStep(Batch batch, int batchIndex) {
        log("foo", batchIndex, options);
        log("bar", batchIndex, options);
        return loss(batch.part("two"));
      }
    };
  }

  @Test
  void log_meanOfPartsOfSeveralSizes_warnsOnce() {
    List<String> lines =
        warnings(() -> trainer().build().fit(onParts(LogOptions.onEpoch()), uneven()));

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .endsWith(
            "\"foo\" is weighted with 2 samples, the size of the batch's first part, but other parts"
                + " have other sizes. Say LogOptions.batchSize(n) to weight it otherwise");
  }

  @Test
  void log_partsOfSeveralSizesButNoMeanOfThem_warnsNot() {
    for (LogOptions options :
        List.of(
            LogOptions.onStep(),
            LogOptions.onEpoch().batchSize(5),
            LogOptions.onEpoch().reduce(Reduction.SUM))) {
      assertThat(warnings(() -> trainer().build().fit(onParts(options), uneven()))).isEmpty();
    }
  }

  @Test
  void log_askedForALoggerButNone_warnsOnce() {
    BoringModule module =
        new BoringModule() {
          @Override
          protected Tensor trainingStep(Batch batch, int batchIndex) {
            log("foo", 1, LogOptions.logger(true));
            log("bar", 1, LogOptions.logger(true));
            log("baz", 1);
            return loss(batch);
          }
        };
    Trainer none =
        Trainer.builder()
            .maxEpochs(1)
            .enableLogging(false)
            .enableCheckpointing(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .build();

    assertThat(warnings(() -> none.fit(module, BoringData.loader(2))))
        .singleElement()
        .asString()
        .endsWith(
            "\"foo\" is logged with logger(true), but the trainer has no logger. Give it one with"
                + " Trainer.builder().logger(...)");
    assertThat(warnings(() -> trainer().build().fit(module, BoringData.loader(2)))).isEmpty();
  }
}
