package io.fulgur.metric;

import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A metric, what it is given, and what it must return.
 *
 * @param make makes an empty metric, a {@link PredictionMetric} as well
 */
record MetricCase(
    String name,
    Supplier<? extends ScalarMetric> make,
    Tensor predictions,
    Tensor targets,
    double expected) {

  PredictionMetric empty() {
    return (PredictionMetric) make.get();
  }

  int samples() {
    return (int) targets.size(0);
  }

  Tensor predictions(int from, int to) {
    return predictions.slice(0, from, to);
  }

  Tensor targets(int from, int to) {
    return targets.slice(0, from, to);
  }

  static Stream<Arguments> all() {
    List<MetricCase> cases = new ArrayList<>();
    addBinary(cases);
    addMulticlass(cases);
    addMultilabel(cases);
    addSegmentation(cases);
    addRegression(cases);
    return cases.stream().map(each -> argumentSet(each.name(), each));
  }

  private static void addBinary(List<MetricCase> cases) {
    Reference binary = Reference.of("binary");
    Adder of =
        (name, make, expected) ->
            cases.add(
                new MetricCase(
                    "binary " + name,
                    make,
                    binary.scores("probabilities"),
                    binary.labels("targets"),
                    expected));
    of.add("accuracy", Accuracy::binary, binary.number("accuracy"));
    of.add(
        "accuracy at 0.7",
        () -> Accuracy.binary().threshold(0.7),
        binary.number("accuracy_at_0.7"));
    of.add("precision", Precision::binary, binary.number("precision"));
    of.add("recall", Recall::binary, binary.number("recall"));
    of.add("F1", FBetaScore::binary, binary.number("f1"));
    of.add("F2", () -> FBetaScore.binary().beta(2), binary.number("f2"));
    of.add("IoU", JaccardIndex::binary, binary.number("jaccard"));
    of.add("Dice", DiceScore::binary, binary.number("f1"));
    of.add("AUROC", Auroc::binary, binary.number("auroc"));
    of.add("average precision", AveragePrecision::binary, binary.number("average_precision"));
    of.add("AUROC at 7", () -> Auroc.binary().thresholds(7), binary.number("auroc_at_7"));
    of.add(
        "average precision at 7",
        () -> AveragePrecision.binary().thresholds(7),
        binary.number("average_precision_at_7"));
    of.add("calibration", CalibrationError::binary, binary.number("calibration_15"));
    double[] errors = binary.numbers("calibration_7");
    CalibrationError.Norm[] norms = {
      CalibrationError.Norm.L1, CalibrationError.Norm.L2, CalibrationError.Norm.MAX
    };
    for (int i = 0; i < norms.length; i++) {
      CalibrationError.Norm norm = norms[i];
      of.add("calibration " + norm, () -> CalibrationError.binary().bins(7).norm(norm), errors[i]);
    }
    Tensor logits = binary.scores("logits");
    Tensor targets = binary.labels("targets");
    cases.add(
        new MetricCase(
            "binary accuracy of logits",
            () -> Accuracy.binary().fromLogits().threshold(0.7),
            logits,
            targets,
            binary.number("accuracy_at_0.7")));
    cases.add(
        new MetricCase(
            "binary AUROC of logits", Auroc::binary, logits, targets, binary.number("auroc")));
    cases.add(
        new MetricCase(
            "binary calibration of logits",
            () -> CalibrationError.binary().fromLogits(),
            logits,
            targets,
            binary.number("calibration_15")));
  }

  private static void addMulticlass(List<MetricCase> cases) {
    Reference classes = Reference.of("multiclass");
    Tensor targets = classes.labels("targets");
    Adder of =
        (name, make, expected) ->
            cases.add(
                new MetricCase(
                    "multiclass " + name, make, classes.scores("logits"), targets, expected));
    of.add("accuracy", () -> Accuracy.multiclass(6), classes.number("accuracy"));
    of.add("top 2", () -> Accuracy.multiclass(6).topK(2), classes.number("top_2"));
    of.add("top 3", () -> Accuracy.multiclass(6).topK(3), classes.number("top_3"));
    of.add("top 6", () -> Accuracy.multiclass(6).topK(6), 1);
    of.add(
        "balanced accuracy",
        () -> Accuracy.multiclass(6).average(Average.MACRO),
        classes.number("balanced"));
    for (Average average : Average.values()) {
      addAverages(of, classes, average);
    }
    of.add(
        "calibration",
        () -> CalibrationError.multiclass(6).fromLogits(),
        classes.numbers("calibration_15")[0]);
    of.add("perplexity", Perplexity::new, classes.number("log_loss_perplexity"));
    Adder ofProbabilities =
        (name, make, expected) ->
            cases.add(
                new MetricCase(
                    "multiclass " + name,
                    make,
                    classes.scores("probabilities"),
                    targets,
                    expected));
    ofProbabilities.add(
        "calibration of probabilities",
        () -> CalibrationError.multiclass(6).norm(CalibrationError.Norm.L2),
        classes.numbers("calibration_15")[1]);
    for (Average average : Average.values()) {
      ofProbabilities.add(
          "AUROC " + average,
          () -> Auroc.multiclass(6).average(average),
          classes.number("auroc", key(average)));
      ofProbabilities.add(
          "AUROC at 9 " + average,
          () -> Auroc.multiclass(6).thresholds(9).average(average),
          classes.number("auroc_at_9", key(average)));
      ofProbabilities.add(
          "average precision " + average,
          () -> AveragePrecision.multiclass(6).average(average),
          classes.number("average_precision", key(average)));
    }
    cases.add(
        new MetricCase(
            "multiclass F1 of classes",
            () -> FBetaScore.multiclass(6).average(Average.MACRO),
            classes.labels("predicted"),
            targets,
            classes.number("f1", "macro")));
  }

  private static void addAverages(Adder of, Reference classes, Average average) {
    String key = key(average);
    of.add(
        "precision " + key,
        () -> Precision.multiclass(6).average(average),
        classes.number("precision", key));
    of.add(
        "recall " + key,
        () -> Recall.multiclass(6).average(average),
        classes.number("recall", key));
    of.add("F1 " + key, () -> FBetaScore.multiclass(6).average(average), classes.number("f1", key));
    of.add(
        "F0.5 " + key,
        () -> FBetaScore.multiclass(6).beta(0.5).average(average),
        classes.number("fhalf", key));
    of.add(
        "IoU " + key,
        () -> JaccardIndex.multiclass(6).average(average),
        classes.number("jaccard", key));
    of.add(
        "Dice " + key, () -> DiceScore.multiclass(6).average(average), classes.number("f1", key));
  }

  private static void addMultilabel(List<MetricCase> cases) {
    Reference labels = Reference.of("multilabel");
    Tensor targets = labels.labels("targets");
    Adder of =
        (name, make, expected) ->
            cases.add(
                new MetricCase(
                    "multilabel " + name, make, labels.scores("probabilities"), targets, expected));
    for (Average average : Average.values()) {
      String key = key(average);
      of.add(
          "precision " + key,
          () -> Precision.multilabel(4).average(average),
          labels.number("precision", key));
      of.add(
          "recall " + key,
          () -> Recall.multilabel(4).average(average),
          labels.number("recall", key));
      of.add(
          "F2 " + key,
          () -> FBetaScore.multilabel(4).beta(2).average(average),
          labels.number("f2", key));
      of.add(
          "IoU " + key,
          () -> JaccardIndex.multilabel(4).average(average),
          labels.number("jaccard", key));
      of.add(
          "AUROC " + key, () -> Auroc.multilabel(4).average(average), labels.number("auroc", key));
      of.add(
          "average precision " + key,
          () -> AveragePrecision.multilabel(4).average(average),
          labels.number("average_precision", key));
      if (average != Average.WEIGHTED) {
        of.add(
            "accuracy " + key,
            () -> Accuracy.multilabel(4).average(average),
            labels.number("accuracy", key));
      }
    }
  }

  private static void addSegmentation(List<MetricCase> cases) {
    Reference images = Reference.of("segmentation");
    Adder of =
        (name, make, expected) ->
            cases.add(
                new MetricCase(
                    "segmentation " + name,
                    make,
                    images.scores("scores"),
                    images.labels("targets"),
                    expected));
    of.add("IoU", () -> JaccardIndex.multiclass(3), images.number("jaccard"));
    of.add("Dice", () -> DiceScore.multiclass(3), images.number("dice"));
    of.add("top 2", () -> Accuracy.multiclass(3).topK(2), images.number("top_2"));
    of.add("AUROC", () -> Auroc.multiclass(3), images.number("auroc_of_scores"));
    of.add(
        "calibration",
        () -> CalibrationError.multiclass(3).fromLogits(),
        images.numbers("calibration_15")[0]);
  }

  private static void addRegression(List<MetricCase> cases) {
    Reference numbers = Reference.of("regression");
    Adder of =
        (name, make, expected) ->
            cases.add(
                new MetricCase(
                    "regression " + name,
                    make,
                    numbers.scores("predictions"),
                    numbers.scores("targets"),
                    expected));
    of.add("MSE", MeanSquaredError::new, numbers.number("mse"));
    of.add("RMSE", () -> new MeanSquaredError().squared(false), numbers.number("rmse"));
    of.add("MAE", MeanAbsoluteError::new, numbers.number("mae"));
    of.add("R2", R2Score::new, numbers.number("r2"));
    cases.add(
        new MetricCase(
            "regression R2 of outputs",
            () -> new R2Score(3),
            numbers.scores("outputs_predictions"),
            numbers.scores("outputs_targets"),
            numbers.number("r2_outputs")));
  }

  private static String key(Average average) {
    return average.name().toLowerCase(Locale.ROOT);
  }

  /** Adds a case of the data at hand. */
  private interface Adder {
    void add(String name, Supplier<? extends ScalarMetric> make, double expected);
  }
}
