package io.fulgur.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.callback.Callback;
import io.fulgur.callback.GradientAccumulationScheduler;
import io.fulgur.callback.LambdaCallback;
import io.fulgur.callback.ModelSummary;
import io.fulgur.callback.averaging.EmaWeightAveraging;
import io.fulgur.callback.averaging.StochasticWeightAveraging;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.checkpoint.OnExceptionCheckpoint;
import io.fulgur.callback.checkpoint.SaveLast;
import io.fulgur.callback.finetuning.BackboneFinetuning;
import io.fulgur.callback.monitor.DeviceStatsMonitor;
import io.fulgur.callback.monitor.LearningRateMonitor;
import io.fulgur.callback.monitor.ThroughputMonitor;
import io.fulgur.callback.prediction.CsvPredictionWriter;
import io.fulgur.callback.prediction.JsonLinesPredictionWriter;
import io.fulgur.callback.spike.SpikeDetection;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.callback.stopping.Timer;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.ExponentialLR;
import io.fulgur.plugin.FulgurPlugin;
import io.fulgur.progress.ConsoleProgressDisplay;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.thirdparty.VaultPlugin.BatchCounter;
import io.fulgur.thirdparty.VaultPlugin.Notebook;
import io.fulgur.tune.LearningRateFinder;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All callbacks of Fulgur beside a plugin's, in a run that breaks off and goes on. */
class EverythingTogetherTest {
  private static final int EPOCHS = 6;
  private static final int BATCHES = 10;

  @TempDir Path folder;

  /** A backbone and a head, with dropout, momentum and a schedule. */
  @SuppressWarnings("UnusedMethod") // The trainer calls them.
  static final class Net extends FulgurModule {
    private final Linear backbone = new Linear(BoringModule.FEATURES, 8);
    private final Dropout dropout = new Dropout(0.2);
    private final Linear head = new Linear(8, 2);
    private double learningRate = 0.01;

    @Override
    public Tensor forward(Tensor input) {
      return head.call(dropout.call(backbone.call(input).tanh()));
    }

    private Tensor loss(Batch batch) {
      return forward(batch.get(BoringData.FEATURES)).sub(1).square().mean();
    }

    @TrainingStep
    Tensor train(Batch batch) {
      Tensor loss = loss(batch);
      log("train_loss", loss, LogOptions.onStep().onEpoch());
      return loss;
    }

    @ValidationStep
    void validate(Batch batch) {
      log("val_loss", loss(batch));
    }

    @PredictStep
    Tensor predict(Batch batch) {
      return forward(batch.get(BoringData.FEATURES));
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      SGD sgd = SGD.of(trainableParameters()).learningRate(learningRate).momentum(0.9);
      return OptimizerPlan.of(sgd).withScheduler(new ExponentialLR(sgd, 0.9));
    }
  }

  private static DataModule data() {
    return DataModule.builder()
        .train(
            DataLoader.builder(BoringData.dataset(4 * BATCHES)).batchSize(4).shuffle(true).build())
        .validation(BoringData.loader(3))
        .predict(BoringData.loader(3))
        .build();
  }

  private static Callback averaging(String kind) {
    return kind.equals("ema")
        ? EmaWeightAveraging.builder().decay(0.9).build()
        : StochasticWeightAveraging.builder()
            .swaLrs(0.02)
            .swaEpochStart(3)
            .annealingEpochs(2)
            .build();
  }

  /** One life of the run. */
  private final class Life {
    final Net module = new Net();
    final Path home;
    final ModelCheckpoint checkpoints;
    final Trainer trainer;

    Life(String name, String averaging, Notebook notebook, @Nullable Callback last)
        throws IOException {
      home = folder.resolve(name);
      checkpoints =
          ModelCheckpoint.builder()
              .dirPath(home.resolve("checkpoints"))
              .monitor("val_loss")
              .saveTopK(2)
              .saveLast(SaveLast.FILE)
              .build();
      List<Callback> all =
          new ArrayList<>(
              List.of(
                  new ConsoleProgressDisplay(),
                  new ModelSummary(2),
                  LearningRateFinder.builder().minLr(1e-4).maxLr(0.1).numTrainingSteps(20).build(),
                  BackboneFinetuning.builder().unfreezeBackboneAtEpoch(2).build(),
                  averaging(averaging),
                  new GradientAccumulationScheduler(Map.of(1, 2, 3, 3)),
                  EarlyStopping.builder().monitor("val_loss").patience(EPOCHS).build(),
                  checkpoints,
                  LearningRateMonitor.builder().build(),
                  new DeviceStatsMonitor(),
                  ThroughputMonitor.builder()
                      .batchSize(batch -> batch.get(BoringData.FEATURES).size(0))
                      .windowSize(5)
                      .build(),
                  Timer.builder().duration("00:01:00:00").build(),
                  SpikeDetection.builder().window(8).rtol(1e3).build(),
                  new CsvPredictionWriter(home.resolve("predictions.csv")),
                  new JsonLinesPredictionWriter(home.resolve("predictions.jsonl"))));
      if (last != null) {
        all.add(new OnExceptionCheckpoint(home.resolve("crash")));
        all.add(last);
      }
      Path vault = Files.createDirectories(folder.resolve("vault-" + name.charAt(0)));
      VaultPlugin.use(vault, notebook);
      trainer =
          withPlugin(
              () ->
                  Trainer.builder()
                      .environment(Map.of())
                      .defaultRootDir(home)
                      .maxEpochs(EPOCHS)
                      .logEveryNSteps(1)
                      .callbacks(all.toArray(new Callback[0]))
                      .build());
    }

