package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run whose checkpoints are saved in every hook of every batch, and runs that go on from each of
 * them: all that follows is the same, bit by bit.
 */
class ExactResumeTest {
  private static final int EPOCHS = 3;
  private static final int SAMPLES = 52;

  @TempDir private Path folder;

  /** Draws random numbers and logs where an epoch begins. */
  private static final class Noisy implements Callback {
    @Override
    public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
      trainer.log("noisy", Generator.defaultGenerator().nextDouble(), LogOptions.onEpoch());
    }
  }

  private static DataModule data() {
    return DataModule.of(Classifier.shuffled(SAMPLES, 2), Classifier.ordered(12));
  }

  private static Trainer trainer(RunEvents events, Callback... callbacks) {
    return TestTrainers.quiet(events)
        .maxEpochs(EPOCHS)
        .accumulateGradBatches(3)
        .enableCheckpointing(Arrays.stream(callbacks).anyMatch(HookCheckpoints.class::isInstance))
        .valCheckInterval(2)
        .gradientClipVal(0.5)
        .logEveryNSteps(1)
        .callback(new Noisy())
        .callbacks(callbacks)
        .build();
  }

  @TestFactory
  List<DynamicTest> fit_resumedFromAnyHookOfAnyBatch_isBitwiseTheUninterruptedRun() {
    RunEvents events = new RunEvents();
    HookCheckpoints saver = new HookCheckpoints(folder, events);
    Fulgur.seedEverything(7);
    RestlessModule module = new RestlessModule(events.losses::add, saver::inStep);
    Trainer trainer = trainer(events, saver);
    trainer.fit(module, data());
    RunEnd end = RunEnd.of(trainer, module);

    // Seven batches of an epoch in three windows, the last of which is partial.
    assertThat(trainer.totalBatches()).isEqualTo(7 * EPOCHS);
    assertThat(trainer.globalStep()).isEqualTo(3 * EPOCHS);
    List<DynamicTest> tests = new ArrayList<>();
    for (HookCheckpoints.Saved saved : saver.saved) {
      tests.add(DynamicTest.dynamicTest(saved.hook(), () -> assertGoesOn(saved, events, end)));
    }
    assertThat(tests).hasSizeGreaterThan(7 * EPOCHS * 8);
    return tests;
  }

  private static void assertGoesOn(HookCheckpoints.Saved saved, RunEvents whole, RunEnd end) {
    Fulgur.seedEverything(99);
    RunEvents events = new RunEvents();
    RestlessModule module = new RestlessModule(events.losses::add, hook -> {});
    Trainer trainer = trainer(events);
    trainer.fit(module, data(), saved.path());

    assertThat(events.losses).as(saved.hook()).isEqualTo(saved.losses(whole));
    assertThat(events.logged()).as(saved.hook()).isEqualTo(saved.logged(whole));
    assertThat(RunEnd.of(trainer, module)).as(saved.hook()).isEqualTo(end);
  }

  /** After a batch in the middle of a window, for which validation was due. */
  @Test
  void fit_resumedTwice_isBitwiseTheUninterruptedRun() throws IOException {
    RunEvents whole = new RunEvents();
    HookCheckpoints first = new HookCheckpoints(folder, whole);
    Fulgur.seedEverything(7);
    RestlessModule module = new RestlessModule(whole.losses::add, first::inStep);
    Trainer trainer = trainer(whole, first);
    trainer.fit(module, data());
    RunEnd end = RunEnd.of(trainer, module);
    HookCheckpoints.Saved middle =
        first.saved.stream()
            .filter(saved -> saved.hook().equals("onTrainBatchEnd, epoch 0, batch 1"))
            .findFirst()
            .orElseThrow();

    Fulgur.seedEverything(99);
    RunEvents rest = new RunEvents();
    HookCheckpoints second =
        new HookCheckpoints(Files.createDirectory(folder.resolve("second")), rest);
    RestlessModule resumed = new RestlessModule(rest.losses::add, second::inStep);
    trainer(rest, second).fit(resumed, data(), middle.path());

    assertThat(second.saved.get(0).hook()).startsWith("onValidationStart, epoch 0");
    assertThat(second.saved).hasSizeGreaterThan(30);
    second.saved.stream().limit(30).forEach(saved -> assertGoesOn(saved, rest, end));
  }

  /** Fails in a hook of the second epoch, and saves what is to go on from. */
  private record Failing(String hook, int batch, Path path) implements Callback {
    private void at(String now, Trainer trainer) {
      if (hook.equals(now) && trainer.currentEpoch() == 1 && trainer.batchIndex() == batch) {
        throw new IllegalStateException("on purpose");
      }
    }

    @Override
    public void onAfterBackward(Trainer trainer, FulgurModule module) {
      at("onAfterBackward", trainer);
    }

    @Override
    public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {
      at("onBeforeOptimizerStep", trainer);
    }

    @Override
    public void onValidationBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch data,
        int index,
        int loader) {
      at("onValidationBatchEnd", trainer);
    }

    @Override
    public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
      trainer.saveCheckpoint(path);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "onAfterBackward, 4, loss 1 4",
    "onAfterBackward, 6, loss 1 6",
    "onBeforeOptimizerStep, 5, loss 1 5",
    "onValidationBatchEnd, 1, loss 1 2",
    "trainingStep, 3, loss 1 3"
  })
  void fit_resumedFromWhatAFailedRunSaved_isBitwiseTheUninterruptedRun(
      String hook, int batch, String first) {
    RunEvents whole = new RunEvents();
    Fulgur.seedEverything(7);
    RestlessModule uninterrupted = new RestlessModule(whole.losses::add, ignored -> {});
    Trainer trainer = trainer(whole);
    trainer.fit(uninterrupted, data());
    RunEnd end = RunEnd.of(trainer, uninterrupted);

    Failing failing = new Failing(hook, batch, folder.resolve("failed.ckpt"));
    Fulgur.seedEverything(7);
    Trainer failed = trainer(new RunEvents(), failing);
    RestlessModule module = new RestlessModule(event -> {}, now -> failing.at(now, failed));
    assertThatThrownBy(() -> failed.fit(module, data())).hasStackTraceContaining("on purpose");

    Fulgur.seedEverything(99);
    RunEvents rest = new RunEvents();
    RestlessModule resumed = new RestlessModule(rest.losses::add, ignored -> {});
    Trainer goesOn = trainer(rest);
    goesOn.fit(resumed, data(), failing.path());

    assertThat(rest.losses.get(0)).startsWith(first);
    assertThat(whole.losses).endsWith(rest.losses.toArray(String[]::new));
    assertThat(whole.logged()).endsWith(rest.logged().toArray(String[]::new));
    assertThat(RunEnd.of(goesOn, resumed)).isEqualTo(end);
  }
}
