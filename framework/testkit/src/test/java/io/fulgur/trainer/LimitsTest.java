package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
  private static Counts fit(UnaryOperator<TrainerBuilder> how, DataModule data) {
    Counts counts = new Counts();
    how.apply(TestTrainers.quiet().callback(counts)).build().fit(new BoringModule(), data);
    return counts;
  }

  @ParameterizedTest
  @CsvSource({"100, 64", "7, 7", "1, 1"})
  void limitTrainBatches_count_isClippedToTheLoader(int limit, int expected) {
    Counts counts = fit(t -> t.maxEpochs(1).limitTrainBatches(limit), BoringData.module());

    assertThat(counts.training).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 6", "0.25, 16", "1.0, 64"})
  void limits_fraction_roundDown(double fraction, int expected) {
    Counts counts = new Counts();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(1)
            .numSanityValSteps(0)
            .limitTrainBatches(fraction)
            .limitValBatches(fraction)
            .limitTestBatches(fraction)
            .limitPredictBatches(fraction)
            .callback(counts)
            .build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module());
    trainer.test(module, BoringData.module());
    trainer.predict(module, BoringData.module());

    assertThat(counts.training).isEqualTo(expected);
    assertThat(counts.validation[0]).isEqualTo(expected);
    assertThat(counts.test).isEqualTo(expected);
    assertThat(counts.predict).isEqualTo(expected);
  }

  @Test
  void limitTrainBatches_fractionOfNothing_saysTheSmallestThatWorks() {
    assertThatThrownBy(
            () -> fit(t -> t.maxEpochs(1).limitTrainBatches(0.01), BoringData.module(10, 1)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[InvalidOptions]")
        .hasMessageContaining("limitTrainBatches is the fraction 0.01")
        .hasMessageContaining("Use at least 0.1");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "64, 64"})
  void overfitBatches_count_limitsTrainingAndValidation(int batches, int expected) {
    Counts counts =
        fit(
            t -> t.maxEpochs(1).numSanityValSteps(0).overfitBatches(batches).limitTrainBatches(50),
            BoringData.module());

    assertThat(counts.training).isEqualTo(expected);
    assertThat(counts.validation[0]).isEqualTo(expected);
  }

  @Test
  void overfitBatches_shuffledData_readsTheSameBatchEachEpoch() {
    Set<Double> seen = new HashSet<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            seen.add((double) batch.get(BoringData.FEATURES).toFloatArray()[0]);
          }
        };
    DataLoader shuffled = DataLoader.builder(BoringData.dataset(64)).shuffle(true).seed(3).build();
    TestTrainers.quiet()
        .maxEpochs(4)
        .overfitBatches(1)
        .callback(watch)
        .build()
        .fit(new BoringModule(), shuffled);

    assertThat(seen).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"4, 100, 12", "4, 1, 2", "-1, 100, 72", "0, 100, 0"})
  void numSanityValSteps_twoLoaders_triesThatManyOfEach(int steps, int limit, int expected) {
    DataModule data =
        DataModule.of(BoringData.loader(1), BoringData.loader(8), BoringData.loader(64));
    Counts counts = fit(t -> t.maxEpochs(1).numSanityValSteps(steps).limitValBatches(limit), data);

    assertThat(IntStream.of(counts.sanity).sum())
        .isEqualTo(steps == 4 && limit == 100 ? 8 : expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "3, 1", "3, 2", "4, 3"})
  void valCheckInterval_fraction_validatesThatOftenInEachEpoch(int divisor, int epochs) {
    Counts counts =
        fit(
            t -> t.maxEpochs(epochs).valCheckInterval(1.0 / divisor).limitValBatches(1),
            BoringData.module());

    assertThat(counts.validatedAt).hasSize(divisor * epochs);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 2", "5, 2"})
  void checkValEveryNEpoch_two_validatesEverySecondEpoch(int epochs, int expected) {
    Counts counts = fit(t -> t.maxEpochs(epochs).checkValEveryNEpoch(2), BoringData.module(2, 1));

    assertThat(counts.validatedAt).hasSize(expected);
  }

  @Test
  void valCheckInterval_moreThanAnEpoch_isAnError() {
    assertThatThrownBy(
            () -> fit(t -> t.maxEpochs(1).valCheckInterval(100), BoringData.module(10, 1)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("valCheckInterval is 100 batches, but an epoch has 10");
  }

  @Test
  void valCheckAcrossEpochs_validatesAfterThatManyBatchesOfAllEpochs() {
    Counts counts =
        fit(
            t -> t.maxEpochs(5).valCheckInterval(4).valCheckAcrossEpochs(true),
            BoringData.module(3, 1));

    assertThat(counts.validatedAt).hasSize(15 / 4);
  }

  @ParameterizedTest
  @CsvSource({"3, 42, 42, 2", "2, 192, 64, 2", "-1, 3, 3, 1", "0, -1, 0, 0", "5, 0, 0, 0"})
  void maxEpochsAndMaxSteps_theFirstReachedEnds(
      int maxEpochs, int maxSteps, int steps, int epochs) {
    Counts counts = new Counts();
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(maxEpochs).maxSteps(maxSteps).callback(counts).build();
    trainer.fit(new BoringModule(), BoringData.module(32, 1));

    assertThat(counts.optimizerSteps).isEqualTo(steps);
    assertThat(trainer.globalStep()).isEqualTo(steps);
    assertThat(trainer.currentEpoch()).isEqualTo(epochs);
  }

  @Test
  void fit_afterTheLimitWasReached_trainsNoMore() {
    Trainer trainer = TestTrainers.quiet().maxEpochs(5).maxSteps(10).build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module(20, 1));
    trainer.fit(module, BoringData.module(20, 1));

    assertThat(trainer.globalStep()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"2, 5, 10", "3, 8, 24", "4, 12, 40"})
  void skipRestOfEpoch_atABatch_leavesItOut(int epochs, int batch, int expected) {
    Callback skip =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch ignored, int batchIndex) {
            if (batchIndex == batch) {
              trainer.skipRestOfEpoch();
            }
          }
        };
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(epochs).limitTrainBatches(10).callback(skip).build();
    trainer.fit(new BoringModule(), BoringData.module());

    assertThat(trainer.globalStep()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 20, 20", "2, 10, 10", "3, 7, 7"})
  void accumulateGradBatches_stepsOnceAWindowAndAtTheEnd(int window, int zeroGrads, int steps) {
    Counts counts =
        fit(t -> t.maxEpochs(1).accumulateGradBatches(window), BoringData.module(20, 1));

    assertThat(counts.zeroGrads).isEqualTo(zeroGrads);
    assertThat(counts.optimizerSteps).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "2, 32", "3, 22"})
  void estimatedSteppingBatches_roundsWindowsUp(int window, double expected) {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).accumulateGradBatches(window).build();
    trainer.fit(new BoringModule(), BoringData.module(64, 1));

    assertThat(trainer.estimatedSteppingBatches()).isEqualTo(expected);
  }

  /** Asks training to stop at the first validation. */
  private static final class StopAtValidation extends Counts {
    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      super.onValidationEnd(trainer, module);
      if (!trainer.isSanityChecking()) {
        trainer.stop();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 0, 3, 6", "0, 3, 2, 3", "0, 0, 1, 2"})
  void stop_beforeTheMinima_waitsForThem(int minEpochs, int minSteps, int validations, int steps) {
    StopAtValidation counts = new StopAtValidation();
    TestTrainers.quiet()
        .maxEpochs(3)
        .minEpochs(minEpochs)
        .minSteps(minSteps)
        .callback(counts)
        .build()
        .fit(new BoringModule(), BoringData.module(2, 1));

    assertThat(counts.validatedAt).hasSize(validations);
    assertThat(counts.optimizerSteps).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void fastDevRun_runsThatManyBatchesOfEverything(int batches) {
    Counts counts = new Counts();
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(9).fastDevRun(batches).callback(counts).build();
    BoringModule module = new BoringModule();
    trainer.fit(module, BoringData.module());
    trainer.test(module, BoringData.module());

    assertThat(counts.training).isEqualTo(batches);
    assertThat(counts.validation[0]).isEqualTo(batches);
    assertThat(counts.test).isEqualTo(batches);
    assertThat(counts.sanity).containsOnly(0);
    assertThat(trainer.options().maxSteps()).isEqualTo(batches);
    assertThat(trainer.currentEpoch()).isEqualTo(1);
    assertThat(trainer.isFastDevRun()).isTrue();
  }

  @Test
  void fastDevRun_accumulating_stepsAtBatches1And3Only() {
    Counts counts = fit(t -> t.fastDevRun(4).accumulateGradBatches(2), BoringData.module());

    assertThat(counts.optimizerSteps).isEqualTo(2);
    assertThat(counts.training).isEqualTo(4);
  }
}
