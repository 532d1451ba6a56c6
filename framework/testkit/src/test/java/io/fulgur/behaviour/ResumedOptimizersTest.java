package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ManualOptimizer;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Goes on from every hook of every batch of a training with several optimizers, or by hand. */
class ResumedOptimizersTest {
  private static final int EPOCHS = 2;
  private static final int BATCHES = 7;

  @TempDir private Path folder;

  /** Sums the gradients of two batches, which the trainer knows nothing of. */
  private static final class Gathering extends ManualOptimizationTest.ByHand {
    @Override
    void train(Batch batch, int batchIndex) {
      if (batchIndex % 2 == 0) {
        manualOptimizers().forEach(ManualOptimizer::zeroGrad);
      }
      manualBackward(discriminatorLoss(batch));
      manualBackward(generatorLoss());
      if (batchIndex % 2 == 1) {
        manualOptimizers().forEach(ManualOptimizer::step);
      }
    }
  }

  /**
   * A checkpoint.
   *
   * @param losses how many losses there were where a run goes on from it
   */
  private record Saved(String hook, Path path, int losses) {}

  /** Notes losses, and saves in every hook until an optimizer steps and in those after the last. */
  private static final class Saver implements Callback {
    private final @Nullable Path folder;
    private final List<String> losses = new ArrayList<>();
    private final List<Saved> saved = new ArrayList<>();
    private long steps;
    private int lossesBefore;

    Saver(@Nullable Path folder) {
      this.folder = folder;
    }

    private void save(String hook, Trainer trainer) {
      if (folder != null) {
        Path path = folder.resolve(saved.size() + ".ckpt");
        trainer.saveCheckpoint(path);
        String where = " of batch %d.%d".formatted(trainer.currentEpoch(), trainer.batchIndex());
        saved.add(new Saved(hook + where, path, lossesBefore));
      }
    }

    private void inBatch(String hook, Trainer trainer) {
      if (trainer.globalStep() == steps) {
        save(hook, trainer);
      }
    }

    @Override
    public void onTrainBatchStart(
        Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
      steps = trainer.globalStep();
      lossesBefore = losses.size();
      save("onTrainBatchStart", trainer);
    }

    @Override
    public void onBeforeZeroGrad(Trainer trainer, FulgurModule module, Optimizer optimizer) {
      inBatch("onBeforeZeroGrad", trainer);
    }

    @Override
    public void onBeforeBackward(Trainer trainer, FulgurModule module, Tensor loss) {
      losses.add("%d.%d %s".formatted(trainer.currentEpoch(), trainer.batchIndex(), loss.item()));
      inBatch("onBeforeBackward", trainer);
    }

    @Override
    public void onAfterBackward(Trainer trainer, FulgurModule module) {
      inBatch("onAfterBackward", trainer);
    }

    @Override
    public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {
      inBatch("onBeforeOptimizerStep", trainer);
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      lossesBefore = losses.size();
      save("onTrainBatchEnd", trainer);
    }
  }

  /** Where a run is in the end. */
  private record End(
      Map<String, List<Double>> weights,
      List<Map<String, List<Double>>> optimizers,
      long globalStep,
      long discriminatorSteps,
      long batches,
      long loggingStep,
      long randomOffset) {
    static End of(Trainer trainer, Rivals module) {
      return new End(
          values(module.stateDict()),
          Stream.of(module.discriminatorOptimizer, module.generatorOptimizer)
              .map(each -> values(each.stateDict(module.namedParameters()).tensors()))
              .toList(),
          trainer.globalStep(),
          trainer.optimizerSteps(0),
          trainer.totalBatches(),
          trainer.loggingStep(),
          Generator.defaultGenerator().offset());
    }

    private static Map<String, List<Double>> values(Map<String, Tensor> tensors) {
      Map<String, List<Double>> values = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) ->
              values.put(name, Arrays.stream(tensor.toDoubleArray()).boxed().toList()));
      return values;
    }
  }

  private static Trainer trainer(int window, Saver saver) {
    return TestTrainers.quiet()
        .maxEpochs(EPOCHS)
        .accumulateGradBatches(window)
        .callbacks(saver)
        .build();
  }

  private static DataModule data() {
    return DataModule.of(BoringData.loader(BATCHES));
  }

  static Stream<Arguments> modules() {
    Supplier<Rivals> own = Adversaries::new;
    Supplier<Rivals> turns = ManualOptimizationTest.TakingTurns::new;
    Supplier<Rivals> gathering = Gathering::new;
    return Stream.of(
        Arguments.of("a step for each optimizer", 1, own, 6 * BATCHES * EPOCHS),
        Arguments.of("a step for each optimizer", 3, own, 5 * BATCHES * EPOCHS),
        Arguments.of("by hand, in turns", 1, turns, 6 * BATCHES * EPOCHS),
        Arguments.of("by hand, over two batches", 1, gathering, 6 * BATCHES * EPOCHS));
  }

  @ParameterizedTest(name = "{0}, window {1}")
  @MethodSource("modules")
  void fit_resumedFromAnyHookBeforeOrAfterTheSteps_isBitwiseTheUninterruptedRun(
      String name, int window, Supplier<Rivals> modules, int checkpoints) {
    Saver saver = new Saver(folder);
    Fulgur.seedEverything(7);
    Rivals module = modules.get();
    Trainer trainer = trainer(window, saver);
    trainer.fit(module, data());
    End end = End.of(trainer, module);

    assertThat(saver.saved).hasSizeGreaterThanOrEqualTo(checkpoints);
    for (Saved saved : saver.saved) {
      Fulgur.seedEverything(99);
      Rivals other = modules.get();
      Saver rest = new Saver(null);
      Trainer resumed = trainer(window, rest);
      resumed.fit(other, data(), saved.path());

      assertThat(rest.losses)
          .as("losses from %s on", saved.hook())
          .isEqualTo(saver.losses.subList(saved.losses(), saver.losses.size()));
      assertThat(End.of(resumed, other)).as("end from %s on", saved.hook()).isEqualTo(end);
    }
  }

  /** Saves when the second optimizer is about to step on a batch. */
  private record BetweenSteps(Path path, int batch) implements Callback {
    @Override
    public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {
      if (trainer.currentEpoch() == 0
          && trainer.batchIndex() == batch
          && optimizer == ((Rivals) module).generatorOptimizer) {
        trainer.saveCheckpoint(path);
      }
    }
  }

  static Stream<Supplier<Rivals>> inTurns() {
    return Stream.of(Adversaries::new, ManualOptimizationTest.TakingTurns::new);
  }

  @ParameterizedTest
  @MethodSource("inTurns")
  void fit_resumedFromBetweenTheStepsOfABatch_goesOnWithTheNextBatch(Supplier<Rivals> modules) {
    Path path = folder.resolve("between.ckpt");
    TestTrainers.quiet()
        .maxEpochs(1)
        .callbacks(new BetweenSteps(path, 3))
        .build()
        .fit(modules.get(), data());

    Saver rest = new Saver(null);
    trainer(1, rest).fit(modules.get(), data(), path);

    assertThat(rest.losses.get(0)).startsWith("0.4 ");
  }
}
