package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogOptionsTest {
  @Test
  void defaults_nothingSaid_leavesTheLevelsOpen() {
    LogOptions options = LogOptions.defaults();

    assertThat(options.stepLevel()).isNull();
    assertThat(options.epochLevel()).isNull();
    assertThat(options.inProgressBar()).isFalse();
    assertThat(options.reduction()).isEqualTo(Reduction.MEAN);
    assertThat(options.weight()).isZero();
    assertThat(options.toLoggers()).isTrue();
    assertThat(options.withDataloaderIndex()).isTrue();
  }

  @Test
  void chain_everythingSaid_isKept() {
    LogOptions options =
        LogOptions.onStep()
            .onEpoch(false)
            .progressBar()
            .reduce(Reduction.MAX)
            .batchSize(7)
            .logger(false)
            .addDataloaderIndex(false);

    assertThat(options)
        .isEqualTo(new LogOptions.Chain(true, false, true, Reduction.MAX, 7, false, false));
  }

  @Test
  void starts_eachOption_setsThatAlone() {
    LogOptions.Chain defaults = LogOptions.defaults();

    assertThat(LogOptions.onStep()).isEqualTo(defaults.onStep());
    assertThat(LogOptions.onStep(false).stepLevel()).isFalse();
    assertThat(LogOptions.onEpoch()).isEqualTo(defaults.onEpoch(true));
    assertThat(LogOptions.onEpoch(false).epochLevel()).isFalse();
    assertThat(LogOptions.progressBar().inProgressBar()).isTrue();
    assertThat(LogOptions.reduce(Reduction.SUM).reduction()).isEqualTo(Reduction.SUM);
    assertThat(LogOptions.batchSize(3).weight()).isEqualTo(3);
    assertThat(LogOptions.logger(false).toLoggers()).isFalse();
    assertThat(LogOptions.addDataloaderIndex(false).withDataloaderIndex()).isFalse();
    assertThat(defaults).isEqualTo(LogOptions.defaults());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void batchSize_notPositive_isAnError(int size) {
    assertThatThrownBy(() -> LogOptions.batchSize(size))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("LogOptions.batchSize is " + size);
  }
}
