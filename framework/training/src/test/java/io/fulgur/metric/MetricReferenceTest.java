package io.fulgur.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.checkpoint.State;
import io.fulgur.data.HostArray;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every metric with a single value against scikit-learn, however the data comes to it. */
class MetricReferenceTest {
  private static final double TOLERANCE = 1e-12;

  private static double value(Metric metric) {
    return ((ScalarMetric) metric).compute();
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void compute_oneBatch_isTheReference(MetricCase example) {
    PredictionMetric metric = example.empty();

    metric.update(example.predictions(), example.targets());

    assertThat(value(metric)).isCloseTo(example.expected(), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void compute_unequalBatches_isTheReference(MetricCase example) {
    PredictionMetric metric = example.empty();

    for (int from = 0, size = 1; from < example.samples(); from += size, size = 17) {
      int to = Math.min(from + size, example.samples());
      metric.update(example.predictions(from, to), example.targets(from, to));
    }

    assertThat(value(metric)).isCloseTo(example.expected(), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void merge_partsSeenApart_isTheReference(MetricCase example) {
    PredictionMetric first = example.empty();
    PredictionMetric second = example.empty();
    int half = example.samples() / 2;
    first.update(example.predictions(0, half), example.targets(0, half));
    second.update(
        example.predictions(half, example.samples()), example.targets(half, example.samples()));
    double ofSecond = value(second);

    first.merge(second);
    first.merge(example.empty());

    assertThat(value(first)).isCloseTo(example.expected(), within(TOLERANCE));
    assertThat(value(second)).isEqualTo(ofSecond);
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void loadState_ofFirstPart_goesOnBitwise(MetricCase example) {
    PredictionMetric whole = example.empty();
    int half = example.samples() / 2;
    whole.update(example.predictions(0, half), example.targets(0, half));
    State saved = whole.state();
    PredictionMetric resumed = example.empty();
    resumed.update(example.predictions(0, 1), example.targets(0, 1));
    resumed.loadState(saved);

    for (PredictionMetric each : new PredictionMetric[] {whole, resumed}) {
      each.update(
          example.predictions(half, example.samples()), example.targets(half, example.samples()));
    }

    assertThat(value(resumed)).isEqualTo(value(whole));
    assertThat(value(resumed)).isCloseTo(example.expected(), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void batchValue_afterSeveralBatches_isThatOfTheLast(MetricCase example) {
    PredictionMetric metric = example.empty();
    PredictionMetric alone = metric.emptyCopy();
    int half = example.samples() / 2;
    metric.update(example.predictions(0, half), example.targets(0, half));
    metric.update(
        example.predictions(half, example.samples()), example.targets(half, example.samples()));

    alone.update(
        example.predictions(half, example.samples()), example.targets(half, example.samples()));

    assertThat(((ScalarMetric) metric).batchValue()).isEqualTo(value(alone));
    metric.reset();
    assertThat(((ScalarMetric) metric).batchValue()).isNaN();
    assertThat(value(metric)).isNaN();
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void reset_thenUpdate_countsOnlyWhatFollows(MetricCase example) {
    PredictionMetric metric = example.empty();
    metric.update(
        example.predictions(0, 9 % example.samples()), example.targets(0, 9 % example.samples()));

    metric.reset();
    metric.update(example.predictions(), example.targets());

    assertThat(value(metric)).isCloseTo(example.expected(), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void update_javaArraysOrViews_isTheSame(MetricCase example) {
    PredictionMetric arrays = example.empty();
    PredictionMetric views = example.empty();

    arrays.update(host(example.predictions()), host(example.targets()));
    views.update(strided(example.predictions()), strided(example.targets()));

    assertThat(value(arrays)).isCloseTo(example.expected(), within(TOLERANCE));
    assertThat(value(views)).isCloseTo(example.expected(), within(TOLERANCE));
  }

  private static HostArray host(Tensor tensor) {
    long[] shape = tensor.shape().toArray();
    return tensor.dtype().isFloating()
        ? HostArray.of(tensor.toDoubleArray(), shape)
        : HostArray.of(tensor.toLongArray(), shape);
  }

  /** Returns the same values as a window on twice as many. */
  private static Tensor strided(Tensor tensor) {
    int last = tensor.rank();
    Tensor pairs = Tensor.stack(last, tensor, Tensor.zerosLike(tensor));
    Tensor view = pairs.select(last, 0);
    assertThat(view.isContiguous()).isFalse();
    return view;
  }

  @ParameterizedTest
  @MethodSource("io.fulgur.metric.MetricCase#all")
  void update_singlePrecisionWithGradients_recordsNothing(MetricCase example) {
    PredictionMetric metric = example.empty();
    boolean scores = example.predictions().dtype().isFloating();
    Tensor leaf =
        scores ? example.predictions().to(DType.F32).requiresGrad(true) : example.predictions();
    Tensor predictions = scores ? leaf.mul(1) : leaf;

    metric.update(predictions, example.targets());

    assertThat(value(metric))
        .isCloseTo(example.expected(), within(example.expected() * 1e-2 + 1e-6));
    if (scores) {
      predictions.sum().backward();
      assertThat(leaf.grad()).isNotNull();
    }
  }
}