    BatchCounter counter() {
      return trainer.callbacks().stream()
          .filter(BatchCounter.class::isInstance)
          .map(BatchCounter.class::cast)
          .findFirst()
          .orElseThrow();
    }

    Map<String, double[]> weights() {
      Map<String, double[]> values = new LinkedHashMap<>();
      module.stateDict().forEach((name, tensor) -> values.put(name, tensor.toDoubleArray()));
      return values;
    }
  }

  private Trainer withPlugin(Supplier<Trainer> build) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(FulgurPlugin.class.getName()), VaultPlugin.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      return build.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Callback breaking(int epoch, int batch) {
    return LambdaCallback.builder()
        .onTrainBatchStart(
            (trainer, module, data, index, loader) -> {
              if (trainer.currentEpoch() == epoch && index == batch) {
                throw new IllegalStateException("the power is gone");
              }
            })
        .build();
  }

  /** Returns what differs, in order of steps, and how. */
  private static List<String> differences(
      Map<String, Double> actual, Map<String, Double> expected) {
    Set<String> names = new TreeSet<>(expected.keySet());
    names.addAll(actual.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(actual.get(name), expected.get(name)))
        .map(name -> name + ": " + actual.get(name) + ", not " + expected.get(name))
        .sorted(Comparator.comparing(text -> Integer.valueOf(text.replaceAll(".*@|:.*", ""))))
        .toList();
  }

  /** Breaks off before, when and after the backbone thaws and averages begin. */
  @ParameterizedTest
  @CsvSource({
    "ema, 1, 0, last",
    "ema, 3, 6, last",
    "ema, 3, 6, crash",
    "ema, 5, 9, crash",
    "swa, 1, 4, crash",
    "swa, 2, 8, last",
    "swa, 3, 3, crash",
    "ema, 3, 5, last",
    "ema, 3, 5, crash",
    "swa, 1, 3, crash",
    "swa, 5, 6, last"
  })
  void fit_brokenOffAndResumed_isBitwiseTheUninterruptedRun(
      String averaging, int epoch, int batch, String from) throws IOException {
    Fulgur.seedEverything(3);
    Notebook wholeNotes = new Notebook();
    Life whole = new Life("whole", averaging, wholeNotes, null);
    whole.trainer.fit(whole.module, data());

    Fulgur.seedEverything(3);
    Notebook notes = new Notebook();
    Life first = new Life("broken", averaging, notes, breaking(epoch, batch));
    assertThatThrownBy(() -> first.trainer.fit(first.module, data()))
        .hasStackTraceContaining("the power is gone");
    Path path =
        from.equals("last")
            ? Objects.requireNonNull(first.checkpoints.lastModelPath())
            : first.home.resolve("crash/on_exception.ckpt");
    assertThat(path).as("the plugin keeps it elsewhere").doesNotExist();

    Fulgur.seedEverything(4);
    Life second = new Life("broken", averaging, notes, null);
    second.trainer.fit(second.module, data(), path);

    assertThat(second.trainer.globalStep()).isEqualTo(whole.trainer.globalStep());
    assertThat(second.counter().batches()).isEqualTo((long) EPOCHS * BATCHES);
    assertThat(whole.counter().batches()).isEqualTo((long) EPOCHS * BATCHES);
    Map<String, double[]> expected = whole.weights();
    Map<String, double[]> actual = second.weights();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    assertThat(differences(notes.notes, wholeNotes.notes)).isEmpty();
    expected.forEach(
        (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values));
    assertThat(second.checkpoints.bestModelScore()).isEqualTo(whole.checkpoints.bestModelScore());

    whole.trainer.predict(whole.module, data());
    second.trainer.predict(second.module, data());
    for (String file : List.of("predictions.csv", "predictions.jsonl")) {
      assertThat(second.home.resolve(file)).hasSameTextualContentAs(whole.home.resolve(file));
    }
  }
}
