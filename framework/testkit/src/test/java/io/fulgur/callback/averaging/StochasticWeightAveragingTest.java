package io.fulgur.callback.averaging;

import static io.fulgur.callback.ReferenceNet.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.ReferenceNet;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.AnnealStrategy;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(CleanThread.class)
class StochasticWeightAveragingTest {
  private static final Offset<Double> TOLERANCE = Offset.offset(4e-6);

  private static StochasticWeightAveraging swa(String name) {
    StochasticWeightAveragingBuilder builder =
        StochasticWeightAveraging.builder().swaLrs(0.05).swaEpochStart(2);
    return "swa".equals(name)
        ? builder.annealingEpochs(3).build()
        : builder.annealingStrategy(AnnealStrategy.LINEAR).build();
  }

  /** Counts, and notes the learning rate and weights of each epoch. */
  private static final class Watching implements Callback {
    final List<Double> rates = new ArrayList<>();
    final Map<String, double[]> trained = new LinkedHashMap<>();
    int backwards;

    @Override
    public void onAfterBackward(Trainer trainer, FulgurModule module) {
      backwards++;
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      if (batchIndex == 0) {
        rates.add(trainer.optimizers().get(0).groups().get(0).learningRate());
      }
    }

    @Override
    public void onTrainEnd(Trainer trainer, FulgurModule module) {
      trained.putAll(ReferenceNet.weights(module));
    }
  }

  private static void assertClose(Map<String, double[]> actual, Map<String, double[]> expected) {
    expected.forEach(
        (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values, TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"swa", "swaLinear"})
  void fit_reference_givesPyTorchsWeightsStatisticsAndRates(String name) {
    ReferenceNet net = new ReferenceNet(true);
    Watching watching = new Watching();
    StochasticWeightAveraging averaging = swa(name);
    Trainer trainer = trainer(5, averaging, watching).build();
    trainer.fit(net, ReferenceNet.data());

    double[] rates = ReferenceNet.numbers(name, "rates");
    for (int i = 0; i < rates.length; i++) {
      assertThat(watching.rates.get(i)).isCloseTo(rates[i], Offset.offset(1e-12));
    }
    assertClose(watching.trained, ReferenceNet.weights(name, "trained"));
    assertClose(ReferenceNet.weights(net), ReferenceNet.weights(name, "averaged"));
    assertThat(net.stateDict().get("rest.0.numBatchesTracked").toLongArray())
        .containsExactly(ReferenceNet.BATCHES);
    assertThat(trainer.globalStep()).isEqualTo(5L * ReferenceNet.BATCHES);
  }

  /** Has statistics of batches to be recomputed. */
  private static final class Normalised extends BoringModule {
    private final BatchNorm1d norm = new BatchNorm1d(FEATURES);
    int passes;

    @Override
    public Tensor forward(Tensor input) {
      passes++;
      return super.forward(norm.call(input));
    }
  }

  /** The pass for the statistics runs neither backward nor steps. */
  @Test
  void fit_startTwoOfFiveEpochs_averagesFourAndTrainsFive() {
    Watching watching = new Watching();
    StochasticWeightAveraging averaging = swa("swa");
    Normalised module = new Normalised();
    Trainer trainer = trainer(5, averaging, watching).build();
    trainer.fit(module, DataLoader.builder(BoringData.dataset(10)).batchSize(2).build());

    assertThat(averaging.averagedCount()).isEqualTo(4);
    assertThat(watching.backwards).isEqualTo(25);
    assertThat(trainer.totalBatches()).isEqualTo(25);
    assertThat(trainer.globalStep()).isEqualTo(25);
    assertThat(module.passes).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({"0.8, 10, 3", "0.5, 4, 3", "0.0, 3, 3", "1.0, 4, 1"})
  void fit_startAsAFraction_isOfMaxEpochs(double fraction, int epochs, int averaged) {
    StochasticWeightAveraging averaging =
        StochasticWeightAveraging.builder().swaLrs(0.05).swaEpochStart(fraction).build();
    trainer(epochs, averaging).build().fit(new BoringModule(), BoringData.loader(1));

    assertThat(averaging.averagedCount()).isEqualTo(averaged);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 9, 12, 14})
  void fit_resumed_isBitwiseTheUninterruptedRun(int batch, @TempDir Path folder) {
    Path path = folder.resolve("some.ckpt");
    Callback saver =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batchOf,
              int batchIndex) {
            if (trainer.totalBatches() == batch) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    ReferenceNet whole = new ReferenceNet(true);
    trainer(5, swa("swa"), saver).build().fit(whole, ReferenceNet.data());
    ReferenceNet resumed = new ReferenceNet(true);
    StochasticWeightAveraging averaging = swa("swa");
    trainer(5, averaging).build().fit(resumed, DataModule.of(ReferenceNet.data()), path);

    Map<String, double[]> expected = ReferenceNet.weights(whole);
    ReferenceNet.weights(resumed)
        .forEach((name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
    assertThat(averaging.averagedCount()).isEqualTo(4);
  }

  @Test
  void fit_stoppedEarly_givesTheMeanSoFar() {
    Callback stopper =
        new Callback() {
          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            if (trainer.currentEpoch() == 2) {
              trainer.stop();
            }
          }
        };
    List<double[]> weights = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            weights.add(module.parameters().get(0).toDoubleArray());
          }
        };
    BoringModule module = new BoringModule();
    StochasticWeightAveraging averaging =
        StochasticWeightAveraging.builder().swaLrs(0.05).swaEpochStart(2).build();
    trainer(9, averaging, stopper, watch).build().fit(module, BoringData.loader(2));

    assertThat(averaging.averagedCount()).isEqualTo(2);
    double[] mean = module.parameters().get(0).toDoubleArray();
    for (int i = 0; i < mean.length; i++) {
      assertThat(mean[i])
          .isCloseTo((weights.get(1)[i] + weights.get(2)[i]) / 2, Offset.offset(1e-7));
    }
  }

