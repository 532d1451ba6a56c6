package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.checkpoint.State;
import io.fulgur.metric.MeanMetric;
import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.CleanThread;
import io.fulgur.testkit.RecordingLogger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logging of tensors whose memory the host cannot address: read seldom, and the same numbers. */
@ExtendWith(CleanThread.class)
class DeviceLoggingTest {
  private static final int BATCHES = 7;

  private final RecordingLogger logger = new RecordingLogger();

  private LogConnector onDevice(int logEveryNSteps) {
    return started(
        new LogConnector(List.of(logger), logEveryNSteps, Profiler.NONE, engine -> false));
  }

  private static LogConnector started(LogConnector log) {
    log.startRun();
    return log;
  }

  /** What a step logs. */
  private interface Step {
    void log(LogConnector log, int batch);
  }

  /** Trains, with a scope for each step, in which its tensors die. */
  private static void train(LogConnector log, int batches, Step step) {
    for (int i = 0; i < batches; i++) {
      try (StepScope scope = StepScope.open("train")) {
        log.startBatch(1 + i % 3, /* isAGuess= */ false);
        log.enter(Moment.TRAINING_STEP);
        step.log(log, i);
        log.enter(Moment.NONE);
      }
      log.endTrainingBatch(log.isDue(i), i, 0);
    }
  }

  private static void endEpoch(LogConnector log, int batches) {
    log.reachEndOfTrainingEpoch();
    log.endTrainingEpoch(batches - 1, 0);
  }

