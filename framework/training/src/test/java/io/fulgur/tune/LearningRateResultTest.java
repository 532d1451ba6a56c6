package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.ReferenceFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateResultTest {
  private static final JsonNode CURVE =
      ReferenceFiles.json(LearningRateResultTest.class, "learning_rate_curve.json");

  @TempDir private Path folder;

  private static double[] curve(String name) {
    return ReferenceFiles.doubles(CURVE.get(name));
  }

  private static LearningRateResult reference() {
    double[] losses = curve("losses");
    double[] rates = curve("exponential");
    LossSmoothing smoothing = new LossSmoothing();
    List<LearningRatePoint> points = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      points.add(new LearningRatePoint(rates[i], losses[i], smoothing.add(losses[i])));
    }
    return new LearningRateResult(
        points,
        SweepMode.EXPONENTIAL,
        /* diverged= */ false,
        /* skipBegin= */ 10,
        /* skipEnd= */ 1);
  }

  private static LearningRateResult ofSmoothed(double... smoothed) {
    return new LearningRateResult(
        IntStream.range(0, smoothed.length)
            .mapToObj(i -> new LearningRatePoint(i + 1, smoothed[i], smoothed[i]))
            .toList(),
        SweepMode.LINEAR,
        /* diverged= */ false,
        /* skipBegin= */ 0,
        /* skipEnd= */ 2);
  }

  @Test
  void smoothedLoss_ofLosses_isTheAverageOfBiasCorrected() {
    double[] smoothed =
        reference().points().stream().mapToDouble(LearningRatePoint::smoothedLoss).toArray();

    assertThat(smoothed).containsExactly(curve("smoothed"), within(1e-12));
    assertThat(smoothed[0]).isCloseTo(curve("losses")[0], within(1e-12));
  }

  @Test
  void suggestion_default_isWhereNumpysGradientIsLeast() {
    int steepest = CURVE.get("steepest").asInt();

    assertThat(reference().suggestion()).hasValue(curve("exponential")[steepest]);
  }

  @Test
  void suggestion_withSkips_looksAtTheRestOnly() {
    LearningRateResult result = ofSmoothed(9, 5, 4.5, 4, 2, 1.8, 9, 0);

    assertThat(result.suggestion()).hasValue(1).isEqualTo(result.suggestion(0, 2));
    assertThat(result.suggestion(0, 0)).hasValue(8);
    assertThat(result.suggestion(0, 1)).hasValue(1);
    assertThat(result.suggestion(2, 2)).hasValue(4);
    assertThat(result.suggestion(5, 0)).hasValue(8);
  }

  @Test
  void suggestion_tooFewPointsOrNoFall_isNone() {
    assertThat(ofSmoothed(3, 2).suggestion()).isEmpty();
    assertThat(ofSmoothed(3, 2, 1).suggestion(1, 1)).isEmpty();
    assertThat(ofSmoothed(1, 1, 1).suggestion(0, 0)).isEmpty();
    assertThat(ofSmoothed(1, 2, 3).suggestion(0, 0)).isEmpty();
    assertThat(ofSmoothed().suggestion(0, 0)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(SweepMode.class)
  void rate_ofEachStep_isThatOfNumpysSpace(SweepMode mode) {
    double[] expected = curve(mode == SweepMode.LINEAR ? "linear" : "exponential");
    double[] rates =
        IntStream.range(0, expected.length)
            .mapToDouble(i -> mode.rate(1e-8, 1, i, expected.length))
            .toArray();

    for (int i = 0; i < rates.length; i++) {
      assertThat(rates[i]).isCloseTo(expected[i], within(1e-13 * expected[i] + 1e-20));
    }
    assertThat(rates[0]).isEqualTo(1e-8);
    assertThat(rates[rates.length - 1]).isEqualTo(1);
  }

  @Test
  void plot_ofACurve_isAPictureWithBothCurvesAndTheSuggestion() throws IOException {
    Path png = folder.resolve("plots/learning-rate.png");
    reference().plot(png);
    BufferedImage image = ImageIO.read(png.toFile());

    assertThat(image.getWidth()).isEqualTo(900);
    assertThat(image.getHeight()).isEqualTo(560);
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y) & 0xFFFFFF);
      }
    }
    assertThat(colours).contains(0x9EB8D9, 0x1F4E8C, 0xC62828, 0xFFFFFF);
  }

  @Test
  void plot_linearWithoutASuggestion_isDrawnStill() throws IOException {
    Path png = folder.resolve("plot.png");
    ofSmoothed(1, 2, 3).plot(png);

    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(900);
  }
}
