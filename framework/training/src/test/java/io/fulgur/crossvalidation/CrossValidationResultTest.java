package io.fulgur.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.ReferenceFiles;
import io.fulgur.callback.MonitorMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrossValidationResultTest {
  private static FoldResult fold(int index, double accuracy, double loss) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("test_acc", accuracy);
    metrics.put("test_loss", loss);
    if (index == 1) {
      metrics.put("only_here", 1.0);
    }
    return new FoldResult(
        index, 455 + index, 114 - index, 9 + index, metrics, null, Path.of("fold_" + index));
  }

  private final CrossValidationResult result =
      new CrossValidationResult(
          List.of(fold(0, 0.5, 10.25), fold(1, 0.875, 2), fold(2, 0.875, Double.NaN)));

  @Test
  void meanAndStandardDeviation_ofTheFolds_areNumpys() {
    // numpy.mean([0.5, 0.875, 0.875]) and numpy.std of it.
    assertThat(result.mean("test_acc")).isEqualTo(0.75);
    assertThat(result.standardDeviation("test_acc")).isCloseTo(0.1767766952966369, within(1e-15));
    assertThat(result.values("test_acc")).containsExactly(0.5, 0.875, 0.875);
  }

  @Test
  void best_byMode_isTheFirstOfTheBestAndNotNaN() {
    assertThat(result.best("test_acc", MonitorMode.MAX).fold()).isEqualTo(1);
    assertThat(result.best("test_loss", MonitorMode.MIN).fold()).isEqualTo(1);
    assertThat(result.best("test_loss", MonitorMode.MAX).fold()).isEqualTo(0);
    CrossValidationResult nanFirst =
        new CrossValidationResult(List.of(fold(0, 1, Double.NaN), fold(1, 1, 3)));
    assertThat(nanFirst.best("test_loss", MonitorMode.MIN).fold()).isEqualTo(1);
  }

  @Test
  void metricNames_areThoseOfEveryFold() {
    assertThat(result.metricNames()).containsExactly("test_acc", "test_loss");
  }

  @Test
  void toString_isTheGoldenTable() {
    assertThat(result)
        .hasToString(ReferenceFiles.text(CrossValidationResultTest.class, "cross-validation.txt"));
  }
}
