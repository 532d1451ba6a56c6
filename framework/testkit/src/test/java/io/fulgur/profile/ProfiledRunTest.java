package io.fulgur.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.checkpoint.AsyncCheckpointIO;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What profilers are told of a trainer's runs. */
@ExtendWith(CleanThread.class)
class ProfiledRunTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final SimpleProfiler simple = new SimpleProfiler(new PrintStream(printed, true, UTF_8));

  @TempDir Path folder;

  private static final class Watcher implements Callback {
    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {}

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {}
  }

  /** Has a hook of its own. */
  static class Hooked extends BoringModule {
    @On(Hook.TRAIN_BATCH_START)
    void beforeBatch() {}
  }

  private TrainerBuilder trainer() {
    return Trainer.builder()
        .defaultRootDir(folder)
        .enableCheckpointing(false)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .maxEpochs(2);
  }

  private Map<String, Long> calls() {
    return simple.actions().stream().collect(Collectors.toMap(ActionTime::name, ActionTime::calls));
  }

  @Test
  void fit_simple_countsEveryActionOfTheRun() {
    Trainer trainer =
        trainer()
            .profiler(simple)
            .accumulateGradBatches(2)
            .callbacks(new Watcher(), new Watcher())
            .build();
    trainer.fit(new Hooked(), BoringData.module(4, 3));

    assertThat(calls())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry("[DataModule]prepareData", 1L),
                entry("[DataModule]setup", 1L),
                entry("[DataModule]teardown", 1L),
                entry("[Trainer]sanityCheck", 1L),
                entry("[Trainer]trainingEpoch", 2L),
                entry("[Trainer]fetchTrainingBatch", 8L),
                entry("[Trainer]trainingBatch", 8L),
                entry("[Trainer]transferBatch", 8L + 2 * 3 + 2),
                entry("[Module]onTrainBatchStart", 8L),
                entry("[Module]trainingStep", 8L),
                entry("[Trainer]zeroGrad", 4L),
                entry("[Trainer]backward", 8L),
                entry("[Trainer]optimizerStep", 4L),
                entry("[Callback]Watcher.onTrainBatchEnd", 8L),
                entry("[Callback]Watcher-1.onTrainBatchEnd", 8L),
                entry("[Callback]Watcher.onTrainEpochEnd", 2L),
                entry("[Callback]Watcher-1.onTrainEpochEnd", 2L),
                entry("[Trainer]validation", 3L),
                entry("[Trainer]fetchValidationBatch", 2L * 3 + 2),
                entry("[Module]validationStep", 2L * 3 + 2),
                entry("[DataLoader]loadBatch", 8L + 2 * 3 + 2)));
    assertThat(printed.toString(UTF_8))
        .startsWith("Profile of fit, ")
        .contains("[Trainer]trainingBatch", "[Callback]Watcher-1.onTrainEpochEnd");
  }

  @Test
  void fit_checkpoints_areMeasured() {
    Trainer trainer =
        trainer()
            .profiler(simple)
            .enableCheckpointing(true)
            .callback(ModelCheckpoint.builder().dirPath(folder).build())
            .build();
    trainer.fit(new BoringModule(), BoringData.loader(2));
    assertThat(calls()).containsEntry("[Trainer]saveCheckpoint", 2L);
    assertThat(calls()).containsEntry("[Callback]ModelCheckpoint.onTrainEpochEnd", 2L);

    trainer.fit(new BoringModule(), DataModule.of(BoringData.loader(2)), "best");
    assertThat(calls()).containsEntry("[Trainer]loadCheckpoint", 1L);
  }

  @Test
  void testAndPredict_simple_haveTablesOfTheirOwn() {
    Trainer trainer = trainer().profiler(simple).build();
    trainer.test(new BoringModule(), BoringData.module(4, 3));
    assertThat(calls())
        .containsEntry("[Trainer]test", 1L)
        .containsEntry("[Trainer]fetchTestBatch", 3L)
        .containsEntry("[Module]testStep", 3L)
        .doesNotContainKey("[Trainer]prediction");

    trainer.predict(new BoringModule(), BoringData.module(4, 3));
    assertThat(calls())
        .containsEntry("[Trainer]prediction", 1L)
        .containsEntry("[Trainer]fetchPredictionBatch", 3L)
        .containsEntry("[Module]predictStep", 3L)
        .doesNotContainKey("[Trainer]test");
  }

  /** Fails at the third batch. */
  private static final class Failing extends BoringModule {
    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      if (batchIndex == 2) {
        throw new IllegalStateException("on purpose");
      }
      return super.trainingLoss(batch, batchIndex);
    }
  }

  @Test
  void fit_fails_printsWhatWasMeasuredAndTheNextRunStartsAfresh() {
    Trainer trainer = trainer().profiler(simple).build();

    assertThatThrownBy(() -> trainer.fit(new Failing(), BoringData.loader(4)))
        .hasMessage("on purpose");
    assertThat(calls()).containsEntry("[Module]trainingStep", 3L);
    assertThat(printed.toString(UTF_8)).contains("[Module]trainingStep");

    trainer.fit(new BoringModule(), BoringData.loader(4));
    assertThat(calls()).containsEntry("[Module]trainingStep", 8L);
  }

  @Test
  void fit_ownRegion_isMeasured() {
    Trainer trainer = trainer().profiler(simple).build();
    class Marked extends BoringModule {
      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        try (Profiler.Region region = trainer.profiler().region("loss")) {
          return super.trainingLoss(batch, batchIndex);
        }
      }
    }
    trainer.fit(new Marked(), BoringData.loader(4));

    assertThat(calls()).containsEntry("loss", 8L);
  }

  // ---------------------------------------------------------------- traces

  private TraceFormat traceOf(TrainerBuilder builder, DataLoader data) throws IOException {
    ChromeTraceProfiler profiler =
        ChromeTraceProfiler.builder().out(new PrintStream(printed, true, UTF_8)).build();
    builder.profiler(profiler).build().fit(new BoringModule(), data);
    return TraceFormat.read(profiler.path());
  }

  @Test
  void fit_traceWithWorkers_showsThreadsOperatorsAndCopiesWhereTheyBelong() throws IOException {
    DataLoader data = DataLoader.builder(BoringData.dataset(8)).batchSize(2).workers(2).build();
    TraceFormat trace = traceOf(trainer(), data);

    assertThat(trace.threads().values())
        .contains(Thread.currentThread().getName())
        .allMatch(
            name ->
                name.equals(Thread.currentThread().getName())
                    || name.startsWith("fulgur-data-worker-"));
    assertThat(trace.events("[DataLoader]loadBatch"))
        .hasSize(8)
        .allMatch(event -> trace.thread(event).startsWith("fulgur-data-worker-"));
    List<TraceFormat.Event> batches = trace.events("[Trainer]trainingBatch");
    assertThat(batches).hasSize(8);
    assertThat(batches)
        .allSatisfy(
            batch ->
                assertThat(trace.inside(batch))
                    .extracting(TraceFormat.Event::name)
                    .contains(
                        "[Trainer]transferBatch",
                        "copy host to device",
                        "[Module]trainingStep",
                        "linear",
                        "[Trainer]backward",
                        "[Trainer]optimizerStep"));
    assertThat(trace.inside(trace.events("[Trainer]transferBatch").get(0)))
        .extracting(TraceFormat.Event::name)
        .containsExactly("copy host to device");
    assertThat(trace.inside(trace.events("[Trainer]backward").get(0)))
        .anyMatch(event -> event.category().equals("operator"));
  }

  /** Keeps nothing. */
  private static final class Forgetful implements Logger {
    @Override
    public String name() {
      return "forgetful";
    }

    @Override
    public String version() {
      return "";
    }

    @Override
    public void logMetrics(Metrics metrics, long step) {}
  }

  @Test
  void fit_traceWithLoggersAndAsyncCheckpoints_showsWhatTheirThreadsDo() throws IOException {
    DataLoader data = BoringData.loader(4);
    TraceFormat trace =
        traceOf(
            trainer()
                .enableLogging(true)
                .loggers(new Forgetful(), new Forgetful())
                .logEveryNSteps(2)
                .enableCheckpointing(true)
                .callback(ModelCheckpoint.builder().dirPath(folder).saveLast(true).build())
                .asyncCheckpoints(true),
            data);

    assertThat(trace.names("fulgur-loggers"))
        .contains(
            "[Logger]Forgetful.logMetrics",
            "[Logger]Forgetful-1.logMetrics",
            "[Logger]Forgetful.logHyperparameters",
            "[Logger]Forgetful-1.save",
            "[Logger]Forgetful.finish")
        .allMatch(name -> name.startsWith("[Logger]Forgetful"));
    assertThat(trace.names("fulgur-checkpoints"))
        .contains("[CheckpointIO]save", "[CheckpointIO]copy", "[CheckpointIO]remove")
        .allMatch(name -> name.startsWith("[CheckpointIO]"));
    assertThat(trace.events("[CheckpointIO]save")).hasSize(2);
    assertThat(trace.names(Thread.currentThread().getName()))
        .contains("[Trainer]saveCheckpoint")
        .noneMatch(name -> name.startsWith("[Logger]") || name.startsWith("[CheckpointIO]"));
  }

  @Test
  void fit_checkpointIoOfTheUser_isToldTheProfilerOfTheNewestTrainer() {
    AsyncCheckpointIO io = new AsyncCheckpointIO(new SafeTensorsCheckpointIO());
    TrainerBuilder profiled = trainer().enableCheckpointing(true).checkpointIO(io).profiler(simple);
    profiled.build().fit(new BoringModule(), BoringData.loader(2));
    assertThat(calls()).containsEntry("[CheckpointIO]save", 2L);

    trainer()
        .enableCheckpointing(true)
        .checkpointIO(io)
        .build()
        .fit(new BoringModule(), BoringData.loader(2));
    assertThat(calls()).containsEntry("[CheckpointIO]save", 2L);
  }

  @Test
  void fit_traceAndFailure_leavesAWholeFile() {
    ChromeTraceProfiler profiler =
        ChromeTraceProfiler.builder().out(new PrintStream(printed, true, UTF_8)).build();
    Trainer trainer = trainer().profiler(profiler).build();

    assertThatThrownBy(() -> trainer.fit(new Failing(), BoringData.loader(4)))
        .hasMessage("on purpose");
    assertThat(profiler.path())
        .satisfies(
            path -> assertThat(TraceFormat.read(path).events("[Module]trainingStep")).hasSize(3));
  }

  @Test
  void fit_traceSchedule_countsTrainingBatches() throws IOException {
    ChromeTraceProfiler profiler =
        ChromeTraceProfiler.builder()
            .out(new PrintStream(printed, true, UTF_8))
            .schedule(ProfilerSchedule.of(3, 1, 3).repeat(1))
            .build();
    trainer().profiler(profiler).build().fit(new BoringModule(), BoringData.module(4, 3));
    TraceFormat trace = TraceFormat.read(profiler.path());

    assertThat(trace.events("[Trainer]trainingBatch")).hasSize(3);
    assertThat(trace.events("[Trainer]backward")).hasSize(3);
  }

  /** Being looked at changes no number. */
  @Test
  void fit_traced_learnsTheSame() throws IOException {
    List<Double> weights =
        List.of(1, 2).stream()
            .map(
                run -> {
                  Generator.defaultGenerator().seed(3);
                  BoringModule module = new BoringModule();
                  TrainerBuilder builder = trainer();
                  if (run == 2) {
                    builder.profiler(
                        ChromeTraceProfiler.builder()
                            .out(new PrintStream(printed, true, UTF_8))
                            .recordShapes(true)
                            .build());
                  }
                  builder.build().fit(module, BoringData.module(4, 3));
                  return module.parameters().get(0).sum().item();
                })
            .toList();

    assertThat(weights.get(1)).isEqualTo(weights.get(0));
  }

  // ---------------------------------------------------------------- options

  @Test
  void build_names_makeProfilers() {
    assertThat(trainer().profiler("simple").build().profiler()).isInstanceOf(SimpleProfiler.class);
    assertThat(trainer().profiler("trace").build().profiler())
        .isInstanceOf(ChromeTraceProfiler.class);
    assertThat(trainer().build().profiler()).isSameAs(Profiler.NONE);
    assertThat(trainer().environment(Map.of("FULGUR_TRAINER_PROFILER", "trace")).build().profiler())
        .isInstanceOf(ChromeTraceProfiler.class);
  }

  @Test
  void build_unknownName_isReportedWithTheRest() {
    assertThatThrownBy(() -> trainer().profiler("simpel").maxEpochs(-7).build())
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            """
            [InvalidOptions] The trainer cannot be built:
              1) profiler is "simpel"; it must be one of simple, trace, or a Profiler. Did you mean "simple"?
              2) maxEpochs is -7; it must be at least -1 (-1 for no limit).""");
    assertThatThrownBy(() -> trainer().profiler("nvtx").build())
        .hasMessageEndingWith("it must be one of simple, trace, or a Profiler.");
  }
}
