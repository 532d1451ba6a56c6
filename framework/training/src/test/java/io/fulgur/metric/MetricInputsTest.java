package io.fulgur.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What metrics do with inputs that are unusual, and which they refuse. */
class MetricInputsTest {
  private static final double NAN = Double.NaN;

  private static Tensor labels(long... values) {
    return Tensor.of(values, values.length);
  }

  private static Tensor scores(double... values) {
    return Tensor.of(values, values.length);
  }

  private static Tensor rows(int columns, double... values) {
    return Tensor.of(values, values.length / columns, columns);
  }

  // ---------------------------------------------------------------- ties, NaN, what is missing

  @Test
  void accuracy_equalScores_takesTheFirstClass() {
    Tensor even = rows(3, 1, 1, 1);

    assertThat(Accuracy.multiclass(3).update(even, labels(0)).compute()).isEqualTo(1);
    assertThat(Accuracy.multiclass(3).update(even, labels(1)).compute()).isZero();
    assertThat(Accuracy.multiclass(3).topK(2).update(even, labels(1)).compute()).isEqualTo(1);
    assertThat(Accuracy.multiclass(3).topK(2).update(even, labels(2)).compute()).isZero();
  }

  @Test
  void accuracy_nanAmongScores_isHighestAsInPyTorch() {
    Tensor diverged = rows(3, 0, NAN, 9);

    assertThat(Accuracy.multiclass(3).update(diverged, labels(1)).compute()).isEqualTo(1);
    assertThat(Accuracy.multiclass(3).topK(2).update(diverged, labels(0)).compute()).isZero();
    assertThat(Accuracy.multiclass(3).topK(2).update(diverged, labels(2)).compute()).isEqualTo(1);
    assertThat(Accuracy.binary().update(scores(NAN), labels(0)).compute()).isEqualTo(1);
  }

  private static Stream<Arguments> ofNan() {
    Tensor binary = scores(0.2, NAN, 0.7);
    Tensor answers = labels(0, 1, 1);
    Tensor several = rows(2, 0.5, 0.5, NAN, NAN, 0.1, 0.9);
    return Stream.of(
        argumentSet("AUROC", Auroc.binary(), binary, answers),
        argumentSet("AUROC at thresholds", Auroc.binary().thresholds(5), binary, answers),
        argumentSet("average precision", AveragePrecision.binary(), binary, answers),
        argumentSet("AUROC of classes", Auroc.multiclass(2), several, answers),
        argumentSet("calibration", CalibrationError.binary(), binary, answers),
        argumentSet("calibration of classes", CalibrationError.multiclass(2), several, answers),
        argumentSet("MSE", new MeanSquaredError(), binary, scores(0, 0, 0)),
        argumentSet("R2", new R2Score(), binary, scores(0, 1, 2)),
        argumentSet("R2 of equal targets", new R2Score(), binary, scores(0, 0, 0)),
        argumentSet("perplexity", new Perplexity(), several, answers));
  }

  @ParameterizedTest
  @MethodSource("ofNan")
  void compute_nanAmongPredictions_isNan(
      PredictionMetric metric, Tensor predictions, Tensor targets) {
    metric.update(predictions, targets);

    assertThat(((ScalarMetric) metric).compute()).isNaN();
  }

  @Test
  void auroc_oneKindOnly_isNanAndLeftOutOfAverages() {
    assertThat(Auroc.binary().update(scores(0.1, 0.9), labels(1, 1)).compute()).isNaN();
    assertThat(AveragePrecision.binary().update(scores(0.1, 0.9), labels(0, 0)).compute()).isNaN();
    Auroc auroc =
        Auroc.multiclass(3).update(rows(3, .8, .1, .1, .3, .6, .1, .5, .4, .1), labels(0, 1, 0));
    assertThat(auroc.perClass()).containsExactly(1, 1, NAN);
    assertThat(auroc.compute()).isEqualTo(1);
  }

  @Test
  void auroc_allScoresEqual_isAHalf() {
    assertThat(Auroc.binary().update(scores(0.0, -0.0, 0.0), labels(1, 0, 1)).compute())
        .isEqualTo(0.5);
  }

