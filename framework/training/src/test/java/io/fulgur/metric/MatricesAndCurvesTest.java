package io.fulgur.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics of several values against scikit-learn. */
class MatricesAndCurvesTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  private static long[][] matrix(JsonNode rows) {
    long[][] matrix = new long[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = Reference.longs(rows.get(i));
    }
    return matrix;
  }

  @Test
  void confusionMatrix_ofAnswersAndClasses_isTheReference() {
    Reference binary = Reference.of("binary");
    Reference classes = Reference.of("multiclass");

    assertThat(
            ConfusionMatrix.binary()
                .update(binary.scores("probabilities"), binary.labels("targets"))
                .compute())
        .isDeepEqualTo(matrix(binary.node("confusion")));
    assertThat(
            ConfusionMatrix.multiclass(6)
                .update(classes.scores("logits"), classes.labels("targets"))
                .compute())
        .isDeepEqualTo(matrix(classes.node("confusion")));
  }

  @ParameterizedTest
  @CsvSource({"TRUE, confusion_true", "PREDICTED, confusion_predicted", "ALL, confusion_all"})
  void normalized_eachWay_isTheReference(Normalization by, String name) {
    Reference classes = Reference.of("multiclass");
    JsonNode expected = classes.node(name);

    double[][] shares =
        ConfusionMatrix.multiclass(6)
            .update(classes.labels("predicted"), classes.labels("targets"))
            .normalized(by);

    for (int i = 0; i < shares.length; i++) {
      assertThat(shares[i]).containsExactly(Reference.doubles(expected.get(i)), ROUNDING);
    }
  }

  @Test
  void confusionMatrix_mergedAndRestored_holdsBoth() {
    Reference classes = Reference.of("multiclass");
    ConfusionMatrix first =
        ConfusionMatrix.multiclass(6).update(classes.scores("logits"), classes.labels("targets"));
    ConfusionMatrix second = first.emptyCopy();
    second.loadState(first.state());

    first.merge(second);

    long[][] once = matrix(classes.node("confusion"));
    assertThat(first.compute()[0][0]).isEqualTo(2 * once[0][0]);
    second.reset();
    assertThat(second.compute()).isDeepEqualTo(new long[6][6]);
  }

  @Test
  void multilabelConfusionMatrix_ofEachLabel_isTheReference() {
    Reference labels = Reference.of("multilabel");
    MultilabelConfusionMatrix matrices = MultilabelConfusionMatrix.of(4);
    MultilabelConfusionMatrix other = matrices.emptyCopy();
    matrices.update(
        labels.scores("probabilities").slice(0, 0, 20), labels.labels("targets").slice(0, 0, 20));
    other.update(
        labels.scores("probabilities").slice(0, 20, 50), labels.labels("targets").slice(0, 20, 50));
    MultilabelConfusionMatrix restored = matrices.emptyCopy();
    restored.loadState(other.state());
    other.reset();

    matrices.merge(restored);
    matrices.merge(other);

    long[][][] counts = matrices.compute();
    for (int i = 0; i < 4; i++) {
      assertThat(counts[i]).isDeepEqualTo(matrix(labels.node("confusion").get(i)));
    }
  }

  @Test
  void perClass_ofCountsAndRankings_isTheReference() {
    Reference classes = Reference.of("multiclass");
    Reference labels = Reference.of("multilabel");
    Tensor probabilities = labels.scores("probabilities");
    Tensor targets = labels.labels("targets");

    assertThat(
            Precision.multiclass(6)
                .update(classes.scores("logits"), classes.labels("targets"))
                .perClass())
        .containsExactly(classes.numbers("precision", "none"), ROUNDING);
    assertThat(JaccardIndex.multilabel(4).update(probabilities, targets).perClass())
        .containsExactly(labels.numbers("jaccard", "none"), ROUNDING);
    assertThat(Accuracy.multilabel(4).update(probabilities, targets).perClass())
        .containsExactly(labels.numbers("accuracy", "none"), ROUNDING);
    assertThat(Auroc.multilabel(4).update(probabilities, targets).perClass())
        .containsExactly(labels.numbers("auroc", "none"), ROUNDING);
    assertThat(AveragePrecision.multilabel(4).update(probabilities, targets).perClass())
        .containsExactly(labels.numbers("average_precision", "none"), ROUNDING);
  }

  @Test
  void perOutput_ofSeveral_isTheReference() {
    Reference numbers = Reference.of("regression");

    assertThat(
            new R2Score(3)
                .update(numbers.scores("outputs_predictions"), numbers.scores("outputs_targets"))
                .perOutput())
        .containsExactly(numbers.numbers("r2_per_output"), ROUNDING);
  }

  private static void assertCurves(
      PrecisionRecallCurve.Points curve, RocCurve.Points roc, JsonNode expected) {
    assertThat(curve.precision())
        .containsExactly(Reference.doubles(expected.get("precision")), ROUNDING);
    assertThat(curve.recall()).containsExactly(Reference.doubles(expected.get("recall")), ROUNDING);
    assertThat(curve.thresholds())
        .containsExactly(Reference.doubles(expected.get("pr_thresholds")), ROUNDING);
    assertThat(roc.falsePositiveRate())
        .containsExactly(Reference.doubles(expected.get("fpr")), ROUNDING);
    assertThat(roc.truePositiveRate())
        .containsExactly(Reference.doubles(expected.get("tpr")), ROUNDING);
    assertThat(roc.thresholds()[0]).isInfinite();
    double[] finite = new double[roc.thresholds().length - 1];
    System.arraycopy(roc.thresholds(), 1, finite, 0, finite.length);
    assertThat(finite).containsExactly(Reference.doubles(expected.get("roc_thresholds")), ROUNDING);
  }

  @Test
  void curves_ofAnswers_areTheReference() {
    Reference binary = Reference.of("binary");
    Tensor logits = binary.scores("logits");
    Tensor targets = binary.labels("targets");

    assertCurves(
        PrecisionRecallCurve.binary().update(logits, targets).compute().get(0),
        RocCurve.binary().update(logits, targets).compute().get(0),
        binary.node("curves"));
  }

  @Test
  void curves_countedAtThresholds_areThoseOfScoresOnThatScale() {
    Reference binary = Reference.of("binary");
    Tensor probabilities = binary.scores("probabilities");
    Tensor targets = binary.labels("targets");

    assertCurves(
        PrecisionRecallCurve.binary().thresholds(7).update(probabilities, targets).compute().get(0),
        RocCurve.binary().thresholds(7).update(probabilities, targets).compute().get(0),
        binary.node("curves_at_7"));
  }

  @Test
  void curves_ofOneClassOfSeveralInBatches_areTheReference() {
    Reference classes = Reference.of("multiclass");
    PrecisionRecallCurve curve = PrecisionRecallCurve.multiclass(6);
    RocCurve roc = RocCurve.multiclass(6);
    for (int i = 0; i < 70; i += 10) {
      Tensor probabilities = classes.scores("probabilities").slice(0, i, i + 10);
      Tensor targets = classes.labels("targets").slice(0, i, i + 10);
      curve.update(probabilities, targets);
      roc.update(probabilities, targets);
    }

    assertThat(curve.compute()).hasSize(6);
    assertCurves(curve.compute().get(2), roc.compute().get(2), classes.node("curves_of_2"));
  }
}
