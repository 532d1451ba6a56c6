package io.fulgur.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("UnusedMethod") // The trainer calls them.
class GradientAccumulationSchedulerTest {
  private static TrainerBuilder trainer(Callback... callbacks) {
    return Trainer.builder()
        .maxEpochs(4)
        .enableLogging(false)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callbacks(callbacks);
  }

  static Stream<Arguments> schedules() {
    return Stream.of(
        Arguments.of(Map.of(1, 2, 3, 4), List.of(10L, 15L, 20L, 23L)),
        Arguments.of(Map.of(0, 2, 2, 1), List.of(5L, 10L, 20L, 30L)),
        Arguments.of(Map.of(2, 100), List.of(10L, 20L, 21L, 22L)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void fit_tenBatchesAnEpoch_stepsAsScheduled(Map<Integer, Integer> schedule, List<Long> steps) {
    List<Long> seen = new ArrayList<>();
    Callback counter =
        new Callback() {
          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            seen.add(trainer.globalStep());
          }
        };
    trainer(new GradientAccumulationScheduler(schedule), counter)
        .build()
        .fit(new BoringModule(), BoringData.loader(10));

    assertThat(seen).isEqualTo(steps);
  }

  @Test
  void fit_resumedInTheMiddleOfAWindow_isBitwiseTheUninterruptedRun(@TempDir Path folder) {
    Path path = folder.resolve("middle.ckpt");
    Callback saver =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            if (trainer.totalBatches() == 26) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    Map<Integer, Integer> schedule = Map.of(1, 2, 2, 4);
    BoringModule whole = new BoringModule();
    trainer(new GradientAccumulationScheduler(schedule), saver)
        .build()
        .fit(whole, BoringData.loader(10));
    BoringModule resumed = new BoringModule();
    Trainer trainer = trainer(new GradientAccumulationScheduler(schedule)).build();
    trainer.fit(resumed, DataModule.of(BoringData.loader(10)), path);

    assertThat(resumed.parameters().get(0).toFloatArray())
        .containsExactly(whole.parameters().get(0).toFloatArray());
    assertThat(trainer.globalStep()).isEqualTo(10 + 5 + 3 + 3);
  }

  @Test
  void fit_trainerAccumulatesToo_isAnError() {
    Trainer trainer =
        trainer(new GradientAccumulationScheduler(Map.of(0, 4))).accumulateGradBatches(2).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(2)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_OPTIONS))
        .hasMessage(
            "[InvalidOptions] The trainer's accumulateGradBatches is 2, and there is a"
                + " GradientAccumulationScheduler for {0=4}. Leave out one of them.");
  }

  @ManualOptimization
  static final class ByHand extends FulgurModule {
    private final Linear layer = new Linear(BoringModule.FEATURES, 1);

    @TrainingStep
    void train(Batch batch) {
      manualBackward(layer.call(batch.get(BoringData.FEATURES)).mean());
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return OptimizerPlan.of(SGD.of(parameters()).learningRate(0.1));
    }
  }

  @Test
  void fit_ofAModuleOptimizedByHand_isAnErrorBeforeTraining() {
    // One batch until epoch 3: nothing but the check at the start could tell.
    Trainer trainer = trainer(new GradientAccumulationScheduler(Map.of(3, 4))).build();

    assertThatThrownBy(() -> trainer.fit(new ByHand(), BoringData.loader(2)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_OPTIONS))
        .hasMessage(
            "[InvalidOptions] ByHand is annotated with @ManualOptimization, and there is a"
                + " GradientAccumulationScheduler for {0=1, 3=4}. Leave the callback out, and step"
                + " less often in the training step.");
    assertThat(trainer.totalBatches()).isZero();
  }

  @Test
  void new_mistakes_areReportedTogether() {
    Map<Integer, Integer> schedule = new LinkedHashMap<>();
    schedule.put(-1, 2);
    schedule.put(3, 0);

    assertThatThrownBy(() -> new GradientAccumulationScheduler(schedule))
        .hasMessage(
            """
            [InvalidOptions] GradientAccumulationScheduler has options that cannot be:
            1) Epoch -1 must be at least 0.
            2) The number of batches from epoch 3 on is 0, but must be at least 1, which is no \
            accumulation.""");
    assertThatThrownBy(() -> new GradientAccumulationScheduler(Map.of()))
        .hasMessageContaining("scheduling is empty");
  }
}
