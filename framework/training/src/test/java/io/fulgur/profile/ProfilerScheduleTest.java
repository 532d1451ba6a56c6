package io.fulgur.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilerScheduleTest {
  /** What {@code torch.profiler.schedule} of PyTorch 1.13 returns for steps 0 to 13. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 1, 0, RRRRRRRRRRRRRR",
    "0, 1, 1, 3, 2, .wRRR.wRRR....",
    "2, 1, 0, 2, 0, ...RR.RR.RR.RR",
    "0, 2, 3, 1, 1, ..wwwR........",
    "1, 0, 2, 2, 1, .wwRR........."
  })
  void phase_steps_areAsPyTorchs(
      int skipFirst, int wait, int warmup, int active, int repeat, String expected) {
    ProfilerSchedule schedule =
        ProfilerSchedule.of(wait, warmup, active).skipFirst(skipFirst).repeat(repeat);

    assertThat(
            LongStream.range(0, expected.length())
                .mapToObj(
                    step ->
                        switch (schedule.phase(step)) {
                          case WAIT -> ".";
                          case WARMUP -> "w";
                          case ACTIVE -> "R";
                        })
                .collect(Collectors.joining()))
        .isEqualTo(expected);
  }

  @Test
  void of_nothingActive_isAnError() {
    assertThatThrownBy(() -> ProfilerSchedule.of(1, 2, 0))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidOptions] A profiler schedule has skipFirst 0, wait 1, warmup 2, active 0 and"
                + " repeat 0. Active must be at least 1, the others at least 0.");
  }
}
