package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.HostBatch;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.precision.GradScaler;
import io.fulgur.precision.MixedPrecision;
import io.fulgur.precision.Precision;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PrecisionTest {
  private static final int EPOCHS = 3;
  private static final double CLIP = 0.5;

  @TempDir Path folder;

  /** The loop that a user would write, with PyTorch's order of scaling, clipping and stepping. */
  private static List<Double> byHand(
      Classifier module, DataLoader loader, DType dtype, @Nullable GradScaler scaler) {
    List<Double> losses = new ArrayList<>();
    loader.seed();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (HostBatch host : loader) {
        try (StepScope scope = StepScope.open("by hand")) {
          Tensor loss;
          try (Autocast ignored = Autocast.to(dtype)) {
            loss = module.loss(host.toBatch());
          }
          module.optimizer.zeroGrad();
          boolean stepped = true;
          if (scaler == null) {
            loss.backward();
            GradientClipping.byNorm(module.optimizer, CLIP);
            module.optimizer.step();
          } else {
            scaler.scale(loss).backward();
            scaler.unscale(module.optimizer);
            GradientClipping.byNorm(module.optimizer, CLIP);
            stepped = scaler.step(module.optimizer);
            scaler.update();
          }
          if (stepped) {
            module.perStep.step();
          }
          losses.add(loss.item());
        }
      }
      module.perEpoch.step();
    }
    return losses;
  }

  private static DataLoader boring() {
    return DataLoader.builder(BoringData.dataset(24)).batchSize(8).build();
  }

  private static List<Double> fit(FulgurModule module, DataLoader data, PrecisionPlugin precision) {
    RecordingLogger logger = new RecordingLogger();
    TestTrainers.quiet(logger)
        .maxEpochs(EPOCHS)
        .logEveryNSteps(1)
        .gradientClipVal(CLIP)
        .precision(precision)
        .build()
        .fit(module, data);
    return logger.entries("train_loss_step").stream()
        .map(entry -> entry.values().get("train_loss_step"))
        .toList();
  }

  /** A scaler that both backs off and grows within a few steps. */
  private static GradScaler livelyScaler() {
    return new GradScaler(0x1p24, 2, 0.25, 3);
  }

  @ParameterizedTest
  @CsvSource({"BF16", "F16"})
  void fit_inMixedPrecision_isTheLoopWrittenByHand(DType dtype) {
    boolean scales = dtype == DType.F16;
    Fulgur.seedEverything(5);
    Classifier expected = new Classifier();
    GradScaler scaler = scales ? livelyScaler() : null;
    List<Double> losses = byHand(expected, Classifier.shuffled(30, 0), dtype, scaler);

    Fulgur.seedEverything(5);
    Classifier module = new Classifier();
    MixedPrecision precision =
        scales ? MixedPrecision.float16(livelyScaler()) : MixedPrecision.bfloat16();
    List<Double> logged = fit(module, Classifier.shuffled(30, 0), precision);

    assertThat(logged).containsExactlyElementsOf(losses);
    Map<String, double[]> weights = Classifier.weights(expected);
    Classifier.weights(module)
        .forEach((name, values) -> assertThat(values).as(name).containsExactly(weights.get(name)));
    if (scaler != null) {
      GradScaler used = precision.scaler();
      assertThat(used).isNotNull();
      assertThat(used.scale()).isEqualTo(scaler.scale());
      assertThat(used.skippedSteps()).isEqualTo(scaler.skippedSteps()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"BF16_MIXED", "F16_MIXED", "BF16_TRUE", "F16_TRUE", "F64_TRUE"})
  void losses_areCloseToThoseInSinglePrecision(Precision precision) {
    Fulgur.seedEverything(5);
    List<Double> single = fit(new BoringModule(), boring(), Precision.F32_TRUE.plugin());
    Fulgur.seedEverything(5);
    List<Double> other = fit(new BoringModule(), boring(), precision.plugin());

    assertThat(other).hasSameSizeAs(single).isNotEqualTo(single);
    for (int i = 0; i < single.size(); i++) {
      assertThat(other.get(i))
          .isCloseTo(single.get(i), withinPercentage(precision == Precision.BF16_TRUE ? 10 : 2));
    }
  }

  /** Tells in which type its layer computes. */
  static final class Probe extends BoringModule {
    final List<DType> outputs = new ArrayList<>();

    @Override
    public Tensor forward(Tensor input) {
      Tensor output = super.forward(input);
      outputs.add(output.dtype());
      return output;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F32_TRUE, F32, F32",
    "F64_TRUE, F64, F64",
    "BF16_TRUE, BF16, BF16",
    "F16_TRUE, F16, F16",
    "BF16_MIXED, F32, BF16",
    "F16_MIXED, F32, F16"
  })
  void precision_ofParametersAndOfSteps_isThatOfTheirType(
      Precision precision, DType parameters, DType products) {
    Probe module = new Probe();
    Trainer trainer =
        TestTrainers.quiet().maxEpochs(1).limitTrainBatches(2).precision(precision).build();

    trainer.fit(module, BoringData.loader(2), BoringData.loader(2));
    trainer.test(module, BoringData.loader(2));
    List<StepOutput> predictions = trainer.predict(module, BoringData.loader(2));

    assertThat(module.outputs).isNotEmpty().containsOnly(products);
    assertThat(predictions).isNotEmpty();
    assertThat(module.parameters()).extracting(Parameter::dtype).containsOnly(parameters);
    assertThat(Autocast.dtype()).isNull();
  }

  @Test
  void overflow_inHalfPrecision_skipsTheStepAndLowersTheScale() {
    List<Double> scales = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    List<Map<String, double[]>> weights = new ArrayList<>();
    GradScaler scaler = new GradScaler(0x1p19, 2, 0.5, 2);
    Fulgur.seedEverything(2);
    BoringModule module = new BoringModule();
    weights.add(Classifier.weights(module));
    Callback watch =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer, FulgurModule trained, StepOutput output, Batch batch, int index) {
            scales.add(scaler.scale());
            steps.add(trainer.globalStep());
            weights.add(Classifier.weights(trained));
          }
        };

    TestTrainers.quiet()
        .maxEpochs(1)
        .limitTrainBatches(8)
        .callback(watch)
        .precision(MixedPrecision.float16(scaler))
        .build()
        .fit(module, DataLoader.builder(BoringData.dataset(8)).batchSize(1).build());

    // Each overflow halves the scale and leaves step count and weights alone; two steps in a row
    // without one double it.
    double scale = 0x1p19;
    int inRow = 0;
    long stepped = 0;
    for (int i = 0; i < scales.size(); i++) {
      boolean skipped = steps.get(i) == stepped;
      if (skipped) {
        scale /= 2;
        inRow = 0;
        Map<String, double[]> before = weights.get(i);
        weights
            .get(i + 1)
            .forEach((name, values) -> assertThat(values).isEqualTo(before.get(name)));
      } else {
        stepped++;
        inRow++;
        if (inRow == 2) {
          scale *= 2;
          inRow = 0;
        }
      }
      assertThat(scales.get(i)).isEqualTo(scale);
    }
    assertThat(scaler.skippedSteps()).isPositive().isEqualTo(8 - stepped);
    assertThat(stepped).isPositive();
    for (double value : Classifier.weights(module).values().iterator().next()) {
      assertThat(value).isFinite();
    }
  }

  /** As in the other tests of resuming, bitwise, with a scale that has changed. */
  @Test
  void resumedRun_inHalfPrecision_isTheUninterruptedOne() {
    Fulgur.seedEverything(9);
    Classifier whole = new Classifier();
    GradScaler scaler = livelyScaler();
    trainer(4, scaler).fit(whole, Classifier.shuffled(30, 0));

    Fulgur.seedEverything(9);
    Trainer first = trainer(2, livelyScaler());
    first.fit(new Classifier(), Classifier.shuffled(30, 0));
    Path checkpoint = folder.resolve("half.ckpt");
    first.saveCheckpoint(checkpoint);
    Fulgur.seedEverything(1);
    Classifier resumed = new Classifier();
    GradScaler restored = new GradScaler(0x1p24, 2, 0.25, 3);
    trainer(4, restored).fit(resumed, DataModule.of(Classifier.shuffled(30, 0)), checkpoint);

    Map<String, double[]> expected = Classifier.weights(whole);
    Classifier.weights(resumed)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
    assertThat(restored.scale()).isEqualTo(scaler.scale());
    assertThat(restored.skippedSteps()).isEqualTo(scaler.skippedSteps()).isPositive();
  }

  private static Trainer trainer(int epochs, GradScaler scaler) {
    return TestTrainers.quiet().maxEpochs(epochs).precision(MixedPrecision.float16(scaler)).build();
  }

  @Test
  void checkpointOfAnotherPrecision_startsTheScaleAfresh() {
    Trainer single = TestTrainers.quiet().maxEpochs(1).build();
    single.fit(new Classifier(), Classifier.ordered(16));
    Path checkpoint = folder.resolve("single.ckpt");
    single.saveCheckpoint(checkpoint);
    GradScaler scaler = new GradScaler();

    trainer(2, scaler).fit(new Classifier(), DataModule.of(Classifier.ordered(16)), checkpoint);

    assertThat(scaler.skippedSteps()).isZero();
    assertThat(scaler.scale()).isEqualTo(65536);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 0.5, 1, initialScale is 0.0",
    "Infinity, 2, 0.5, 1, initialScale is Infinity",
    "1, 1, 0.5, 1, growthFactor is 1.0",
    "1, 2, 1, 1, backoffFactor is 1.0",
    "1, 2, 0.5, 0, growthInterval is 0"
  })
  void scaler_withAnOptionOutOfRange_isRefused(
      double scale, double growth, double backoff, int interval, String message) {
    assertThatThrownBy(() -> new GradScaler(scale, growth, backoff, interval))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining(message);
  }

  @Test
  void unscale_twice_isRefused() {
    Classifier module = new Classifier();
    GradScaler scaler = new GradScaler();
    scaler.unscale(module.optimizer);

    assertThatThrownBy(() -> scaler.unscale(module.optimizer))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("called twice for AdamW");
    scaler.update();
    scaler.unscale(module.optimizer);
  }
}
