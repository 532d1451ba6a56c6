package io.fulgur.callback.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTemplateTest {
  private static final Map<String, Double> METRICS =
      Map.of(
          "epoch", 9.0,
          "step", 400.0,
          "val_loss", 0.25123,
          "val_acc", (double) 0.1f,
          "val/f1", 0.5,
          "diverged", Double.NaN);

  private static String format(String template) {
    return new FileNameTemplate(template, /* insertNames= */ true).format(METRICS);
  }

  @ParameterizedTest
  @CsvSource({
    "{epoch}-{step}, epoch=9-step=400",
    "{epoch:02d}-{step}, epoch=09-step=400",
    "{epoch:d}, epoch=9",
    "{epoch:4d}, epoch=   9",
    "{val_loss:.3f}, val_loss=0.251",
    "{val_loss:.2e}, val_loss=2.51e-01",
    "{val_loss:.1}, val_loss=0.3",
    "{val_loss:f}, val_loss=0.251230",
    "{val_loss:08.3f}, val_loss=0000.251",
    "{val_loss}, val_loss=0.25123",
    "{val_acc}, val_acc=0.1",
    "{val/f1}, val_f1=0.5",
    "{diverged:.2f}, diverged=NaN",
    "model, model",
    "a-{epoch}-b, a-epoch=9-b"
  })
  void format_template_writesMetrics(String template, String expected) {
    assertThat(format(template)).isEqualTo(expected);
  }

  @Test
  void format_withoutNames_writesValuesOnly() {
    assertThat(new FileNameTemplate("e{epoch:03d}_{val_loss:.2f}", false).format(METRICS))
        .isEqualTo("e009_0.25");
  }

  @Test
  void format_unknownMetric_listsWhatWasLogged() {
    assertThatThrownBy(() -> format("{epoch}-{val_los:.2f}"))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.UNKNOWN_METRIC))
        .hasMessage(
            "[UnknownMetric] ModelCheckpoint's file name \"{epoch}-{val_los:.2f}\" uses \"val_los\","
                + " which was never logged.\n"
                + "Logged so far: diverged, val/f1, val_acc, val_loss. Did you mean \"val_loss\"?");
  }

  @Test
  void format_fractionAsWholeNumber_isRefused() {
    assertThatThrownBy(() -> format("{val_loss:02d}"))
        .hasMessage(
            "[InvalidFileName] The file name \"{val_loss:02d}\" writes \"val_loss\" as a whole number,"
                + " but its value is 0.25123. Write {metric}, {metric:02d} for whole numbers, or"
                + " {metric:.3f} or {metric:.2e} for others.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{epoch", "epoch}", "{}", "{epoch:x}", "{epoch:}", "{epoch:.2d}", "{a{b}"})
  void new_invalidTemplate_isRefused(String template) {
    assertThatThrownBy(() -> new FileNameTemplate(template, true))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_FILE_NAME))
        .hasMessageContaining("\"" + template + "\"");
  }
}
