package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.precision.GradScaler;
import io.fulgur.precision.MixedPrecision;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.RecordingLogger;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goes on from every hook of every batch of a training with several optimizers, also from between
 * their steps on one batch, or by hand.
 */
class ResumedOptimizersTest {
  private static final int EPOCHS = 2;
  private static final int BATCHES = 5;

  @TempDir private Path folder;

  /** How numbers are treated. */
  private enum Numbers {
    SINGLE,
    BF16_MIXED,
    F16_MIXED
  }

  /**
   * A checkpoint.
   *
   * @param losses how many losses there were where a run goes on from it
   * @param ends how many batches were over
   * @param step to which step belongs what is logged next
   */
  private record Saved(String hook, Path path, int losses, int ends, long step) {}

  /** Notes losses and what steps returned, and saves in every hook. */
  private static final class Saver implements Callback {
    private final @Nullable Path folder;
    private final boolean manual;
    private final List<String> losses = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final List<Saved> saved = new ArrayList<>();
    private @Nullable Trainer trainer;

    /** How many losses there were where a checkpoint of now goes on. */
    private int lossesBefore;

    private boolean hasStepped;

    Saver(@Nullable Path folder, RestlessRivals module) {
      this.folder = folder;
      this.manual = module instanceof RestlessRivals.ByHand;
      module.listener = this::done;
    }

    private static String values(Map<String, Tensor> tensors) {
      Map<String, String> values = new LinkedHashMap<>();
      tensors.forEach((name, value) -> values.put(name, Arrays.toString(value.toDoubleArray())));
      return values.toString();
    }

    private void save(String hook, Trainer of) {
      if (folder != null) {
        Path path = folder.resolve(saved.size() + ".ckpt");
        of.saveCheckpoint(path);
        String where = "%s %d.%d".formatted(hook, of.currentEpoch(), of.batchIndex());
        saved.add(new Saved(where, path, lossesBefore, ends.size(), of.loggingStep()));
      }
    }

    /** What follows a step that a module does by hand cannot be gone on with. */
    private void inBatch(String hook, Trainer of) {
      if (!manual || !hasStepped) {
        save(hook, of);
      }
    }

    /** Called by the module when something is done that is not to be done again. */
    private void done(String what) {
      lossesBefore = losses.size();
      Trainer of = trainer;
      if (of != null) {
        save(what, of);
      }
    }

    @Override
    public void onTrainBatchStart(Trainer of, FulgurModule module, Batch batch, int batchIndex) {
      trainer = of;
      hasStepped = false;
      lossesBefore = losses.size();
      save("onTrainBatchStart", of);
    }

    @Override
    public void onBeforeZeroGrad(Trainer of, FulgurModule module, Optimizer optimizer) {
      inBatch("onBeforeZeroGrad", of);
    }

    @Override
    public void onBeforeBackward(Trainer of, FulgurModule module, Tensor loss) {
      losses.add("%d.%d %s".formatted(of.currentEpoch(), of.batchIndex(), loss.item()));
      inBatch("onBeforeBackward", of);
    }

    @Override
    public void onAfterBackward(Trainer of, FulgurModule module) {
      inBatch("onAfterBackward", of);
    }

    @Override
    public void onBeforeOptimizerStep(Trainer of, FulgurModule module, Optimizer optimizer) {
      inBatch("onBeforeOptimizerStep", of);
      hasStepped = true;
    }

    @Override
    public void onTrainBatchEnd(
        Trainer of, FulgurModule module, @Nullable StepOutput output, Batch batch, int batchIndex) {
      ends.add(output == null ? "nothing" : values(output.asMap()));
      lossesBefore = losses.size();
      save("onTrainBatchEnd", of);
    }
  }

