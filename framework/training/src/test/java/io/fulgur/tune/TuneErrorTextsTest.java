package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.RunKind;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.error.FulgurException;
import io.fulgur.tune.BatchSizeSearch.Attempt;
import io.fulgur.tune.BatchSizeTrial.Outcome;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds the whole text of the errors of tuning and cross-validation. */
@SuppressWarnings("UnusedVariable") // Read by reflection.
class TuneErrorTextsTest {
  private final Map<String, ThrowingCallable> mistakes = new LinkedHashMap<>();

  static final class Net {
    private final double learningRate = 0.1;
  }

  static final class Refusing {
    private double learningRate = 0.1;

    void learningRate(double value) {
      if (value >= 1) {
        throw new IllegalArgumentException("it must be below 1");
      }
      learningRate = value;
    }
  }

  private static Dataset keyed(long... keys) {
    return ArrayDataset.of("key", HostArray.of(keys))
        .with("pair", HostArray.of(new long[2 * keys.length], keys.length, 2));
  }

  private static Attribute find(Object... owners) {
    return Attribute.find("LearningRateFinder", List.of(owners), List.of("learningRate", "lr"));
  }

  private void folds() {
    Dataset three = keyed(0, 0, 1);
    mistakes.put("k 1", () -> KFold.of(1));
    mistakes.put("both rules", () -> KFold.of(2).stratifiedBy("class").groupedBy("patient"));
    mistakes.put("too few samples", () -> KFold.of(4).split(three));
    mistakes.put("too few of every class", () -> KFold.of(3).stratifiedBy("key").split(three));
    mistakes.put("too few groups", () -> KFold.of(3).groupedBy("key").split(three));
    mistakes.put("not a number", () -> KFold.of(2).stratifiedBy("pair").split(three));
    mistakes.put("empty fold", () -> Fold.of(1, three, new long[0], new long[] {1}));
    mistakes.put("overlap", () -> Fold.of(1, three, new long[] {2, 0}, new long[] {1, 2}));
    mistakes.put("batch size", () -> FoldBatches.of(0));
    mistakes.put("fraction", () -> FoldBatches.of(1).validation(1, 0));
  }

  private void crossValidation() {
    mistakes.put("nothing given", () -> CrossValidation.builder().evaluation(RunKind.FIT).build());
    mistakes.put(
        "validating on other samples",
        () ->
            CrossValidation.builder()
                .module(() -> null)
                .trainer(() -> null)
                .data(FoldBatches.of(1).validation(0.5, 0))
                .evaluation(RunKind.VALIDATE)
                .build());
    FoldResult fold = new FoldResult(3, 1, 1, 1, Map.of("test_acc", 1.0), null, Path.of("fold_3"));
    mistakes.put(
        "unknown metric", () -> new CrossValidationResult(List.of(fold)).mean("test_loss"));
  }

  private void tuning() {
    mistakes.put("no field", () -> find("text", 1));
    mistakes.put("final field", () -> find(new Net()));
    mistakes.put("setter refuses", () -> find(new Refusing()).set(2));
    mistakes.put(
        "finder options",
        () ->
            LearningRateFinder.builder()
                .minLr(0)
                .maxLr(-1)
                .numTrainingSteps(5)
                .earlyStopThreshold(1)
                .build());
    mistakes.put(
        "nothing to plot",
        () ->
            new LearningRateResult(List.of(), SweepMode.LINEAR, /* diverged= */ true)
                .plot(Path.of("plot.png")));
    mistakes.put(
        "batch size options",
        () ->
            BatchSizeFinder.builder()
                .stepsPerTrial(0)
                .initVal(4)
                .maxVal(3)
                .maxTrials(-1)
                .margin(1)
                .batchArgName(" ")
                .build());
    mistakes.put(
        "nothing fits",
        () ->
            new BatchSizeSearch(
                    BatchSizeFinder.builder(), size -> new Attempt(Outcome.OUT_OF_MEMORY, 0))
                .run());
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() {
    folds();
    crossValidation();
    tuning();
    StringBuilder texts = new StringBuilder();
    mistakes.forEach(
        (name, mistake) -> {
          FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
          assertThat(e).as(name).isNotNull();
          texts.append("# ").append(name).append('\n').append(e.getMessage()).append('\n');
        });

    assertThat(texts.toString()).isEqualTo(TuneReference.text("error-texts.txt"));
  }
}
