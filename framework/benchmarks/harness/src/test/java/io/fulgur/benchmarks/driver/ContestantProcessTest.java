package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContestantProcessTest {
  @TempDir private Path folder;

  private Optional<Participant> start(String model) {
    return ContestantProcess.start(
        new ContestantProcess.Launch(
            System.getProperty("java.class.path"),
            FakeContestantMain.class.getName(),
            model,
            List.of("-Dheap=small"),
            Map.of("OMP_NUM_THREADS", "5"),
            log()));
  }

  private Path log() {
    return folder.resolve("contestant.log");
  }

  @Test
  void start_aContestant_answersEveryCommand() {
    try (Participant participant = start("fine").orElseThrow()) {
      assertThat(participant.describe().details())
          .containsExactlyInAnyOrderEntriesOf(Map.of("threads", "5", "heap", "small"));
      assertThat(participant.loss(4)).isEqualTo((0 + 1 + 2 + 3) / 4.0);
      assertThat(participant.warmUp(1).steps()).isPositive();
      assertThat(participant.run(10, 100))
          .satisfies(
              burst -> {
                assertThat(burst.steps()).isEqualTo(100);
                assertThat(burst.medianNanos()).isPositive();
                assertThat(burst.allocatedBytesPerStep()).isPositive();
              });
    }
    assertThat(log()).content().contains("an innocent line");
  }

  @Test
  void start_anUnknownModel_isEmpty() {
    assertThat(start("conv")).isEmpty();
  }

  @Test
  void run_aStepThatThrows_tellsWhatAndWhere() {
    try (Participant participant = start("fails").orElseThrow()) {
      assertThatThrownBy(() -> participant.run(0, 100))
          .isInstanceOf(ContestantException.class)
          .hasMessage("java.lang.IllegalStateException: step 20 went wrong; see " + log());
    }
    assertThat(log()).content().contains("at " + FakeContestantMain.class.getName());
  }

  @Test
  void start_aJvmThatDies_tellsItsStatus() {
    assertThatThrownBy(() -> start("dies"))
        .isInstanceOf(ContestantException.class)
        .hasMessage("Its JVM ended with status 3; see " + log());
  }
}
