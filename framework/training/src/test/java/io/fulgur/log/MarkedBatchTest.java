package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.checkpoint.State;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a checkpoint holds of an epoch's values that is saved within a batch. */
class MarkedBatchTest {
  private static LogConnector connector(boolean readable) {
    Predicate<Engine> isReadable = engine -> readable;
    LogConnector log = new LogConnector(List.of(), 1, Profiler.NONE, isReadable);
    log.startRun();
    log.enter(Moment.TRAINING_STEP);
    return log;
  }

  private static void batch(LogConnector log, double value, int samples) {
    log.startBatch(samples, /* isAGuess= */ false);
    log.log("mean", Tensor.scalar(value), LogOptions.onEpoch());
    log.log("max", Tensor.scalar(value), LogOptions.onEpoch().reduce(Reduction.MAX));
    log.log("number", value, LogOptions.onEpoch());
  }

  private static State entry(State saved, String name) {
    return saved.children().stream()
        .map(saved::child)
        .filter(each -> each.stringValue("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void trainingState_withinABatch_leavesOutWhatItLogged(boolean readable) {
    LogConnector log = connector(readable);
    batch(log, 1, 2);
    batch(log, 4, 1);
    log.mark();
    batch(log, 64, 8);

    State before = log.trainingState(metric -> null, /* asMarked= */ true);
    assertThat(entry(before, "mean").doubleValue("gathered")).isEqualTo(6);
    assertThat(entry(before, "mean").doubleValue("weights")).isEqualTo(3);
    assertThat(entry(before, "mean").longValue("count")).isEqualTo(2);
    assertThat(entry(before, "max").doubleValue("gathered")).isEqualTo(4);
    assertThat(entry(before, "number").doubleValue("gathered")).isEqualTo(6);

    State after = log.trainingState(metric -> null, /* asMarked= */ false);
    assertThat(entry(after, "mean").doubleValue("gathered")).isEqualTo(518);
    assertThat(entry(after, "max").doubleValue("gathered")).isEqualTo(64);
  }

  @Test
  void trainingState_withinTheFirstBatchOfAName_knowsTheNameOnly() {
    LogConnector log = connector(false);
    log.mark();
    batch(log, 1, 2);

    State before = log.trainingState(metric -> null, /* asMarked= */ true);
    assertThat(entry(before, "mean").has("gathered")).isFalse();
    assertThat(entry(before, "number").has("count")).isFalse();
  }
}
