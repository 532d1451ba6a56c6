package io.fulgur.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionNamesTest {
  @ParameterizedTest
  @EnumSource
  void parse_ofASpelling_isThatPrecision(Precision precision) {
    assertThat(Precision.parse(precision.spelling())).isSameAs(precision);
  }

  @ParameterizedTest
  @CsvSource({
    "32-true, F32_TRUE",
    "64-true, F64_TRUE",
    "bf16-true, BF16_TRUE",
    "16-true, F16_TRUE",
    "bf16-mixed, BF16_MIXED",
    "16-mixed, F16_MIXED",
    "32, F32_TRUE",
    "64, F64_TRUE",
    "bf16, BF16_MIXED",
    "16, F16_MIXED"
  })
  void parse_ofLightningsNames_isWhatTheyMeanThere(String name, Precision expected) {
    assertThat(Precision.parse(name)).isSameAs(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BF16-MIXED", "8-mixed", "F32_TRUE", " 32"})
  void parse_ofAnotherName_isAnError(String name) {
    assertThatThrownBy(() -> Precision.parse(name)).isInstanceOf(FulgurException.class);
  }

  @Test
  void parse_ofAMisspeltName_tellsWhatIsAllowed() {
    assertThatThrownBy(() -> Precision.parse("bf16-mix"))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining(
            "There is no precision \"bf16-mix\"; allowed are 32-true, 64-true, bf16-true, 16-true,"
                + " bf16-mixed, 16-mixed, and in short 16, 32, 64, bf16. Did you mean"
                + " \"bf16-mixed\"?");
  }
}
