package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.ReferenceFiles;
import io.fulgur.error.FulgurException;
import io.fulgur.tune.BatchSizeSearch.Attempt;
import io.fulgur.tune.BatchSizeTrial.Outcome;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds the whole text of the errors of tuning. */
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

  private static Attribute find(Object... owners) {
    return Attribute.find("LearningRateFinder", List.of(owners), List.of("learningRate", "lr"));
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
    mistakes.put("skips", () -> LearningRateFinder.builder().skipBegin(-1).skipEnd(-2).build());
    mistakes.put(
        "nothing to plot",
        () ->
            new LearningRateResult(
                    List.of(),
                    SweepMode.LINEAR,
                    /* diverged= */ true,
                    /* skipBegin= */ 10,
                    /* skipEnd= */ 1)
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
    tuning();
    StringBuilder texts = new StringBuilder();
    mistakes.forEach(
        (name, mistake) -> {
          FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
          assertThat(e).as(name).isNotNull();
          texts.append("# ").append(name).append('\n').append(e.getMessage()).append('\n');
        });

    assertThat(texts.toString())
        .isEqualTo(ReferenceFiles.text(TuneErrorTextsTest.class, "error-texts.txt"));
  }
}
