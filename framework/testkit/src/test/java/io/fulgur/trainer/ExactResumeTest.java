package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.log.Reduction;
import io.fulgur.metric.Accuracy;
import io.fulgur.metric.Auroc;
import io.fulgur.metric.MeanMetric;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.OptimizerState;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.profile.StepTimes;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
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

  /** Changes in every way in which a module can: weights, buffers, random numbers, metrics. */
  @SuppressWarnings("UnusedMethod") // The trainer calls them.
  private static final class Restless extends FulgurModule {
    private final Sequential net =
        new Sequential(
            new Linear(Classifier.FEATURES, 8),
            new BatchNorm1d(8),
            new ReLU(),
            new Dropout(0.2),
            new Linear(8, Classifier.CLASSES));
    private final Adam adam = Adam.of(parameters()).learningRate(0.02);
    private final Accuracy accuracy = Accuracy.multiclass(Classifier.CLASSES);
    private final Auroc auroc = Auroc.multiclass(Classifier.CLASSES);
    private final Accuracy validated = Accuracy.multiclass(Classifier.CLASSES);

    /** Is never logged and never reset. */
    private final MeanMetric everything = new MeanMetric();

    private final Consumer<String> events;
    private final Consumer<String> hooks;

    Restless(Consumer<String> events, Consumer<String> hooks) {
      this.events = events;
      this.hooks = hooks;
    }

    @Override
    public Tensor forward(Tensor input) {
      return net.call(input);
    }

    @TrainingStep
    Tensor trainingStep(Batch batch, int index) {
      Tensor logits = forward(batch.get("image"));
      Tensor loss = Losses.crossEntropy(logits, batch.get("label"));
      events.accept("loss %d %d %s".formatted(currentEpoch(), index, loss.item()));
      log("loss", loss, LogOptions.onStep().onEpoch());
      log("worst", loss, LogOptions.onEpoch().reduce(Reduction.MAX));
      log("accuracy", accuracy.update(logits, batch.get("label")), LogOptions.onStep().onEpoch());
      log("auroc", auroc.update(logits.softmax(1), batch.get("label")), LogOptions.onEpoch());
      everything.update(loss.item());
      hooks.accept("trainingStep");
      return loss;
    }

    @ValidationStep
    void validationStep(Batch batch, int index) {
      Tensor logits = forward(batch.get("image"));
      log(
          "val_loss",
          Losses.crossEntropy(logits, batch.get("label")),
          LogOptions.onStep().onEpoch());
      log("noise", Generator.defaultGenerator().nextDouble());
      log("val_accuracy", validated.update(logits, batch.get("label")));
      everything.update(index);
      hooks.accept("validationStep");
    }

    @On(Hook.TRAIN_EPOCH_START)
    void start() {
      log("drawn", Generator.defaultGenerator().nextDouble(), LogOptions.onEpoch());
    }

    @ConfigureOptimizers
    OptimizerPlan configureOptimizers() {
      return OptimizerPlan.of(adam)
          .withScheduler(new ExponentialLR(adam, 0.97), ScheduleInterval.STEP, 1)
          .withScheduler(new StepLR(adam, 1, 0.9))
          .withScheduler(ReduceLROnPlateau.of(adam).patience(0).factor(0.5).build(), "val_loss");
    }
  }

  /**
   * What happened in a run: losses, and what a logger was given. As loggers have a thread of their
   * own, a moment of the run is found among the latter by a call that passes the same way.
   */
  private static final class Events implements Logger {
    final List<String> losses = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private final List<Integer> moments = new ArrayList<>();

    @Override
    public synchronized void logMetrics(Metrics metrics, long step) {
      Map<String, Double> values = new LinkedHashMap<>(metrics.toMap());
      values.keySet().removeAll(StepTimes.NAMES);
      logged.add(step + " " + values);
    }

    @Override
    public synchronized void afterSaveCheckpoint(CheckpointCallback callback) {
      moments.add(logged.size());
    }

    synchronized List<String> logged() {
      return List.copyOf(logged);
    }

    /** Returns what was logged after a moment, counted from 0. */
    synchronized List<String> loggedAfter(int moment) {
      return List.copyOf(logged.subList(moments.get(moment), logged.size()));
    }

    List<String> lossesAfter(int count) {
      return losses.subList(count, losses.size());
    }

    @Override
    public String name() {
      return "events";
    }

    @Override
    public String version() {
      return "0";
    }
  }

  /**
   * A moment of a run.
   *
   * @param losses how many losses there were
   * @param number which of the moments it was
   */
  private record Moment(int losses, int number) {}

  /**
   * A checkpoint.
   *
   * @param hook where it was saved
   * @param epoch in which epoch
   * @param from where a run goes on from it
   */
  private record Saved(String hook, Path path, int epoch, Moment from) {
    List<String> losses(Events events) {
      if (!isOfEpochEnd()) {
        return events.lossesAfter(from.losses());
      }
      String next = "loss " + (epoch + 1);
      return events.losses.stream().filter(each -> each.compareTo(next) >= 0).toList();
    }

    List<String> logged(Events events) {
      if (!isOfEpochEnd()) {
        return events.loggedAfter(from.number());
      }
      // What the epoch sends to the loggers it has sent for good, or lost.
      return events.logged().stream()
          .filter(
              each ->
                  IntStream.rangeClosed(0, epoch)
                      .noneMatch(e -> each.endsWith(" epoch=" + e + ".0}")))
          .toList();
    }

    private boolean isOfEpochEnd() {
      return hook.startsWith("onTrainEpochEnd");
    }
  }

  /** Saves a checkpoint in every hook. */
  private static final class Saver implements CheckpointCallback {
    private final Path folder;
    private final Events events;
    private final List<Saved> saved = new ArrayList<>();
    private @Nullable Trainer trainer;
    private int moments;
    private Moment batchStart = new Moment(0, 0);
    private Moment validationStart = new Moment(0, 0);

    Saver(Path folder, Events events) {
      this.folder = folder;
      this.events = events;
    }

    @Override
    public @Nullable Path bestModelPath() {
      return null;
    }

    @Override
    public @Nullable Path lastModelPath() {
      return null;
    }

    private Moment now(Trainer of) {
      of.afterSaveCheckpoint(this);
      return new Moment(events.losses.size(), moments++);
    }

    private void save(String hook, Moment from) {
      Trainer of = trainer;
      if (of == null || of.isSanityChecking()) {
        return;
      }
      Path path = folder.resolve(saved.size() + ".ckpt");
      of.saveCheckpoint(path);
      saved.add(
          new Saved(
              "%s, epoch %d, batch %d".formatted(hook, of.currentEpoch(), of.batchIndex()),
              path,
              of.currentEpoch(),
              from));
    }

    private void save(String hook) {
      Trainer of = trainer;
      if (of != null) {
        save(hook, now(of));
      }
    }

    /** Called by the module within its steps. */
    void inStep(String hook) {
      save(hook, hook.equals("trainingStep") ? batchStart : validationStart);
    }

    @Override
    public void onTrainStart(Trainer now, FulgurModule module) {
      trainer = now;
    }

    @Override
    public void onTrainEpochStart(Trainer now, FulgurModule module) {
      save("onTrainEpochStart");
    }

    @Override
    public void onTrainEpochEnd(Trainer now, FulgurModule module) {
      save("onTrainEpochEnd");
    }

    @Override
    public void onTrainBatchStart(Trainer now, FulgurModule module, Batch batch, int index) {
      batchStart = now(now);
      save("onTrainBatchStart", batchStart);
    }

    @Override
    public void onBeforeZeroGrad(Trainer now, FulgurModule module, Optimizer optimizer) {
      save("onBeforeZeroGrad", batchStart);
    }

    @Override
    public void onBeforeBackward(Trainer now, FulgurModule module, Tensor loss) {
      save("onBeforeBackward", batchStart);
    }

    @Override
    public void onAfterBackward(Trainer now, FulgurModule module) {
      save("onAfterBackward", batchStart);
    }

    @Override
    public void onBeforeOptimizerStep(Trainer now, FulgurModule module, Optimizer optimizer) {
      save("onBeforeOptimizerStep", batchStart);
    }

    @Override
    public void onTrainBatchEnd(
        Trainer now, FulgurModule module, @Nullable StepOutput output, Batch batch, int index) {
      save("onTrainBatchEnd");
    }

    @Override
    public void onValidationStart(Trainer now, FulgurModule module) {
      validationStart = now(now);
      save("onValidationStart", validationStart);
    }

    @Override
    public void onValidationBatchStart(
        Trainer now, FulgurModule module, Batch batch, int index, int loader) {
      save("onValidationBatchStart", validationStart);
    }

    @Override
    public void onValidationBatchEnd(
        Trainer now,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int index,
        int loader) {
      save("onValidationBatchEnd", validationStart);
    }

    @Override
    public void onValidationEpochEnd(Trainer now, FulgurModule module) {
      save("onValidationEpochEnd", validationStart);
    }

    @Override
    public void onValidationEnd(Trainer now, FulgurModule module) {
      save("onValidationEnd");
    }
  }

  /** Where a run is in the end. */
  private record End(
      Map<String, List<Double>> weights,
      Map<String, List<Double>> optimizer,
      Map<String, Long> steps,
      List<Double> learningRates,
      long globalStep,
      long batches,
      long loggingStep,
      int epoch,
      double everything,
      long randomSeed,
      long randomOffset) {
    static End of(Trainer trainer, Restless module) {
      OptimizerState state = module.adam.stateDict(module.namedParameters());
      return new End(
          values(module.stateDict()),
          values(state.tensors()),
          state.steps(),
          trainer.lrSchedulers().stream()
              .flatMap(schedule -> schedule.learningRates().stream())
              .toList(),
          trainer.globalStep(),
          trainer.totalBatches(),
          trainer.loggingStep(),
          trainer.currentEpoch(),
          module.everything.compute(),
          Generator.defaultGenerator().seed(),
          Generator.defaultGenerator().offset());
    }

    private static Map<String, List<Double>> values(Map<String, Tensor> tensors) {
      Map<String, List<Double>> values = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) -> {
            List<Double> list = new ArrayList<>();
            for (double value : tensor.toDoubleArray()) {
              list.add(value);
            }
            values.put(name, list);
          });
      return values;
    }
  }

  private static DataModule data() {
    return DataModule.of(Classifier.shuffled(SAMPLES, 2), Classifier.ordered(12));
  }

  private static Trainer trainer(Events events, Callback... callbacks) {
    return TestTrainers.quiet(events)
        .maxEpochs(EPOCHS)
        .accumulateGradBatches(3)
        .enableCheckpointing(Arrays.stream(callbacks).anyMatch(Saver.class::isInstance))
        .valCheckInterval(2)
        .gradientClipVal(0.5)
        .logEveryNSteps(1)
        .callbacks(callbacks)
        .build();
  }

  @TestFactory
  List<DynamicTest> fit_resumedFromAnyHookOfAnyBatch_isBitwiseTheUninterruptedRun() {
    Events events = new Events();
    Saver saver = new Saver(folder, events);
    Fulgur.seedEverything(7);
    Restless module = new Restless(events.losses::add, saver::inStep);
    Trainer trainer = trainer(events, saver);
    trainer.fit(module, data());
    End end = End.of(trainer, module);

    // Seven batches of an epoch in three windows, the last of which is partial.
    assertThat(trainer.totalBatches()).isEqualTo(7 * EPOCHS);
    assertThat(trainer.globalStep()).isEqualTo(3 * EPOCHS);
    List<DynamicTest> tests = new ArrayList<>();
    for (Saved saved : saver.saved) {
      tests.add(DynamicTest.dynamicTest(saved.hook(), () -> assertGoesOn(saved, events, end)));
    }
    assertThat(tests).hasSizeGreaterThan(7 * EPOCHS * 8);
    return tests;
  }

  private static void assertGoesOn(Saved saved, Events whole, End end) {
    Fulgur.seedEverything(99);
    Events events = new Events();
    Restless module = new Restless(events.losses::add, hook -> {});
    Trainer trainer = trainer(events);
    trainer.fit(module, data(), saved.path());

    assertThat(events.losses).as(saved.hook()).isEqualTo(saved.losses(whole));
    assertThat(events.logged()).as(saved.hook()).isEqualTo(saved.logged(whole));
    assertThat(End.of(trainer, module)).as(saved.hook()).isEqualTo(end);
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
    Events whole = new Events();
    Fulgur.seedEverything(7);
    Restless uninterrupted = new Restless(whole.losses::add, ignored -> {});
    Trainer trainer = trainer(whole);
    trainer.fit(uninterrupted, data());
    End end = End.of(trainer, uninterrupted);

    Failing failing = new Failing(hook, batch, folder.resolve("failed.ckpt"));
    Fulgur.seedEverything(7);
    Trainer failed = trainer(new Events(), failing);
    Restless module = new Restless(event -> {}, now -> failing.at(now, failed));
    assertThatThrownBy(() -> failed.fit(module, data())).hasStackTraceContaining("on purpose");

    Fulgur.seedEverything(99);
    Events rest = new Events();
    Restless resumed = new Restless(rest.losses::add, ignored -> {});
    Trainer goesOn = trainer(rest);
    goesOn.fit(resumed, data(), failing.path());

    assertThat(rest.losses.get(0)).startsWith(first);
    assertThat(whole.losses).endsWith(rest.losses.toArray(String[]::new));
    assertThat(whole.logged()).endsWith(rest.logged().toArray(String[]::new));
    assertThat(End.of(goesOn, resumed)).isEqualTo(end);
  }

  /** Notes after how many batches validation ran, and takes a second for each batch. */
  private static final class Watch implements Callback {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Long> validated = new ArrayList<>();
    private final Path path;
    private final String hook;
    private final int at;

    Watch(Path path, String hook, int at) {
      this.path = path;
      this.hook = hook;
      this.at = at;
    }

    private void at(String now, Trainer trainer) {
      if (hook.equals(now) && trainer.totalBatches() == at) {
        trainer.saveCheckpoint(path);
      }
    }

    @Override
    public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int index) {
      nanos.addAndGet(1_000_000_000L);
      at("onTrainBatchStart", trainer);
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer, FulgurModule module, @Nullable StepOutput output, Batch batch, int index) {
      at("onTrainBatchEnd", trainer);
    }

    @Override
    public void onValidationStart(Trainer trainer, FulgurModule module) {
      at("onValidationStart", trainer);
    }

    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      if (!trainer.isSanityChecking()) {
        validated.add(trainer.totalBatches());
        at("onValidationEnd", trainer);
      }
    }
  }

  private static void watched(Watch watch, @Nullable Path from) {
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(EPOCHS)
            .valCheckInterval(Duration.ofSeconds(5))
            .nanoClock(watch.nanos::get)
            .callback(watch)
            .build();
    if (from == null) {
      trainer.fit(new Classifier(), data());
    } else {
      trainer.fit(new Classifier(), data(), from);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "onTrainBatchEnd, 3, 5",
    "onTrainBatchEnd, 5, 5",
    "onValidationStart, 10, 10",
    "onValidationEnd, 10, 15"
  })
  void fit_resumedBetweenTimedValidations_validatesWhenTheUninterruptedRunDoes(
      String hook, int at, long next) {
    Path path = folder.resolve("timed.ckpt");
    Watch whole = new Watch(path, hook, at);
    watched(whole, null);
    assertThat(whole.validated).containsExactly(5L, 10L, 15L, 20L);

    Watch resumed = new Watch(path, "never", 0);
    resumed.nanos.set(77_000_000_000L);
    watched(resumed, path);

    assertThat(resumed.validated)
        .startsWith(next)
        .isEqualTo(whole.validated.subList((int) (next / 5) - 1, 4));
  }
}
