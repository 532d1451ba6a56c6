package io.fulgur.callback.averaging;

import static io.fulgur.callback.ReferenceNet.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.MonitorMode;
import io.fulgur.callback.ReferenceNet;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.CleanThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(CleanThread.class)
class WeightAveragingTest {
  private static final Offset<Double> TOLERANCE = Offset.offset(2e-6);

  @TempDir Path folder;

  /** Averages equally after chosen steps. */
  private static WeightAveraging equal(LongPredicate steps) {
    return new WeightAveraging(AveragingFunction.equal()) {
      @Override
      protected boolean updatesAfterStep(long step) {
        return steps.test(step);
      }
    };
  }

  private static WeightAveraging callback(String name) {
    return switch (name) {
      case "ema" -> EmaWeightAveraging.builder().decay(0.9).build();
      case "emaLate" ->
          EmaWeightAveraging.builder()
              .decay(0.5)
              .updateStartingAtStep(4)
              .updateEveryNSteps(2)
              .build();
      default -> equal(step -> step >= 3);
    };
  }

  private static void assertClose(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).containsAll(expected.keySet());
    expected.forEach(
        (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values, TOLERANCE));
  }

  private static void assertSame(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ema", "emaLate", "equal"})
  void fit_reference_givesPyTorchsAverageInTheEnd(String name) {
    Map<String, double[]> trained = new LinkedHashMap<>();
    Callback atTrainEnd =
        new Callback() {
          @Override
          public void onTrainEnd(Trainer trainer, FulgurModule module) {
            trained.putAll(ReferenceNet.weights(module));
          }
        };
    ReferenceNet net = new ReferenceNet(false);
    WeightAveraging averaging = callback(name);
    trainer(4, averaging, atTrainEnd).build().fit(net, ReferenceNet.data());

    assertClose(trained, ReferenceNet.weights(name, "trained"));
    assertClose(ReferenceNet.weights(net), ReferenceNet.weights(name, "averaged"));
    assertThat(averaging.averagedCount())
        .isEqualTo("ema".equals(name) ? 12 : name.length() == 5 ? 9 : 4);
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "2, 6", "9, 0"})
  void fit_updatesAtEpochs_countsThem(int from, long count) {
    WeightAveraging averaging =
        EmaWeightAveraging.builder().updateStartingAtStep(1000).updateStartingAtEpoch(from).build();
    trainer(3, averaging).build().fit(new ReferenceNet(false), ReferenceNet.data());

    assertThat(averaging.averagedCount()).isEqualTo(Math.max(0, 3 - from));
  }

  /** Saves what the module has before, amid and after validation, and a checkpoint. */
  private final class Watching implements Callback {
    final List<Map<String, double[]>> trained = new ArrayList<>();
    final List<Map<String, double[]>> validated = new ArrayList<>();
    final List<Map<String, double[]>> after = new ArrayList<>();

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      if (trainer.isLastBatch()) {
        trained.add(ReferenceNet.weights(module));
      }
    }

    @Override
    public void onValidationBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex,
        int dataloaderIndex) {
      if (batchIndex == 0) {
        validated.add(ReferenceNet.weights(module));
        trainer.saveCheckpoint(folder.resolve("amid-" + trainer.currentEpoch() + ".ckpt"));
      }
    }

    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      after.add(ReferenceNet.weights(module));
      trainer.saveCheckpoint(folder.resolve("after-" + trainer.currentEpoch() + ".ckpt"));
    }
  }

  @Test
  void validation_afterTheFirstUpdate_isOfTheAverageAndPutsTheWeightsBack() {
    ReferenceNet net = new ReferenceNet(false);
    WeightAveraging averaging = equal(step -> step >= 3);
    Watching watching = new Watching();
    trainer(2, averaging, watching)
        .numSanityValSteps(0)
        .build()
        .fit(net, ReferenceNet.data(), ReferenceNet.data());

    assertSame(watching.validated.get(0), watching.trained.get(0));
    assertThat(watching.validated.get(1).get("backbone.weight"))
        .isNotEqualTo(watching.trained.get(1).get("backbone.weight"));
    assertSame(watching.after.get(1), watching.trained.get(1));
    assertSame(ReferenceNet.weights(net), watching.validated.get(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amid", "after"})
  void checkpoint_weights_areTheAverageAndTheStateHoldsTheTrained(String when) {
    Watching watching = new Watching();
    WeightAveraging averaging = equal(step -> step >= 3);
    trainer(2, averaging, watching)
        .numSanityValSteps(0)
        .build()
        .fit(new ReferenceNet(false), ReferenceNet.data(), ReferenceNet.data());

    try (Checkpoint first = load(when + "-0.ckpt");
        Checkpoint second = load(when + "-1.ckpt")) {
      assertSame(ReferenceNet.values(first.weights()), watching.trained.get(0));
      assertSame(ReferenceNet.values(second.weights()), watching.validated.get(1));
      assertSame(
          ReferenceNet.values(
              second
                  .state("callbacks")
                  .child("WeightAveraging")
                  .child("current_weights")
                  .tensors()),
          watching.trained.get(1));
    }
  }

  private Checkpoint load(String name) {
    return new SafeTensorsCheckpointIO().load(folder.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amid-1", "after-0", "after-1"})
  void fit_resumed_isBitwiseTheUninterruptedRun(String from) {
    ReferenceNet whole = new ReferenceNet(true);
    trainer(4, equal(step -> step >= 3), new Watching())
        .build()
        .fit(whole, ReferenceNet.data(), ReferenceNet.data());

    ReferenceNet resumed = new ReferenceNet(true);
    WeightAveraging averaging = equal(step -> step >= 3);
    trainer(4, averaging)
        .build()
        .fit(
            resumed,
            DataModule.of(ReferenceNet.data(), ReferenceNet.data()),
            folder.resolve(from + ".ckpt"));

    assertSame(ReferenceNet.weights(resumed), ReferenceNet.weights(whole));
    assertThat(averaging.averagedCount()).isEqualTo(9);
  }

  @Test
  void fit_resumedAtItsEnd_givesTheAverage() {
    ReferenceNet whole = new ReferenceNet(true);
    Path path = folder.resolve("end.ckpt");
    Callback saver =
        new Callback() {
          @Override
          public void onTrainEnd(Trainer trainer, FulgurModule module) {
            trainer.saveCheckpoint(path);
          }
        };
    trainer(2, callback("ema"), saver).build().fit(whole, ReferenceNet.data());

    ReferenceNet resumed = new ReferenceNet(true);
    trainer(2, callback("ema")).build().fit(resumed, DataModule.of(ReferenceNet.data()), path);

    assertSame(ReferenceNet.weights(resumed), ReferenceNet.weights(whole));
  }

  @Test
  void fit_secondOnTheSameTrainer_averagesAnew() {
    WeightAveraging averaging = callback("ema");
    Trainer trainer = trainer(1, averaging).build();
    trainer.fit(new ReferenceNet(false), ReferenceNet.data());
    Trainer longer = trainer(2, averaging).build();
    longer.fit(new ReferenceNet(false), ReferenceNet.data());

    assertThat(averaging.averagedCount()).isEqualTo(6);
  }

  @Test
  void fit_failsInValidation_leavesTheTrainedWeights() {
    class Failing extends ReferenceNet {
      Failing() {
        super(false);
      }

      @Override
      public Tensor forward(Tensor input) {
        if (!isTraining()) {
          throw new IllegalStateException("on purpose");
        }
        return super.forward(input);
      }
    }

    Failing net = new Failing();
    Watching watching = new Watching();
    Trainer trainer = trainer(1, callback("ema"), watching).numSanityValSteps(0).build();
    assertThat(catchThrowable(() -> trainer.fit(net, ReferenceNet.data(), ReferenceNet.data())))
        .hasMessage("on purpose");

    assertSame(ReferenceNet.weights(net), watching.trained.get(0));
  }

  @Test
  void fit_bestWeightsRestored_areTheAveragesThatWereValidated() {
    ReferenceNet net = new ReferenceNet(false);
    Watching watching = new Watching();
    EarlyStopping stopping =
        EarlyStopping.builder()
            .monitor("epoch")
            .stoppingThreshold(0.5)
            .mode(MonitorMode.MAX)
            .restoreBestWeights(true)
            .build();
    trainer(4, callback("ema"), stopping, watching)
        .numSanityValSteps(0)
        .build()
        .fit(net, ReferenceNet.data(), ReferenceNet.data());

    assertThat(stopping.stoppedEpoch()).hasValue(1);
    assertSame(ReferenceNet.weights(net), watching.validated.get(1));
  }

  @Test
  void trainer_twoAveragings_areAnError() {
    assertThatThrownBy(() -> trainer(1, callback("ema"), callback("equal")).build())
        .hasMessageContaining("[DuplicateStateKey]");
  }

  @Test
  void build_mistakes_areReportedTogether() {
    assertThatThrownBy(
            () ->
                EmaWeightAveraging.builder()
                    .decay(1.5)
                    .updateEveryNSteps(0)
                    .updateStartingAtStep(-1)
                    .updateStartingAtEpoch(-2)
                    .build())
        .hasMessage(
            """
            [InvalidOptions] EmaWeightAveraging has options that cannot be:
            1) decay is 1.5, but must be from 0 to 1.
            2) updateEveryNSteps is 0, but must be at least 1, which is every step.
            3) updateStartingAtStep is -1, but must be at least 0.
            4) updateStartingAtEpoch is -2, but must be at least 0.""");
    assertThatThrownBy(() -> AveragingFunction.exponential(-0.1))
        .hasMessage(
            "[InvalidArgument] AveragingFunction.exponential: decay is -0.1; allowed is from 0 to 1.");
  }
}