  @Test
  void thresholds_scoresOnAndBelowTheScale_areCountedExactly() {
    // Among them those of which the product with 100 is rounded over a whole number or below it.
    double[] scale = new double[101];
    double[] below = new double[101];
    for (int i = 0; i <= 100; i++) {
      scale[i] = i / 100.0;
      below[i] = i == 0 ? 0 : Math.nextDown(scale[i]);
    }
    long[] answers = new long[101];
    Arrays.fill(answers, 1);
    PrecisionRecallCurve curve = PrecisionRecallCurve.binary().thresholds(101);

    PrecisionRecallCurve.Points on = curve.update(scores(scale), labels(answers)).compute().get(0);
    PrecisionRecallCurve.Points under =
        curve.emptyCopy().update(scores(below), labels(answers)).compute().get(0);

    assertThat(on.thresholds()).containsExactly(scale);
    assertThat(under.thresholds()).containsExactly(Arrays.copyOf(scale, 100));
  }

  @Test
  void thresholds_scoreThatIsNoProbability_isAnErrorAndLeavesTheMetricAsItWas() {
    Auroc auroc = Auroc.binary().thresholds(3).update(scores(.9, .1), labels(1, 0));

    assertRefused(
        () -> auroc.update(scores(.5, 1.5), labels(0, 1)),
        "Auroc with thresholds was given 1.5, but its scale is from 0 to 1");
    assertThat(auroc.compute()).isEqualTo(1);
    assertThat(auroc.batchValue()).isEqualTo(1);
    assertRefused(() -> Auroc.binary().thresholds(1), "thresholds of Auroc is 1");
    assertRefused(
        () -> {
          auroc.loadState(Auroc.binary().thresholds(4).state());
          return auroc;
        },
        "has 4 numbers of positives, but this one has 3");
  }

  @Test
  void r2_fewSamplesOrEqualTargets_isWhatScikitLearnHas() {
    assertThat(new R2Score().update(scores(1), scores(1)).compute()).isNaN();
    assertThat(new R2Score().update(scores(2, 2), scores(2, 2)).compute()).isEqualTo(1);
    assertThat(new R2Score().update(scores(2, 3), scores(2, 2)).compute()).isZero();
    assertThat(new R2Score().update(rows(1, 1, 2), rows(1, 1, 2)).compute()).isEqualTo(1);
  }

  @Test
  void calibration_onAnEdge_belongsToTheBinBelow() {
    // Bins (0, 0.5] and (0.5, 1]: both predictions are in the first.
    assertThat(
            CalibrationError.binary()
                .bins(2)
                .norm(CalibrationError.Norm.MAX)
                .update(scores(0.5, 0.0), labels(1, 0))
                .compute())
        .isCloseTo(0.25, within(1e-15));
    assertThat(CalibrationError.binary().bins(1).update(scores(1), labels(1)).compute()).isZero();
  }

