package io.fulgur.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.checkpoint.SaveLast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training that saves each step in the background is asked to end while it does so. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class TerminatedTrainingTest {
  private static final int STATUS_OF_SIGTERM = 143;

  @TempDir private Path path;

  @ParameterizedTest
  @EnumSource(SaveLast.class)
  void fit_savesInTheBackgroundAndGetsSigterm_writesTheNewestAndAllThatWasLogged(SaveLast how)
      throws Exception {
    SavedFolder folder = new SavedFolder(path);
    try (KilledProcess process =
        KilledTraining.start(path, how, /* async= */ true, /* logs= */ true)) {
      while (process.next() < 5) {
        // The first checkpoints wait for memory, later ones for each other.
      }
      assertThat(process.terminate()).isEqualTo(STATUS_OF_SIGTERM);
      // The batch that was announced last is trained to its end, and saved even without a last one.
      folder.look(process.announced() + 1, process.announced() + 1);
      assertThat(folder.last()).isEqualTo(process.announced() + 1);
    }
    assertThat(folder.names()).noneMatch(name -> name.startsWith("."));
    assertThat(loggedSteps()).hasSize((int) folder.last());

    Trainer trainer =
        StepCounting.trainer(path, how, /* async= */ true).maxSteps(folder.last() + 2).build();
    trainer.fit(new StepCounting(), StepCounting.data(), "last");
    assertThat(trainer.globalStep()).isEqualTo(folder.last() + 2);
    if (how != SaveLast.NO) {
      folder.look(folder.last() + 2, folder.last() + 2);
    }
  }

  /** Returns the steps of the table of metrics, counted from 0. */
  private Set<String> loggedSteps() throws Exception {
    Path table = path.resolve(KilledTraining.LOGS).resolve("fulgur_logs/version_0/metrics.csv");
    return Files.readAllLines(table).stream()
        .skip(1)
        .map(line -> line.split(",", -1)[1])
        .collect(Collectors.toSet());
  }
}
