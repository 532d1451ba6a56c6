package io.fulgur.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  private static final double NANOS_PER_SECOND = 1e9;

  private final AtomicLong nanos = new AtomicLong();

  private Tally tally(String label, long total, long done, double seconds) {
    Tally tally = new Tally(label, total, 0, nanos::get);
    nanos.addAndGet((long) (seconds * NANOS_PER_SECOND));
    tally.done(done);
    return tally;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0    | 0    | 'Epoch 0:   0% 0/64 [00:00, ?it/s]'",
        "16   | 0.01 | 'Epoch 0:  25% 16/64 [00:00, 1600it/s]'",
        "63   | 2    | 'Epoch 0:  98% 63/64 [00:02, 31.5it/s]'",
        "64   | 75   | 'Epoch 0: 100% 64/64 [01:15, 1.17s/it]'",
        "64   | 7384 | 'Epoch 0: 100% 64/64 [2:03:04, 115.38s/it]'"
      })
  void plain_progress_isWritten(long done, double seconds, String expected) {
    assertThat(ProgressLine.plain(tally("Epoch 0", 64, done, seconds), "")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "55  | false | 'Epoch 0:  37%|###       | 24/64 [00:02<00:03, 12.0it/s]'",
        "55  | true  | 'Epoch 0:  37%|███▊      | 24/64 [00:02<00:03, 12.0it/s]'",
        "60  | false | 'Epoch 0:  37%|#####          | 24/64 [00:02<00:03, 12.0it/s]'",
        "30  | false | 'Epoch 0:  37% 24/64 [00:02<...'"
      })
  void bar_width_isFilled(int width, boolean unicode, String expected) {
    String line = ProgressLine.bar(tally("Epoch 0", 64, 24, 2), null, "", width, unicode);

    assertThat(line).isEqualTo(expected).hasSizeLessThanOrEqualTo(width);
  }

  @Test
  void bar_validationWithin_isShownBeforeMetrics() {
    Tally epoch = tally("Epoch 3", 10, 10, 1);
    epoch.pause();
    Tally validation = tally("Validation", 8, 5, 4);

    assertThat(ProgressLine.bar(epoch, validation, "loss=0.500", 60, false))
        .isEqualTo("Epoch 3: 100% 10/10 [00:05<00:00, 10.0it/s, ...]");
    assertThat(ProgressLine.bar(epoch, validation, "loss=0.500", 200, false))
        .endsWith("#| 10/10 [00:05<00:00, 10.0it/s, validation 5/8, loss=0.500]");
  }

  @Test
  void bar_totalUnknown_hasNoBar() {
    assertThat(ProgressLine.bar(tally("Epoch 0", Tally.UNKNOWN, 7, 2), null, "", 80, true))
        .isEqualTo("Epoch 0: 7 [00:02, 3.5it/s]");
  }

  @Test
  void perSecond_pause_isLeftOut() {
    Tally tally = tally("Epoch 0", 10, 5, 1);
    tally.pause();
    nanos.addAndGet((long) NANOS_PER_SECOND);
    assertThat(tally.perSecond()).isEqualTo(5);
    tally.resume();
    assertThat(tally.perSecond()).isEqualTo(5);
    assertThat(tally.elapsedSeconds()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "2, 2.0",
    "0.3126, 0.313",
    "0.00012, 1.20e-04",
    "1234567, 1.23e+06",
    "NaN, NaN",
    "-Infinity, -Infinity"
  })
  void number_value_isShort(double value, String expected) {
    assertThat(MetricText.number(value)).isEqualTo(expected);
  }

  @Test
  void of_lossAmongTheMetrics_isNotShownTwice() {
    Map<String, Double> metrics = new LinkedHashMap<>(Map.of("val_loss", 0.5));
    assertThat(MetricText.of("v_num=3", 0.25, metrics))
        .isEqualTo("v_num=3, loss=0.250, val_loss=0.500");
    metrics.put("train_loss", 0.25);
    assertThat(MetricText.of("", 0.25, metrics)).isEqualTo("val_loss=0.500, train_loss=0.250");
  }
}