  /** Logs in its training step, which the pass for statistics must not send anywhere. */
  @Test
  void fit_statisticsPass_logsNothing() {
    List<Integer> steps = new ArrayList<>();
    class Logging extends ReferenceNet {
      Logging() {
        super(false);
      }

      @Override
      protected Tensor trainingStep(Batch batch, int batchIndex) {
        steps.add(batchIndex);
        Tensor loss = super.trainingStep(batch, batchIndex);
        log("steps", steps.size());
        return loss;
      }
    }

    Trainer trainer = trainer(2, swa("swa")).build();
    trainer.fit(new Logging(), ReferenceNet.data());

    assertThat(steps).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    assertThat(trainer.callbackMetrics().get("steps")).isEqualTo(6);
  }

  @Test
  void passOverTrainingData_outsideOfAFit_isAnError() {
    assertThatThrownBy(() -> trainer(1).build().passOverTrainingData())
        .hasMessage(
            "[NotRunning] passOverTrainingData() was called outside of a fit that trains, so there is"
                + " no training data. Call it from a callback, e.g. in onFitEnd.");
  }

  @Test
  void fit_whatCannotBeAveraged_isReportedTogether() {
    BoringModule two =
        new BoringModule() {
          @Override
          protected OptimizerPlan plan() {
            return OptimizerPlan.of(
                SGD.of(List.of(layer.weight())), SGD.of(List.of(parameters().get(1))));
          }
        };
    Trainer trainer =
        trainer(-1, StochasticWeightAveraging.builder().swaLrs(0.05).build()).maxSteps(5).build();

    assertThatThrownBy(() -> trainer.fit(two, BoringData.loader(1)))
        .hasMessage(
            """
            [InvalidOptions] StochasticWeightAveraging has options that cannot be:
            1) @ConfigureOptimizers made 2 optimizers, but averaging is for one.
            2) swaEpochStart is a fraction, but maxEpochs has no limit. Set maxEpochs, or name the \
            epoch.""");
  }

  @Test
  void fit_withOthersThatLeaveWeights_isAnError() {
    Trainer trainer =
        trainer(
                2,
                swa("swa"),
                EmaWeightAveraging.builder().build(),
                EarlyStopping.builder().monitor("train_loss").restoreBestWeights(true).build())
            .build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(1)))
        .hasMessage(
            """
            [InvalidOptions] StochasticWeightAveraging has options that cannot be:
            1) EmaWeightAveraging averages weights, too. Leave out one of them.
            2) EarlyStopping restores the best weights, which would replace the mean. Leave out one \
            of them.""");
  }

  @Test
  void build_mistakes_areReportedTogether() {
    assertThatThrownBy(
            () -> StochasticWeightAveraging.builder().swaEpochStart(0).annealingEpochs(-1).build())
        .hasMessage(
            """
            [InvalidOptions] StochasticWeightAveraging has options that cannot be:
            1) swaLrs is not set. Name a learning rate.
            2) swaEpochStart is 0, but must be at least 1, the first epoch.
            3) annealingEpochs is -1, but must be at least 0.""");
    assertThatThrownBy(
            () -> StochasticWeightAveraging.builder().swaLrs(0.1, -1).swaEpochStart(1.5).build())
        .hasMessage(
            """
            [InvalidOptions] StochasticWeightAveraging has options that cannot be:
            1) swaLrs is [0.1, -1.0], but must be finite numbers above 0.
            2) swaEpochStart is 1.5, but a fraction must be from 0 to 1.""");
  }
}
