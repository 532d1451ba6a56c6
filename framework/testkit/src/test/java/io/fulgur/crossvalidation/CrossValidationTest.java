package io.fulgur.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Fulgur;
import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.Normalize;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationTest {
  private static final int SAMPLES = 25;

  @TempDir Path folder;

  private static CrossValidationBuilder plain() {
    return CrossValidation.builder()
        .module(BoringModule::new)
        .trainer(() -> TestTrainers.quiet().maxEpochs(2))
        .data(FoldBatches.of(4))
        .folds(KFold.of(4));
  }

  private CrossValidationBuilder here() {
    return plain().defaultRootDir(folder);
  }

  /** Trains a fold by hand and judges it. */
  private static double byHand(Fold fold) {
    Fulgur.seedEverything(5);
    BoringModule module = new BoringModule();
    Trainer trainer = TestTrainers.quiet().maxEpochs(2).build();
    DataModule data = FoldBatches.of(4).of(fold);
    trainer.fit(module, data);
    return trainer.test(module, data).get(0).get("test_loss");
  }

  @Test
  void run_eachFold_givesTheNumbersOfAFitByHand() {
    Dataset dataset = BoringData.dataset(SAMPLES);
    CrossValidationResult result = here().seed(5).build().run(dataset);
    List<Fold> folds = KFold.of(4).split(dataset);

    assertThat(result.folds()).hasSize(4);
    for (FoldResult each : result.folds()) {
      assertThat(each.metrics()).containsOnlyKeys("test_loss");
      assertThat(each.metrics().get("test_loss")).isEqualTo(byHand(folds.get(each.fold())));
      assertThat(each.epochs()).isEqualTo(2);
      assertThat(each.trainSamples() + each.heldOutSamples()).isEqualTo(SAMPLES);
      assertThat(each.bestModelPath()).isNull();
    }
    assertThat(new HashSet<>(Arrays.stream(result.values("test_loss")).boxed().toList()))
        .hasSize(4);
    assertThat(result.mean("test_loss"))
        .isCloseTo(
            Arrays.stream(result.values("test_loss")).average().orElseThrow(), within(1e-12));
  }

  @Test
  void run_byValidation_judgesTheSamplesHeldOut() {
    CrossValidationResult result =
        here().evaluation(RunKind.VALIDATE).build().run(BoringData.dataset(SAMPLES));

    assertThat(result.metricNames()).containsExactly("val_loss");
  }

  /** Says which samples it has seen in training, in validation and in test. */
  private static final class Seeing extends BoringModule {
    private final Set<Float> trained = new TreeSet<>();
    private final Set<Float> validated = new TreeSet<>();
    private final Set<Float> tested = new TreeSet<>();
    private final List<Float> inputs = new ArrayList<>();

    private static void add(Set<Float> all, Batch batch) {
      for (float value : batch.get("id").toFloatArray()) {
        all.add(value);
      }
    }

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      add(trained, batch);
      for (float value : batch.get(BoringData.FEATURES).toFloatArray()) {
        inputs.add(value);
      }
      return super.trainingLoss(batch, batchIndex);
    }

    @Override
    protected void validationStep(Batch batch) {
      add(validated, batch);
      super.validationStep(batch);
    }

    @Override
    protected void testStep(Batch batch) {
      add(tested, batch);
      super.testStep(batch);
    }
  }

  private static Dataset numbered(int samples) {
    float[] ids = new float[samples];
    float[] features = new float[samples * BoringModule.FEATURES];
    for (int i = 0; i < samples; i++) {
      ids[i] = i;
      Arrays.fill(features, i * BoringModule.FEATURES, (i + 1) * BoringModule.FEATURES, i * i);
    }
    return ArrayDataset.of("id", HostArray.of(ids))
        .with(BoringData.FEATURES, HostArray.of(features, samples, BoringModule.FEATURES));
  }

  @Test
  void run_withValidationAndAFittedTransform_leaksNothingHeldOut() {
    List<FoldRun> runs = new ArrayList<>();
    List<Normalize> fitted = new ArrayList<>();
    here()
        .module(Seeing::new)
        .folds(KFold.of(3).shuffled(2))
        .data(
            FoldBatches.of(4)
                .validation(0.25, 9)
                .fitted(
                    train -> {
                      Normalize normalize = Normalize.fit(train, BoringData.FEATURES);
                      fitted.add(normalize);
                      return normalize;
                    }))
        .trainer(() -> TestTrainers.quiet().maxEpochs(1).numSanityValSteps(0))
        .afterFold(runs::add)
        .build()
        .run(numbered(18));

    assertThat(runs).hasSize(3);
    assertThat(fitted).as("once a fold, not once a run").hasSize(3);
    Set<Float> heldOut = new TreeSet<>();
    for (FoldRun run : runs) {
      Seeing module = (Seeing) run.module();
      assertThat(module.trained).hasSize(9).doesNotContainAnyElementsOf(module.validated);
      assertThat(module.validated).hasSize(3).doesNotContainAnyElementsOf(module.tested);
      assertThat(module.tested).hasSize(6).doesNotContainAnyElementsOf(module.trained);
      heldOut.addAll(module.tested);
      // The mean of what was trained on alone, element by element.
      double mean = module.trained.stream().mapToDouble(id -> id * id).average().orElseThrow();
      assertThat(fitted.get(run.fold().index()).mean()[0]).isCloseTo(mean, within(1e-9));
      assertThat(module.inputs.stream().mapToDouble(Float::doubleValue).average().orElseThrow())
          .isCloseTo(0, within(1e-5));
    }
    assertThat(heldOut).hasSize(18);
  }

  @Test
  void run_withCheckpointsAndLoggers_keepsAFolderForEachFoldAndJudgesTheBest() {
    CrossValidationResult result =
        here()
            .trainer(
                () ->
                    Trainer.builder()
                        .enableProgressBar(false)
                        .enableModelSummary(false)
                        .maxEpochs(3)
                        .logEveryNSteps(1)
                        .callback(ModelCheckpoint.builder().monitor("val_loss").build())
                        .callback(EarlyStopping.builder().monitor("val_loss").build()))
            .build()
            .run(BoringData.dataset(SAMPLES));

    for (FoldResult fold : result.folds()) {
      Path best = Objects.requireNonNull(fold.bestModelPath());
      assertThat(best).startsWith(folder.resolve("fold_" + fold.fold())).exists();
      assertThat(fold.logDir()).startsWith(folder.resolve("fold_" + fold.fold()));
      assertThat(Files.exists(fold.logDir().resolve("metrics.csv"))).isTrue();
      assertThat(loss(best, KFold.of(4).split(BoringData.dataset(SAMPLES)).get(fold.fold())))
          .isEqualTo(fold.metrics().get("test_loss"));
    }
    assertThat(result.toString()).startsWith("fold  train  held out  epochs  test_loss\n0 ");
  }

  private static double loss(Path checkpoint, Fold fold) {
    BoringModule module = new BoringModule();
    try (Checkpoint loaded = new SafeTensorsCheckpointIO().loadWeights(checkpoint)) {
      module.loadStateDict(loaded.weights());
    }
    return TestTrainers.quiet()
        .build()
        .test(module, FoldBatches.of(4).of(fold))
        .get(0)
        .get("test_loss");
  }

  @Test
  void run_afterFold_canPredictForEverySampleOnce() {
    List<StepOutput> predicted = new ArrayList<>();
    here()
        .afterFold(run -> predicted.addAll(run.trainer().predict(run.module(), run.data())))
        .build()
        .run(BoringData.dataset(SAMPLES));

    assertThat(
            predicted.stream()
                .mapToLong(output -> output.get(StepOutput.PREDICTION).shape().size(0))
                .sum())
        .isEqualTo(SAMPLES);
  }

  private static void assertShared(CrossValidationBuilder options, String what) {
    assertThatThrownBy(() -> options.build().run(BoringData.dataset(SAMPLES)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.SHARED_BETWEEN_FOLDS))
        .hasMessage(
            "[SharedBetweenFolds] Fold 1 was given the same "
                + what
                + ", so it would not start afresh. Make a new one each time, inside the function"
                + " that was passed to CrossValidation.");
  }

  @Test
  void run_somethingSharedBetweenFolds_isAnError() {
    BoringModule module = new BoringModule();
    TrainerBuilder trainer = TestTrainers.quiet().maxEpochs(1);
    EarlyStopping stopping = EarlyStopping.builder().monitor("val_loss").build();
    DataModule data = BoringData.module();

    assertShared(here().module(() -> module), "module as an earlier fold, a BoringModule");
    assertShared(here().trainer(() -> trainer), "trainer as an earlier fold, a TrainerBuilder");
    assertShared(here().data(fold -> data), "data module as an earlier fold, a LoaderModule");
    assertShared(
        here().trainer(() -> TestTrainers.quiet().maxEpochs(1).callback(stopping)),
        "callback as an earlier fold, a EarlyStopping");
  }

  @Test
  void run_statelessCallback_mayServeEveryFold() {
    List<String> calls = new ArrayList<>();
    Callback recording = RecordingCallback.into(calls);
    here()
        .trainer(() -> TestTrainers.quiet().maxEpochs(1).callback(recording))
        .build()
        .run(BoringData.dataset(SAMPLES));

    assertThat(calls).filteredOn("onFitStart"::equals).hasSize(4);
  }
}
