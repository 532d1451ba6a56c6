package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void of_oddNumber_takesTheMiddleOne() {
    assertThat(Summary.of(9, 1, 3)).isEqualTo(new Summary(3, 1, 9));
  }

  @Test
  void of_evenNumber_takesTheMeanOfTheMiddleTwo() {
    assertThat(Summary.of(4, 1, 100, 2)).isEqualTo(new Summary(3, 1, 100));
  }

  @Test
  void of_one_isThatOne() {
    assertThat(Summary.of(7)).isEqualTo(new Summary(7, 7, 7));
  }

  @Test
  void of_nothing_isRefused() {
    assertThatThrownBy(Summary::of).isInstanceOf(IllegalArgumentException.class);
  }
}
