package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.Trainer;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.monitor.LearningRateMonitor;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Reduction;
import io.fulgur.metric.ConfusionMatrix;
import io.fulgur.metric.MeanMetric;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds the whole text of the errors that logging what or where one may not causes. */
@SuppressWarnings({"UnusedMethod", "NullAway"}) // The trainer calls them; null is a mistake.
class LoggingErrorTextsTest {
  private final Map<String, ThrowingCallable> mistakes = new LinkedHashMap<>();

  /** Logs as a test says. */
  private static final class Logging extends BoringModule {
    final MeanMetric mean = new MeanMetric();
    final ConfusionMatrix matrix = ConfusionMatrix.binary();
    private final BiConsumer<Logging, Integer> inStep;
    private final BiConsumer<Logging, Integer> atEnd;

    Logging(BiConsumer<Logging, Integer> inStep, BiConsumer<Logging, Integer> atEnd) {
      this.inStep = inStep;
      this.atEnd = atEnd;
    }

    @Override
    protected Tensor trainingStep(Batch batch, int batchIndex) {
      inStep.accept(this, batchIndex);
      return loss(batch);
    }

    @On(Hook.TRAIN_EPOCH_END)
    void epochEnd() {
      atEnd.accept(this, 0);
    }
  }

  private static Trainer trainer(LearningRateMonitor... callbacks) {
    return Trainer.builder()
        .maxEpochs(1)
        .enableCheckpointing(false)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callbacks(callbacks)
        .build();
  }

  private void inStep(String name, BiConsumer<Logging, Integer> log) {
    mistakes.put(
        name, () -> trainer().fit(new Logging(log, (module, batch) -> {}), BoringData.loader(2)));
  }

  private void logged(String name, Object value) {
    inStep(name, (module, batch) -> module.logAll(Collections.singletonMap("foo", value)));
  }

  private void values() {
    logged("null", null);
    logged("a map with null", Collections.singletonMap("bar", null));
    logged("a map", Map.of("bar", 1));
    logged("a text", "foo");
    logged("a list of numbers", List.of(1, 2, 3));
    logged("a list of text", Arrays.asList("a", "b"));
    logged("an array", new double[] {1, 2, 3});
    logged("an array of arrays", new Object[] {new double[] {1}, "b"});
    logged("an object", new Object());
    logged("a tensor of 2 elements", Tensor.of(new float[] {1, 2}, 2));
    inStep("a metric of several numbers", (m, batch) -> m.logAll(Map.of("foo", m.matrix)));
    inStep("a metric that no field holds", (m, batch) -> m.log("foo", new MeanMetric()));
  }

  private void options() {
    inStep("a blank name", (m, batch) -> m.log(" ", 1));
    inStep("a reserved name", (m, batch) -> m.log("foo/dataloader_idx_0", 1));
    inStep("no level", (m, batch) -> m.log("foo", 1, LogOptions.onStep(false).onEpoch(false)));
    inStep("other options", (m, batch) -> m.log("foo", 1, LogOptions.onEpoch(batch > 0)));
    inStep(
        "a metric that is to be reduced",
        (m, batch) -> m.log("foo", m.mean, LogOptions.reduce(Reduction.MAX)));
    inStep(
        "a metric, then a number",
        (m, batch) -> {
          m.log("foo", m.mean);
          m.log("foo", 1);
        });
    inStep("a batch size of 0", (m, batch) -> m.log("foo", 1, LogOptions.batchSize(0)));
    mistakes.put(
        "at each step at the end of an epoch",
        () ->
            trainer()
                .fit(
                    new Logging(
                        (m, batch) -> {}, (m, batch) -> m.log("foo", 1, LogOptions.onStep())),
                    BoringData.loader(2)));
    mistakes.put("outside of a run", () -> trainer().log("foo", 1, LogOptions.defaults()));
    mistakes.put(
        "a monitor without a logger",
        () -> trainer(new LearningRateMonitor()).fit(new BoringModule(), BoringData.loader(2)));
  }

  @Test
  void message_eachMistake_asInTheGoldenFile() throws IOException {
    values();
    options();
    StringBuilder texts = new StringBuilder();
    mistakes.forEach(
        (name, mistake) -> {
          FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
          assertThat(e).as(name).isNotNull();
          texts.append("# ").append(name).append('\n').append(e.getMessage()).append('\n');
        });

    assertThat(texts.toString()).isEqualTo(golden());
  }

  private static String golden() throws IOException {
    try (InputStream in =
        LoggingErrorTextsTest.class.getResourceAsStream("logging-error-texts.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
