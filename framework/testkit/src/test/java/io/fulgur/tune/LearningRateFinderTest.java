package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.precision.Precision;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.testkit.RecordingLogger;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("UnusedMethod") // The trainer calls them.
class LearningRateFinderTest {
  @TempDir Path folder;

  private static LearningRateFinderBuilder finder() {
    return LearningRateFinder.builder().minLr(1e-4).maxLr(10).numTrainingSteps(40);
  }

  /** Trains, with the search first if wanted, and returns all that came of it. */
  private static Map<String, double[]> fit(String how, Precision precision, int workers) {
    Fulgur.seedEverything(7);
    Tunable module = new Tunable(0.01);
    DataModule data =
        DataModule.of(
            DataLoader.builder(BoringData.dataset(40))
                .batchSize(4)
                .shuffle(true)
                .workers(workers)
                .build(),
            BoringData.loader(4));
    LearningRateFinder finder = finder().updateAttribute(false).build();
    TrainerBuilder builder =
        TestTrainers.quiet().maxEpochs(2).accumulateGradBatches(3).precision(precision);
    if (how.equals("callback")) {
      builder.callback(finder);
    }
    Trainer trainer = builder.build();
    if (how.equals("tuner")) {
      assertThat(new Tuner(trainer).lrFind(module, data, finder)).isPresent();
    }
    trainer.fit(module, data);

    assertThat(finder.result().isPresent()).isEqualTo(!how.equals("none"));
    Map<String, double[]> all = Tunable.weights(module);
    all.put(
        "counters",
        new double[] {
          trainer.globalStep(),
          trainer.totalBatches(),
          trainer.currentEpoch(),
          Generator.defaultGenerator().offset(),
          trainer.callbackMetrics().get("train_loss"),
          trainer.optimizers().get(0).groups().get(0).learningRate()
        });
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "callback,F32_TRUE,0",
    "tuner,F32_TRUE,0",
    "callback,F64_TRUE,0",
    "callback,F32_TRUE,2",
    "tuner,F32_TRUE,2",
    "callback,F16_MIXED,0"
  })
  void fit_learningRateUnchanged_isBitwiseThatWithoutASearch(
      String how, Precision precision, int workers) {
    Map<String, double[]> expected = fit("none", precision, workers);

    fit(how, precision, workers)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,20", "25,1"})
  void tune_skips_setsTheSteepestOfWhatIsLeft(int skipBegin, int skipEnd) {
    Fulgur.seedEverything(3);
    Tunable module = new Tunable(123);
    LearningRateFinder finder =
        finder()
            .earlyStopThreshold(Double.POSITIVE_INFINITY)
            .skipBegin(skipBegin)
            .skipEnd(skipEnd)
            .build();
    TestTrainers.quiet().maxEpochs(1).callback(finder).build().fit(module, Tunable.shuffled());
    LearningRateResult result = finder.result().orElseThrow();
    double last = result.points().get(39 - skipEnd).learningRate();

    assertThat(result.suggestion()).isEqualTo(result.suggestion(skipBegin, skipEnd)).isPresent();
    assertThat(module.learningRate())
        .isEqualTo(result.suggestion().orElseThrow())
        .isBetween(result.points().get(skipBegin).learningRate(), last);
  }

  @ParameterizedTest
  @CsvSource({"EXPONENTIAL,10", "LINEAR,0.2"})
  void tune_anyMode_measuresAtEveryRateAndSetsTheSuggestion(SweepMode mode, double maxLr) {
    Fulgur.seedEverything(3);
    Tunable module = new Tunable(123);
    LearningRateFinder finder =
        finder().mode(mode).maxLr(maxLr).earlyStopThreshold(Double.POSITIVE_INFINITY).build();
    RecordingLogger logger = new RecordingLogger();
    Trainer trainer =
        TestTrainers.quiet()
            .enableLogging(true)
            .logger(logger)
            .maxEpochs(1)
            .callback(finder)
            .build();
    trainer.fit(module, Tunable.shuffled());
    LearningRateResult result = finder.result().orElseThrow();

    assertThat(result.points()).hasSize(40);
    assertThat(result.points().get(0).learningRate()).isEqualTo(1e-4);
    assertThat(result.points().get(39).learningRate()).isEqualTo(maxLr);
    assertThat(result.points().get(1).learningRate())
        .isEqualTo(mode.rate(1e-4, maxLr, 1, 40), within(1e-12));
    double suggestion = result.suggestion().orElseThrow();
    assertThat(module.learningRate()).isEqualTo(suggestion);
    assertThat(module.hparams().asMap()).containsEntry("learningRate", suggestion);
    assertThat(logger.hyperparameters().asMap()).containsEntry("learningRate", suggestion);
    assertThat(trainer.optimizers().get(0).groups().get(0).baseLearningRate())
        .isEqualTo(suggestion);
    assertThat(logger.entries("train_loss_step").stream().map(RecordingLogger.Entry::step))
        .allMatch(step -> step < 10);
    assertThat(trainer.globalStep()).isEqualTo(10);
  }

  @Test
  void tune_lossOfEveryStep_isThatOfAHandWrittenLoop() {
    class Recording extends Tunable {
      final List<Double> losses = new ArrayList<>();

      Recording() {
        super(0.5);
      }

      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        Tensor loss = super.trainingLoss(batch, batchIndex);
        losses.add(loss.item());
        return loss;
      }
    }
    Recording module = new Recording();
    LearningRateResult result =
        new Tuner(TestTrainers.quiet().maxEpochs(1).accumulateGradBatches(2).build())
            .lrFind(module, Tunable.shuffled(), finder().numTrainingSteps(13).build())
            .orElseThrow();

    for (int i = 0; i < result.points().size(); i++) {
      assertThat(result.points().get(i).loss())
          .isCloseTo((module.losses.get(2 * i) + module.losses.get(2 * i + 1)) / 2, within(1e-12));
    }
    assertThat(module.losses).hasSize(2 * result.points().size());
  }

  @Test
  void tune_growingLoss_stopsEarly() {
    Tunable module = new Tunable(0.1);
    LearningRateFinder finder = finder().maxLr(1e8).numTrainingSteps(100).build();
    TestTrainers.quiet().maxEpochs(1).callback(finder).build().fit(module, Tunable.shuffled());
    LearningRateResult result = finder.result().orElseThrow();
    LearningRatePoint last = result.points().get(result.points().size() - 1);

    assertThat(result.diverged()).isTrue();
    assertThat(result.points()).hasSizeBetween(10, 99);
    assertThat(last.smoothedLoss())
        .isGreaterThan(
            4 * result.points().stream().mapToDouble(p -> p.smoothedLoss()).min().orElseThrow());
  }

  @Test
  void tune_lossNotFinite_stopsThereAndLeavesTheModuleWell() {
    class Exploding extends Tunable {
      private int steps;

      Exploding() {
        super(0.1);
      }

      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        Tensor loss = super.trainingLoss(batch, batchIndex);
        return ++steps == 20 ? loss.mul(Double.POSITIVE_INFINITY) : loss;
      }
    }
    Exploding module = new Exploding();
    Map<String, double[]> before = Tunable.weights(module);
    LearningRateResult result =
        new Tuner(TestTrainers.quiet().detectAnomaly(true).maxEpochs(1).build())
            .lrFind(module, Tunable.shuffled(), finder().build())
            .orElseThrow();

    assertThat(result.diverged()).isTrue();
    assertThat(result.points()).hasSize(19);
    Tunable.weights(module)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
  }

  @Test
  void tune_moduleThatKeepsItsOptimizer_leavesItsStateAsItWas() {
    class Keeping extends BoringModule {
      final Adam adam = Adam.of(parameters()).learningRate(0.05);

      @Override
      protected OptimizerPlan plan() {
        return OptimizerPlan.of(adam);
      }
    }
    Keeping module = new Keeping();
    new Tuner(TestTrainers.quiet().maxEpochs(1).build())
        .lrFind(module, Tunable.shuffled(), finder().updateAttribute(false).build());

    assertThat(module.adam.groups().get(0).learningRate()).isEqualTo(0.05);
    assertThat(module.adam.stateDict(module.namedParameters()).steps().values()).containsOnly(0L);
    assertThat(module.adam.stateDict(module.namedParameters()).tensors()).isEmpty();
  }

  @Test
  void tune_callbacksAndHooks_seeOneFitOnly() {
    List<String> calls = new ArrayList<>();
    class Hooked extends Tunable {
      int setups;
      int configured;

      Hooked() {
        super(0.1);
      }

      @On(Hook.SETUP)
      void setup() {
        setups++;
      }

      @On(Hook.CONFIGURE_CALLBACKS)
      Callback callbacks() {
        configured++;
        return new Callback() {};
      }
    }
    Hooked module = new Hooked();
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(1)
            .numSanityValSteps(0)
            .callback(RecordingCallback.into(calls))
            .callback(finder().build())
            .build();
    trainer.fit(module, Tunable.shuffled());

    assertThat(calls).filteredOn("onTrainBatchEnd"::equals).hasSize(10);
    assertThat(calls).filteredOn("onFitStart"::equals).hasSize(1);
    assertThat(module.setups).isEqualTo(1);
    assertThat(module.configured).isEqualTo(1);
    assertThat(trainer.callbacks().get(0)).isInstanceOf(LearningRateFinder.class);
  }

  @Test
  void tune_fastDevRun_isSkipped() {
    Tunable module = new Tunable(0.1);
    LearningRateFinder finder = finder().build();
    Trainer trainer = TestTrainers.quiet().fastDevRun(1).callback(finder).build();
    trainer.fit(module, Tunable.shuffled());

    assertThat(finder.result()).isEmpty();
    assertThat(module.learningRate()).isEqualTo(0.1);
    assertThat(new Tuner(trainer).lrFind(module, Tunable.shuffled())).isEmpty();
  }

  @Test
  void tune_noTrainingBatches_findsNothing() {
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).limitTrainBatches(0).build();

    assertThat(new Tuner(trainer).lrFind(new Tunable(0.1), Tunable.shuffled())).isEmpty();
  }

  @Test
  void tune_twoOptimizers_isAnErrorThatNamesThem() {
    class Two extends Tunable {
      Two() {
        super(0.1);
      }

      @Override
      protected OptimizerPlan plan() {
        return OptimizerPlan.of(
            SGD.of(List.of(parameters().get(0))).learningRate(0.1),
            Adam.of(List.of(parameters().get(1))));
      }
    }
    Trainer trainer = TestTrainers.quiet().maxEpochs(1).callback(finder().build()).build();

    assertThatThrownBy(() -> trainer.fit(new Two(), Tunable.shuffled()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.TUNING_FAILED))
        .hasMessage(
            "[TuningFailed] LearningRateFinder needs one optimizer, but @ConfigureOptimizers made"
                + " 2: SGD, Adam. Give each its learning rate, without the finder.");
  }

  @Test
  void tune_failingStep_restoresTheModuleAndPassesTheErrorOn() {
    class Failing extends Tunable {
      private int steps;

      Failing() {
        super(0.1);
      }

      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        if (++steps == 5) {
          throw new IllegalStateException("broken");
        }
        return super.trainingLoss(batch, batchIndex);
      }
    }
    Failing module = new Failing();
    Map<String, double[]> before = Tunable.weights(module);

    assertThatThrownBy(
            () -> new Tuner(TestTrainers.quiet().build()).lrFind(module, Tunable.shuffled()))
        .hasMessageContaining("broken");
    Tunable.weights(module)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
  }

  /** Ends the run after a batch, as a crash would. */
  private static final class Crash implements Callback {
    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      if (trainer.currentEpoch() == 1 && batchIndex == 3) {
        throw new IllegalStateException("crash");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fit_goingOnFromACheckpoint_usesWhatWasFoundAndSearchesNotAgain(boolean finderAgain) {
    Fulgur.seedEverything(1);
    Tunable whole = new Tunable(0.5);
    TestTrainers.quiet()
        .maxEpochs(3)
        .callback(finder().build())
        .build()
        .fit(whole, Tunable.shuffled());

    Fulgur.seedEverything(1);
    Tunable crashed = new Tunable(0.5);
    ModelCheckpoint checkpoints = ModelCheckpoint.builder().dirPath(folder).build();
    Trainer first =
        Trainer.builder()
            .enableLogging(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .maxEpochs(3)
            .callbacks(finder().build(), checkpoints, new Crash())
            .build();
    assertThatThrownBy(() -> first.fit(crashed, Tunable.shuffled())).hasMessageContaining("crash");

    Tunable resumed = new Tunable(0.5);
    LearningRateFinder finder = finder().build();
    TrainerBuilder builder = TestTrainers.quiet().maxEpochs(3);
    if (finderAgain) {
      builder.callback(finder);
    }
    Path checkpoint = Objects.requireNonNull(checkpoints.bestModelPath());
    builder.build().fit(resumed, Tunable.shuffled(), checkpoint);

    assertThat(finder.result()).isEmpty();
    if (finderAgain) {
      assertThat(resumed.learningRate()).isEqualTo(whole.learningRate());
      assertThat(resumed.hparams()).isEqualTo(whole.hparams());
    }
    Map<String, double[]> expected = Tunable.weights(whole);
    Tunable.weights(resumed)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
    assertThat(FulgurModule.loadFromCheckpoint(Tunable.class, checkpoint).learningRate())
        .isEqualTo(whole.learningRate());
  }
}