  private static Tensor value(Generator generator, DType dtype) {
    double drawn = 10 * generator.nextGaussian();
    return dtype == DType.BOOL
        ? Tensor.of(new boolean[] {drawn > 0}, 1)
        : Tensor.full(dtype.isFloating() ? drawn : Math.rint(drawn), dtype);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void log_tensors_givesTheNumbersOfTheHost(DType dtype) {
    DType logged = dtype == DType.U8 ? DType.I32 : dtype;
    RecordingLogger expected = new RecordingLogger();
    LogConnector host = started(new LogConnector(List.of(expected), 2, Profiler.NONE));
    LogConnector device = onDevice(2);
    for (LogConnector each : List.of(host, device)) {
      Generator generator = new Generator(3);
      for (int epoch = 0; epoch < 2; epoch++) {
        train(
            each,
            BATCHES,
            (log, batch) -> {
              for (Reduction reduction : Reduction.values()) {
                LogOptions options = LogOptions.onStep().onEpoch().reduce(reduction);
                log.log("v/" + reduction, value(generator, logged), options);
              }
            });
        endEpoch(each, BATCHES);
      }
      each.finish(RunStatus.SUCCESS);
    }

    assertThat(logger.entries()).isEqualTo(expected.entries()).hasSize(2 * (3 + 1));
    assertThat(device.callbackMetrics()).isEqualTo(host.callbackMetrics());
    assertThat(host.deviceReads()).isZero();
  }

  @Test
  void log_manyTensors_readsOnceForAllWhenTheLoggersAreDue() {
    LogConnector log = onDevice(3);
    train(
        log,
        BATCHES,
        (each, batch) -> {
          for (int i = 0; i < 40; i++) {
            each.log("v" + i, Tensor.scalar(batch + i), LogOptions.onStep().onEpoch());
          }
        });

    assertThat(log.deviceReads()).as("at steps 2 and 5").isEqualTo(2);
    endEpoch(log, BATCHES);
    assertThat(log.deviceReads()).as("and at the end of the epoch").isEqualTo(3);
    log.finish(RunStatus.SUCCESS);
    assertThat(logger.entries("v39_step"))
        .extracting(entry -> entry.values().get("v39_step"))
        .containsExactly(41.0, 44.0);
    assertThat(logger.entries("v39_epoch").get(0).values().get("v39_epoch"))
        .isEqualTo(39 + (1 * 2 + 2 * 3 + 3 + 4 * 2 + 5 * 3 + 6) / 13.0);
  }

  @Test
  void callbackMetrics_asked_readOnceAndOnlyThen() {
    LogConnector log = onDevice(0);
    Step step =
        (each, batch) -> {
          each.log("a", Tensor.scalar(batch), LogOptions.onStep().progressBar());
          each.log("b", Tensor.scalar(-batch), LogOptions.defaults());
        };
    train(log, 5, step);
    assertThat(log.deviceReads()).isZero();

    assertThat(log.callbackMetrics()).isEqualTo(Map.of("a", 4.0, "b", -4.0));
    assertThat(log.progressBarMetrics()).isEqualTo(Map.of("a", 4.0));
    assertThat(log.deviceReads()).isEqualTo(1);
    train(log, 2, step);
    assertThat(log.callbackMetrics()).isEqualTo(Map.of("a", 1.0, "b", -1.0));
    assertThat(log.deviceReads()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void log_numbersAndTensorsUnderOneName_countAlike(Reduction reduction) {
    LogOptions options = LogOptions.onStep().onEpoch().reduce(reduction);
    LogConnector log = onDevice(0);
    double[] values = {3, -7, 2, 5};
    train(
        log,
        values.length,
        (each, batch) -> {
          Object value = batch % 2 == 0 ? (Object) values[batch] : Tensor.scalar(values[batch]);
          each.log("v", value, options);
        });
    assertThat(log.callbackMetrics()).containsEntry("v_step", 5.0);
    endEpoch(log, values.length);

    double mean = (3 * 1 - 7 * 2 + 2 * 3 + 5 * 1) / 7.0;
    assertThat(log.callbackMetrics().get("v_epoch"))
        .isEqualTo(
            switch (reduction) {
              case MEAN -> mean;
              case SUM -> 3.0;
              case MIN -> -7.0;
              case MAX -> 5.0;
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = Reduction.class,
      names = {"MIN", "MAX"})
  void log_notANumber_isPassedOn(Reduction reduction) {
    LogConnector log = onDevice(0);
    double[] values = {3, Double.NaN, 2};
    train(
        log,
        values.length,
        (each, batch) ->
            each.log("v", Tensor.scalar(values[batch]), LogOptions.onEpoch().reduce(reduction)));
    endEpoch(log, values.length);

    assertThat(log.callbackMetrics().get("v_epoch")).isNaN();
  }

  @Test
  void log_metric_computesItsBatchOnlyWhenAsked() {
    AtomicInteger asked = new AtomicInteger();
    MeanMetric mean = new MeanMetric();
    ScalarMetric counting = new CountingMetric(mean, asked);
    LogConnector log = onDevice(3);
    train(
        log,
        BATCHES,
        (each, batch) -> {
          mean.update(batch);
          each.log("m", counting, LogOptions.onStep().onEpoch());
        });

    assertThat(asked.get()).as("at steps 2 and 5").isEqualTo(2);
    endEpoch(log, BATCHES);
    assertThat(log.callbackMetrics()).containsEntry("m_step", 6.0).containsEntry("m_epoch", 3.0);
    assertThat(asked.get()).as("and before it is reset").isEqualTo(3);
  }

  /** Counts how often the value of a batch is asked for. */
  private record CountingMetric(MeanMetric inner, AtomicInteger asked) implements ScalarMetric {
    @Override
    public double compute() {
      return inner.compute();
    }

    @Override
    public double batchValue() {
      asked.incrementAndGet();
      return inner.batchValue();
    }

    @Override
    public void reset() {
      inner.reset();
    }

    @Override
    public void merge(Metric other) {
      inner.merge(((CountingMetric) other).inner);
    }

    @Override
    public CountingMetric emptyCopy() {
      return new CountingMetric(inner.emptyCopy(), asked);
    }

    @Override
    public State state() {
      return inner.state();
    }

    @Override
    public void loadState(State state) {
      inner.loadState(state);
    }
  }
}