  @Test
  void ignoreIndex_ofEveryKind_leavesThemOut() {
    Tensor several = rows(2, 2, 1, 1, 2, 5, 1);
    assertThat(
            Accuracy.multiclass(2).ignoreIndex(-100).update(several, labels(0, -100, 1)).compute())
        .isEqualTo(0.5);
    assertThat(
            Accuracy.multiclass(2)
                .ignoreIndex(-100)
                .update(labels(0, 1, 0), labels(0, -100, 1))
                .compute())
        .isEqualTo(0.5);
    assertThat(
            Precision.binary().ignoreIndex(7).update(scores(.9, .9, .9), labels(1, 7, 0)).compute())
        .isEqualTo(0.5);
    assertThat(Auroc.binary().ignoreIndex(7).update(scores(.9, .95, .1), labels(1, 7, 0)).compute())
        .isEqualTo(1);
    Auroc auroc =
        Auroc.multilabel(2)
            .ignoreIndex(-1)
            .update(
                rows(2, .9, .2, .8, .7, .1, .3, .5, .5),
                Tensor.of(new long[] {1, -1, -1, 1, 0, 0, -1, -1}, 4, 2));
    assertThat(auroc.perClass()).containsExactly(1, 1);
    assertThat(
            CalibrationError.multiclass(2)
                .ignoreIndex(9)
                .update(rows(2, 1, 0, 0, 1), labels(0, 9))
                .compute())
        .isZero();
    assertThat(new Perplexity().ignoreIndex(0).update(several, labels(0, 0, 1)).compute())
        .isCloseTo(1 + Math.exp(4), within(1e-12));
    assertThat(new Perplexity().ignoreIndex(0).update(several, labels(0, 0, 0)).compute()).isNaN();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "BF16", "F16"})
  void update_everyFloatingType_isTaken(DType dtype) {
    Tensor probabilities = scores(0.25, 0.75, 0.5, 1).to(dtype);

    assertThat(Accuracy.binary().update(probabilities, labels(0, 1, 1, 1)).compute())
        .isEqualTo(0.75);
    assertThat(new MeanAbsoluteError().update(probabilities, scores(0, 0, 0, 0)).compute())
        .isEqualTo(0.625);
    assertThat(new MeanMetric().update(probabilities).compute()).isEqualTo(0.625);
    assertThat(new Perplexity().update(rows(2, 0, 0, 0, 0).to(dtype), labels(0, 1)).compute())
        .isCloseTo(2, within(1e-6));
  }

  @ParameterizedTest
  @EnumSource(names = {"I64", "I32", "U8"})
  void update_everyIntegerType_isTaken(DType dtype) {
    Tensor classes = labels(0, 1, 2, 200).to(dtype);

    assertThat(Accuracy.multiclass(201).update(classes, classes).compute()).isEqualTo(1);
  }

  @Test
  void update_answersAsTruthValuesOrNumbers_areTaken() {
    Tensor yes = Tensor.of(new boolean[] {true, false}, 2);

    assertThat(Accuracy.binary().update(yes, yes).compute()).isEqualTo(1);
    assertThat(Accuracy.binary().update(labels(1, 0), scores(1, 0)).compute()).isEqualTo(1);
  }

  @Test
  void update_noSamples_changesNothing() {
    Accuracy accuracy = Accuracy.multiclass(2);

    accuracy.update(Tensor.of(new double[0], 0, 2), Tensor.of(new long[0], 0));

    assertThat(accuracy.compute()).isNaN();
    assertThat(
            Auroc.multiclass(2)
                .update(Tensor.of(new double[0], 0, 2), Tensor.of(new long[0], 0))
                .compute())
        .isNaN();
    assertThat(new R2Score().update(scores(), scores()).compute()).isNaN();
  }

  // ---------------------------------------------------------------- refusals

  private static void assertRefused(Supplier<?> call, String... parts) {
    assertThatThrownBy(call::get)
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void update_shapesThatDoNotFit_isAnError() {
    Accuracy three = Accuracy.multiclass(3);
    assertRefused(
        () -> three.update(rows(2, 1, 2), labels(0)),
        "[ShapeMismatch]",
        "Accuracy.update of [1, 2] and [1]: scores of 3 classes must be [batch, 3]");
    assertRefused(() -> three.update(rows(3, 1, 2, 3), labels(0, 1)), "[1, 3] and [2]");
    assertRefused(() -> three.update(labels(1, 2), labels(0)), "the same shape");
    assertRefused(() -> three.update(scores(1, 2, 3), labels(0)), "[batch, 3, ...]");
    assertRefused(
        () -> Auroc.binary().update(rows(1, .5, .5), labels(0, 1)), "Auroc.update", "same shape");
    assertRefused(
        () -> Recall.multilabel(3).update(rows(2, 0, 1), rows(2, 0, 1)),
        "both must be [batch, 3] or [batch, 3, ...]");
    assertRefused(
        () -> Auroc.multilabel(3).update(rows(2, 0, 1), rows(2, 0, 1)), "both must be [batch, 3]");
    assertRefused(
        () -> new R2Score().update(rows(2, 0, 1, 2, 3), rows(2, 0, 1, 2, 3)),
        "new R2Score(outputs)");
    assertRefused(
        () -> new Perplexity().update(rows(2, 0, 1), labels(0, 1)),
        "scores must be [..., vocabulary]");
    assertRefused(() -> new MeanSquaredError().update(scores(1, 2), scores(1)), "same shape");
  }

  @Test
  void update_labelsOutOfRange_isAnErrorAndLeavesTheMetricAsItWas() {
    Accuracy accuracy = Accuracy.multiclass(2).update(labels(1, 0), labels(1, 1));
    Auroc auroc = Auroc.multiclass(2).update(rows(2, 1, 0, 0, 1), labels(0, 1));

    assertRefused(
        () -> accuracy.update(labels(0, 0), labels(0, 2)),
        "[IndexOutOfRange]",
        "Accuracy: label 2 at index 1 of the batch is out of range; with 2 classes, labels are 0 to"
            + " 1");
    assertRefused(() -> accuracy.update(labels(5), labels(0)), "label 5 at index 0");
    assertRefused(() -> auroc.update(rows(2, 0, 1, 1, 0), labels(0, -1)), "label -1 at index 1");
    assertRefused(
        () -> new Perplexity().update(rows(2, 0, 1), labels(2)), "[IndexOutOfRange]", "label 2");

    assertThat(accuracy.compute()).isEqualTo(0.5);
    assertThat(accuracy.batchValue()).isEqualTo(0.5);
    assertThat(auroc.compute()).isEqualTo(1);
  }

  @Test
  void update_typesOrValuesThatCannotBe_isAnError() {
    assertRefused(
        () -> Accuracy.multiclass(2).update(labels(0), scores(0)),
        "[DTypeMismatch]",
        "Accuracy.update with targets of F64: allowed is an integer type");
    assertRefused(
        () -> Auroc.binary().update(labels(0), labels(0)),
        "Auroc.update with predictions of I64: allowed is a floating-point type");
    assertRefused(() -> Accuracy.multiclass(3).topK(2).update(labels(0), labels(0)), "for topK");
    assertRefused(
        () -> Accuracy.binary().update(scores(0.5, 2.5), labels(0, 1)),
        "[InvalidArgument]",
        "Accuracy was given 2.5 as a probability",
        "say fromLogits()");
    assertRefused(
        () -> CalibrationError.multiclass(2).update(rows(2, -1, 3), labels(0)), "fromLogits()");
    assertRefused(
        () -> Accuracy.binary().update(scores(0.5), labels(2)),
        "Accuracy was given 2 as a target, but those are 0 or 1, or the one of ignoreIndex");
    assertRefused(() -> Accuracy.binary().update(labels(3), labels(1)), "given 3 as a prediction");
    assertRefused(() -> Auroc.binary().update(scores(1), scores(0.5)), "given 0.5 as a target");
  }

  @Test
  void options_thatCannotBe_areErrors() {
    assertRefused(() -> Accuracy.multiclass(1), "classes of Accuracy is 1, but must be at least 2");
    assertRefused(() -> Auroc.multilabel(0), "labels of Auroc is 0");
    assertRefused(() -> Accuracy.multiclass(3).topK(4), "1 to the number of classes, 3");
    assertRefused(() -> Accuracy.binary().topK(1), "left out where there are not several classes");
    assertRefused(() -> Accuracy.binary().threshold(1), "between 0 and 1");
    assertRefused(() -> Recall.multiclass(3).threshold(0.4), "threshold of Recall");
    assertRefused(() -> Recall.multiclass(3).fromLogits(), "fromLogits of Recall");
    assertRefused(() -> FBetaScore.binary().beta(0), "beta of FBetaScore is 0.0");
    assertRefused(() -> ConfusionMatrix.multiclass(50_000), "at most 46340");
    assertRefused(() -> CalibrationError.binary().bins(0), "bins of CalibrationError");
    assertRefused(() -> new R2Score(0), "outputs of R2Score");
    assertRefused(() -> new BleuScore().maxN(0), "maxN of BleuScore");
    assertRefused(() -> new MeanMetric().update(1, -1), "weight of MeanMetric is -1.0");
  }

  @Test
  void merge_whatDiffers_isAnError() {
    Accuracy accuracy = Accuracy.multiclass(3);

    assertRefused(
        merge(accuracy, Accuracy.multiclass(4)),
        "Accuracy multiclass(3) average=MICRO cannot be merged with Accuracy multiclass(4)"
            + " average=MICRO.",
        "the same options");
    assertRefused(merge(accuracy, accuracy.average(Average.MACRO)), "the same options");
    assertRefused(merge(accuracy, Precision.multiclass(3)), "metrics of one class");
    assertRefused(merge(accuracy, accuracy), "merged with itself");
    assertRefused(merge(FBetaScore.binary(), FBetaScore.binary().beta(2)), "cannot be merged with");
    assertRefused(
        merge(new MeanSquaredError(), new MeanSquaredError().squared(false)), "cannot be merged");
  }

  private static Supplier<?> merge(Metric metric, Metric other) {
    return () -> {
      metric.merge(other);
      return metric;
    };
  }

  @Test
  void loadState_ofOtherOptions_isAnError() {
    Accuracy accuracy = Accuracy.multiclass(3);
    R2Score r2 = new R2Score(2);
    Auroc auroc = Auroc.multiclass(3).update(rows(3, 1, 2, 3), labels(0));
    Supplier<?> counts =
        () -> {
          accuracy.loadState(Accuracy.multiclass(4).state());
          return accuracy;
        };
    assertRefused(
        counts,
        "[StateMismatch]",
        "The saved state of Accuracy has 4 numbers of true_positives, but this one has 3");
    assertRefused(
        () -> {
          r2.loadState(new R2Score(3).state());
          return r2;
        },
        "[StateMismatch]");
    assertRefused(
        () -> {
          Auroc other = Auroc.multiclass(2);
          other.loadState(auroc.state());
          return other;
        },
        "has 3 numbers of scores, but this one has 2");
  }
}
