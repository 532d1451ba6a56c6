package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.data.Batch;
import io.fulgur.data.Collate;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.trainer.TestTrainers;
import io.fulgur.tune.BatchSizeTrial.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSizeFinderTest {
  /** More than any machine has: asking the engine for it fails as a lack of memory does. */
  private static final long TOO_MUCH = 1L << 40;

  @TempDir Path folder;

  /** Makes its loaders from a field when they are asked for. */
  @SaveHyperparameters
  static class Data extends DataModule {
    private final int samples;
    private int batchSize;

    Data(int samples, int batchSize) {
      this.samples = samples;
      this.batchSize = batchSize;
    }

    int batchSize() {
      return batchSize;
    }

    Dataset dataset() {
      return BoringData.dataset(samples);
    }

    @Override
    public DataLoader trainLoader() {
      return DataLoader.builder(dataset()).batchSize(batchSize).shuffle(true).build();
    }

    @Override
    public DataLoader validationLoader() {
      return DataLoader.builder(BoringData.dataset(8)).batchSize(batchSize).build();
    }
  }

  /** Needs more native memory than there is for batches of more than so many samples. */
  static class Limited extends Tunable {
    private final int most;
    private int lossesOfTooMany;

    Limited(int most) {
      super(0.1);
      this.most = most;
    }

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      Tensor loss = super.trainingLoss(batch, batchIndex);
      boolean tooMany = batch.size() > most;
      lossesOfTooMany += tooMany ? 1 : 0;
      return loss.add(Tensor.zeros(DType.F32, tooMany ? TOO_MUCH : 16).sum());
    }
  }

  private static BatchSizeResult search(
      FulgurModule module, DataModule data, BatchSizeFinderBuilder options) {
    return new Tuner(TestTrainers.quiet().maxEpochs(1).build())
        .scaleBatchSize(module, data, options.build())
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"POWER,20,16", "POWER,16,16", "BINSEARCH,20,19", "BINSEARCH,3,2"})
  void scaleBatchSize_nativeMemoryExhausted_findsTheLargestThatFits(
      BatchSizeMode mode, int most, int expected) {
    Limited module = new Limited(most);
    Data data = new Data(500, 4);
    long openBefore = openKernels();
    Map<String, double[]> weights = Tunable.weights(module);
    BatchSizeResult result = search(module, data, BatchSizeFinder.builder().mode(mode));

    assertThat(result.batchSize()).isEqualTo(expected);
    assertThat(result.trials()).extracting(BatchSizeTrial::outcome).contains(Outcome.OUT_OF_MEMORY);
    assertThat(module.lossesOfTooMany).isPositive();
    assertThat(data.batchSize()).isEqualTo(expected);
    assertThat(data.hyperparameters().asMap()).containsEntry("batchSize", (long) expected);
    assertThat(StepScope.isOpen()).isFalse();
    assertThat(openKernels()).as("kernels of failed steps").isEqualTo(openBefore);
    Tunable.weights(module)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(weights.get(name)));
  }

  private static long openKernels() {
    EngineStatistics statistics = Engine.defaultEngine().statistics();
    return statistics.preparedKernels() - statistics.closedKernels();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void scaleBatchSize_heapExhaustedWhileLoading_isALackOfMemoryToo(int workers) {
    class Hungry extends Data {
      Hungry() {
        super(500, 4);
      }

      @Override
      public DataLoader trainLoader() {
        return DataLoader.builder(dataset())
            .batchSize(batchSize())
            .workers(workers)
            .collate(
                (samples, arrays) -> {
                  if (samples.size() > 8) {
                    throw new AssertionError(new float[Integer.MAX_VALUE]);
                  }
                  return Collate.stack().collate(samples, arrays);
                })
            .build();
      }
    }

    assertThat(search(new Tunable(0.1), new Hungry(), BatchSizeFinder.builder()).batchSize())
        .isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({"50,false,50", "64,false,64", "50,true,32"})
  void scaleBatchSize_memoryForAll_endsWithTheNumberOfSamples(
      int samples, boolean dropLast, int expected) {
    class Whole extends Data {
      Whole() {
        super(samples, 4);
      }

      @Override
      public DataLoader trainLoader() {
        return DataLoader.builder(dataset()).batchSize(batchSize()).dropLast(dropLast).build();
      }
    }
    BatchSizeResult result = search(new Tunable(0.1), new Whole(), BatchSizeFinder.builder());

    assertThat(result.batchSize()).isEqualTo(expected);
  }

  @Test
  void scaleBatchSize_dataModuleOfDatasets_canBeChanged() {
    DataModule data =
        DataModule.fromDatasets(
            BoringData.dataset(100), BoringData.dataset(10), /* batchSize= */ 4);
    search(new Tunable(0.1), data, BatchSizeFinder.builder().maxVal(32));

    assertThat(data.trainLoader().length()).hasValue(4);
    assertThat(data.trainLoader().isSequential()).isFalse();
    assertThat(data.validationLoaders().get(0).length()).hasValue(1);
  }

  @Test
  void scaleBatchSize_fieldOfTheModule_isUsedWhereTheDataHasNone() {
    class WithBatchSize extends Tunable {
      private int batchSize = 3;

      WithBatchSize() {
        super(0.1);
      }
    }
    WithBatchSize module = new WithBatchSize();
    class OfModule extends DataModule {
      @Override
      public DataLoader trainLoader() {
        return DataLoader.builder(BoringData.dataset(100)).batchSize(module.batchSize).build();
      }
    }
    search(module, new OfModule(), BatchSizeFinder.builder().maxVal(16));

    assertThat(module.batchSize).isEqualTo(16);
  }

  @Test
  void scaleBatchSize_loadersMadeBefore_isAnErrorAndChangesNothing() {
    class Early extends Data {
      private final DataLoader made =
          DataLoader.builder(BoringData.dataset(100)).batchSize(7).build();

      Early() {
        super(100, 7);
      }

      @Override
      public DataLoader trainLoader() {
        return made;
      }
    }
    Early data = new Early();

    assertThatThrownBy(() -> search(new Tunable(0.1), data, BatchSizeFinder.builder()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.TUNING_FAILED))
        .hasMessage(
            "[TuningFailed] BatchSizeFinder set Early.batchSize to 2, but a batch has 7 samples."
                + " Make the loaders from the field when they are asked for, in trainLoader(), not"
                + " before.");
    assertThat(data.batchSize()).isEqualTo(7);
    assertThat(data.hyperparameters().asMap()).doesNotContainEntry("batchSize", 2L);
  }

  @Test
  void scaleBatchSize_dataModuleOfLoaders_isAnError() {
    assertThatThrownBy(
            () -> search(new Tunable(0.1), Tunable.shuffled(), BatchSizeFinder.builder()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.NOT_TUNABLE))
        .hasMessageContaining("\"batchSize\"");
  }

  @Test
  void scaleBatchSize_anotherFailure_comesOutAndTheBatchSizeIsAsBefore() {
    class Broken extends Data {
      Broken() {
        super(100, 4);
      }

      @Override
      Dataset dataset() {
        return new Dataset() {
          @Override
          public long size() {
            return 100;
          }

          @Override
          public Sample get(long index) {
            throw new IllegalStateException("unreadable");
          }
        };
      }
    }
    Broken data = new Broken();

    assertThatThrownBy(() -> search(new Tunable(0.1), data, BatchSizeFinder.builder()))
        .hasMessageContaining("unreadable");
    assertThat(data.batchSize()).isEqualTo(4);
  }

  private static Map<String, double[]> fit(String how) {
    Fulgur.seedEverything(11);
    Tunable module = new Tunable(0.05);
    // Found is the batch size that it has already.
    Data data = new Data(64, 8);
    BatchSizeFinder finder = BatchSizeFinder.builder().maxVal(8).build();
    TrainerBuilder builder = TestTrainers.quiet().maxEpochs(2);
    if (how.equals("callback")) {
      builder.callback(finder);
    }
    Trainer trainer = builder.build();
    if (how.equals("tuner")) {
      assertThat(new Tuner(trainer).scaleBatchSize(module, data, finder)).isPresent();
    }
    trainer.fit(module, data);
    Map<String, double[]> all = Tunable.weights(module);
    all.put("counters", new double[] {trainer.globalStep(), Generator.defaultGenerator().offset()});
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"callback", "tuner"})
  void fit_batchSizeUnchanged_isBitwiseThatWithoutASearch(String how) {
    Map<String, double[]> expected = fit("none");

    fit(how).forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  @Test
  void fit_withTheCallback_trainsWithWhatWasFoundAndSavesIt() {
    Data data = new Data(64, 2);
    ModelCheckpoint checkpoints = ModelCheckpoint.builder().dirPath(folder).build();
    Trainer trainer =
        Trainer.builder()
            .enableLogging(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .maxEpochs(1)
            .callbacks(
                BatchSizeFinder.builder().maxVal(16).build(),
                LearningRateFinder.builder().numTrainingSteps(20).build(),
                checkpoints)
            .build();
    trainer.fit(new Tunable(0.1), data);

    assertThat(trainer.globalStep()).isEqualTo(4);
    Path saved = Objects.requireNonNull(checkpoints.bestModelPath());
    assertThat(DataModule.loadFromCheckpoint(Data.class, saved).batchSize()).isEqualTo(16);

    Data again = new Data(64, 2);
    BatchSizeFinder finder = BatchSizeFinder.builder().maxVal(16).build();
    Trainer more = TestTrainers.quiet().maxEpochs(2).callback(finder).build();
    more.fit(new Tunable(0.1), again, saved);
    assertThat(again.batchSize()).isEqualTo(16);
    assertThat(more.globalStep()).isEqualTo(8);
    assertThat(finder.result()).isEmpty();
  }

  @Test
  void tune_fastDevRun_isSkipped() {
    Data data = new Data(64, 4);
    BatchSizeFinder finder = BatchSizeFinder.builder().build();
    TestTrainers.quiet().fastDevRun(1).callback(finder).build().fit(new Tunable(0.1), data);

    assertThat(finder.result()).isEmpty();
    assertThat(data.batchSize()).isEqualTo(4);
    assertThat(List.of(data.hyperparameters().get("batchSize", Integer.class))).containsExactly(4);
  }
}