  /** Where a run is in the end. */
  private record End(
      Map<String, List<Double>> weights,
      List<Map<String, List<Double>>> optimizers,
      List<Double> learningRates,
      long globalStep,
      long discriminatorSteps,
      long batches,
      long loggingStep,
      double seen,
      String scaler,
      long randomOffset) {
    private static Map<String, List<Double>> values(Map<String, Tensor> tensors) {
      Map<String, List<Double>> values = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) ->
              values.put(name, Arrays.stream(tensor.toDoubleArray()).boxed().toList()));
      return values;
    }
  }

  /** A training, whole or the rest of one. */
  private static final class Run {
    private final RestlessRivals module;
    private final Saver saver;
    private final RecordingLogger logger = new RecordingLogger();
    // Too high for most steps, so that some are skipped, and growing again soon.
    private final GradScaler scaler = new GradScaler(1 << 17, 2, 0.5, 2);
    private final Trainer trainer;

    Run(
        int seed,
        Supplier<RestlessRivals> modules,
        int window,
        Numbers numbers,
        @Nullable Path to) {
      Fulgur.seedEverything(seed);
      module = modules.get();
      saver = new Saver(to, module);
      TrainerBuilder builder =
          TestTrainers.quiet(logger)
              .maxEpochs(EPOCHS)
              .logEveryNSteps(1)
              .accumulateGradBatches(window)
              .callbacks(saver);
      switch (numbers) {
        case SINGLE -> {}
        case BF16_MIXED -> builder.precision(MixedPrecision.bfloat16());
        case F16_MIXED -> builder.precision(MixedPrecision.float16(scaler));
      }
      trainer = builder.build();
    }

    End end() {
      return new End(
          End.values(module.stateDict()),
          Stream.of(module.discriminatorOptimizer, module.generatorOptimizer)
              .map(each -> End.values(each.stateDict(module.namedParameters()).tensors()))
              .toList(),
          trainer.lrSchedulers().stream()
              .flatMap(schedule -> schedule.learningRates().stream())
              .toList(),
          trainer.globalStep(),
          trainer.optimizerSteps(0),
          trainer.totalBatches(),
          trainer.loggingStep(),
          module.seen.compute(),
          scaler.scale() + " after " + scaler.skippedSteps() + " skipped steps",
          Generator.defaultGenerator().offset());
    }

    List<RecordingLogger.Entry> loggedFrom(long step) {
      return logger.entries().stream().filter(entry -> entry.step() >= step).toList();
    }
  }

  private static DataModule data() {
    return DataModule.of(BoringData.loader(BATCHES));
  }

  private static Arguments row(
      String name, Supplier<RestlessRivals> modules, int window, Numbers numbers, int checkpoints) {
    return Arguments.of(name, modules, window, numbers, checkpoints * EPOCHS);
  }

  static Stream<Arguments> trainings() {
    Supplier<RestlessRivals> turns = () -> new RestlessRivals.InTurns(1);
    Supplier<RestlessRivals> everySecond = () -> new RestlessRivals.InTurns(2);
    Supplier<RestlessRivals> everyThird = () -> new RestlessRivals.InTurns(3);
    Supplier<RestlessRivals> together = RestlessRivals.Together::new;
    Supplier<RestlessRivals> byHand = () -> new RestlessRivals.ByHand(1);
    Supplier<RestlessRivals> byHandGathering = () -> new RestlessRivals.ByHand(2);
    return Stream.of(
        row("in turns", turns, 1, Numbers.SINGLE, 60),
        row("in turns", turns, 3, Numbers.SINGLE, 40),
        row("every second batch", everySecond, 1, Numbers.SINGLE, 40),
        row("every third batch", everyThird, 2, Numbers.SINGLE, 30),
        row("together", together, 1, Numbers.SINGLE, 50),
        row("together", together, 3, Numbers.SINGLE, 35),
        row("by hand", byHand, 1, Numbers.SINGLE, 35),
        row("by hand, gathering", byHandGathering, 1, Numbers.SINGLE, 20),
        row("in turns", turns, 1, Numbers.BF16_MIXED, 60),
        row("by hand", byHand, 1, Numbers.BF16_MIXED, 35),
        row("in turns", turns, 1, Numbers.F16_MIXED, 50),
        row("every second batch", everySecond, 3, Numbers.F16_MIXED, 20),
        row("together", together, 1, Numbers.F16_MIXED, 45),
        row("by hand", byHand, 1, Numbers.F16_MIXED, 30));
  }

  @ParameterizedTest(name = "{0}, window {2}, {3}")
  @MethodSource("trainings")
  void fit_resumedFromAnyHook_isBitwiseTheUninterruptedRun(
      String name, Supplier<RestlessRivals> modules, int window, Numbers numbers, int checkpoints) {
    Run whole = new Run(7, modules, window, numbers, folder);
    whole.trainer.fit(whole.module, data());
    End end = whole.end();

    assertThat(whole.trainer.globalStep()).isPositive();
    assertThat(whole.scaler.skippedSteps() > 0).isEqualTo(numbers == Numbers.F16_MIXED);
    assertThat(whole.saver.saved).hasSizeGreaterThanOrEqualTo(checkpoints);
    for (Saved saved : whole.saver.saved) {
      assertGoesOn(new Run(99, modules, window, numbers, null), saved, whole, end);
    }
  }

  private static void assertGoesOn(Run rest, Saved saved, Run whole, End end) {
    rest.trainer.fit(rest.module, data(), saved.path());

    List<String> losses = whole.saver.losses;
    assertThat(rest.saver.losses)
        .as("losses from %s on", saved.hook())
        .isEqualTo(losses.subList(saved.losses(), losses.size()));
    List<String> ends = whole.saver.ends;
    assertThat(rest.saver.ends)
        .as("ends of batches from %s on", saved.hook())
        .isEqualTo(ends.subList(saved.ends(), ends.size()));
    assertThat(rest.logger.entries())
        .as("logged from %s on", saved.hook())
        .isEqualTo(whole.loggedFrom(saved.step()));
    assertThat(rest.end()).as("end from %s on", saved.hook()).isEqualTo(end);
  }

  /** Saves when a step fails after another optimizer has stepped. */
  private record FailingSecond(Path path) implements Callback {
    @Override
    public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {
      if (trainer.currentEpoch() == 1
          && trainer.batchIndex() == 2
          && optimizer == ((Rivals) module).generatorOptimizer) {
        throw new IllegalStateException("on purpose");
      }
    }

    @Override
    public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
      trainer.saveCheckpoint(path);
    }
  }

  static Stream<Supplier<RestlessRivals>> automatic() {
    return Stream.of(() -> new RestlessRivals.InTurns(1), RestlessRivals.Together::new);
  }

  @ParameterizedTest
  @MethodSource("automatic")
  void fit_resumedAfterTheSecondOptimizerFailed_isBitwiseTheUninterruptedRun(
      Supplier<RestlessRivals> modules) {
    Run whole = new Run(7, modules, 1, Numbers.SINGLE, null);
    whole.trainer.fit(whole.module, data());
    End end = whole.end();

    Path path = folder.resolve("failed.ckpt");
    Fulgur.seedEverything(7);
    Trainer failing =
        TestTrainers.quiet().maxEpochs(EPOCHS).callback(new FailingSecond(path)).build();
    Fulgur.seedEverything(7);
    RestlessRivals module = modules.get();
    assertThatThrownBy(() -> failing.fit(module, data())).hasStackTraceContaining("on purpose");

    Run rest = new Run(99, modules, 1, Numbers.SINGLE, null);
    rest.trainer.fit(rest.module, data(), path);
    assertThat(whole.saver.ends).endsWith(rest.saver.ends.toArray(String[]::new));
    assertThat(rest.saver.ends).hasSize(BATCHES - 2);
    assertThat(rest.end()).isEqualTo(end);
  }

  @Test
  void fit_resumedWithinTheLastBatchOfMaxSteps_takesTheStepsThatAreLeft() {
    Supplier<RestlessRivals> modules = () -> new RestlessRivals.InTurns(1);
    Run whole = new Run(7, modules, 1, Numbers.SINGLE, folder);
    whole.trainer.fit(whole.module, data());
    Saved between =
        whole.saver.saved.stream()
            .filter(saved -> saved.hook().equals("onBeforeBackward 0.1") && saved.losses() == 3)
            .findFirst()
            .orElseThrow();

    Fulgur.seedEverything(99);
    RestlessRivals module = modules.get();
    Trainer trainer = TestTrainers.quiet().maxSteps(3).build();
    trainer.fit(module, data(), between.path());

    assertThat(trainer.globalStep()).isEqualTo(4);
    assertThat(trainer.totalBatches()).isEqualTo(2);
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

  @Test
  void fit_resumedFromBetweenStepsByHand_goesOnWithTheNextBatch() {
    Path path = folder.resolve("between.ckpt");
    TestTrainers.quiet()
        .maxEpochs(1)
        .callbacks(new BetweenSteps(path, 3))
        .build()
        .fit(new RestlessRivals.ByHand(1), data());

    Run rest = new Run(99, () -> new RestlessRivals.ByHand(1), 1, Numbers.SINGLE, null);
    rest.trainer.fit(rest.module, data(), path);

    assertThat(rest.saver.losses.get(0)).startsWith("0.4 ");
  }
}
