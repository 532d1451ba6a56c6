package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.tensor.Shape;

/**
 * Coefficient of determination {@code R² = 1 - Σ (target - prediction)² / Σ (target - mean)²}: the
 * share of the targets' variance that is explained, as {@code r2_score} of scikit-learn. 1 is
 * perfect, 0 is what always predicting the mean reaches.
 *
 * <p>Shapes: {@code [batch]} or, of several outputs, {@code [batch, outputs]}; the value then is
 * the mean of theirs. Where all targets are equal it is 1 if the predictions are, too, and 0 if
 * not; with fewer than two samples there is none.
 *
 * <p>Means and sums of squared deviations of batches are combined as T. Chan, G. Golub and R.
 * LeVeque do, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979,
 * which loses no digits where the mean is large.
 *
 * @since 0.1
 */
public final class R2Score extends RegressionMetric<R2Score> {
  private final int outputs;
  private final Moments[] total;
  private final Moments[] batch;

  /** Makes an empty metric of one output. */
  public R2Score() {
    this(1);
  }

  /**
   * Makes an empty metric of several outputs.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public R2Score(int outputs) {
    MetricErrors.requireOption(outputs > 0, "R2Score", "outputs", outputs, "positive");
    this.outputs = outputs;
    total = moments(outputs);
    batch = moments(outputs);
  }

  private static Moments[] moments(int count) {
    Moments[] all = new Moments[count];
    for (int i = 0; i < count; i++) {
      all[i] = new Moments();
    }
    return all;
  }

  @Override
  Object options() {
    return "outputs=" + outputs;
  }

  @Override
  void check(Values predictions, Values targets) {
    Shape shape = targets.shape();
    boolean fits =
        outputs == 1
            ? shape.rank() <= 1 || shape.elements() == shape.size(0)
            : shape.rank() == 2 && shape.size(1) == outputs;
    if (!fits) {
      throw MetricErrors.shapes(
          name(),
          outputs == 1
              ? "both must be [batch] or [batch, 1]; for several outputs say new R2Score(outputs)"
              : "both must be [batch, %d]".formatted(outputs),
          predictions,
          targets);
    }
  }

  @Override
  void startBatch() {
    for (Moments each : batch) {
      each.reset();
    }
  }

  @Override
  void add(double[] predictions, double[] targets, int count, long place) {
    for (int i = 0; i < count; i++) {
      batch[(int) ((place + i) % outputs)].add(predictions[i], targets[i]);
    }
  }

  @Override
  void endBatch() {
    combine(batch);
  }

  private void combine(Moments[] more) {
    for (int i = 0; i < outputs; i++) {
      total[i].combine(more[i]);
    }
  }

  @Override
  public double compute() {
    return mean(total);
  }

  @Override
  public double batchValue() {
    return mean(batch);
  }

  /** Returns the value of each output. */
  public double[] perOutput() {
    double[] values = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      values[i] = total[i].value();
    }
    return values;
  }

  private double mean(Moments[] of) {
    double sum = 0;
    for (Moments each : of) {
      sum += each.value();
    }
    return sum / outputs;
  }

  @Override
  void absorb(R2Score other) {
    combine(other.total);
  }

  @Override
  public void reset() {
    startBatch();
    for (Moments each : total) {
      each.reset();
    }
  }

  @Override
  public R2Score emptyCopy() {
    return new R2Score(outputs);
  }

  @Override
  public State state() {
    double[] means = new double[outputs];
    double[] deviations = new double[outputs];
    double[] residuals = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      means[i] = total[i].mean;
      deviations[i] = total[i].deviations;
      residuals[i] = total[i].residuals;
    }
    return State.builder()
        .put("count", total[0].count)
        .put("means", means)
        .put("deviations", deviations)
        .put("residuals", residuals)
        .build();
  }

  @Override
  public void loadState(State state) {
    double[] means = state.doubles("means");
    if (means.length != outputs) {
      throw MetricErrors.wrongState(name(), "means", means.length, outputs);
    }
    double[] deviations = state.doubles("deviations");
    double[] residuals = state.doubles("residuals");
    startBatch();
    for (int i = 0; i < outputs; i++) {
      total[i].count = state.longValue("count");
      total[i].mean = means[i];
      total[i].deviations = deviations[i];
      total[i].residuals = residuals[i];
    }
  }

  /** What is known of one output. */
  private static final class Moments {
    long count;

    /** Mean of the targets, and the sum of the squared deviations from it. */
    double mean;

    double deviations;

    /** Sum of the squared errors of the predictions. */
    double residuals;

    void add(double prediction, double target) {
      count++;
      double before = target - mean;
      mean += before / count;
      deviations += before * (target - mean);
      double residual = target - prediction;
      residuals += residual * residual;
    }

    void combine(Moments other) {
      long both = count + other.count;
      if (both == 0) {
        return;
      }
      double apart = other.mean - mean;
      double share = (double) other.count / both;
      mean += apart * share;
      deviations += other.deviations + apart * apart * count * share;
      residuals += other.residuals;
      count = both;
    }

    double value() {
      if (count < 2) {
        return Double.NaN;
      }
      if (deviations == 0) {
        return residuals == 0 ? 1 : residuals > 0 ? 0 : Double.NaN;
      }
      return 1 - residuals / deviations;
    }

    void reset() {
      count = 0;
      mean = 0;
      deviations = 0;
      residuals = 0;
    }
  }
}
