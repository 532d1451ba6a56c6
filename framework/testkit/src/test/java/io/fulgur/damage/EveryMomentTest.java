package io.fulgur.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.callback.checkpoint.SaveLast;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looks at the checkpoints of a training between any two things that it does to files. */
class EveryMomentTest {
  private static final int STEPS = 9;

  @TempDir private Path path;

  /** Counts, too. */
  private static final class Looks implements WatchedFiles.Watcher {
    final SavedFolder folder;
    int count;

    Looks(Path path) {
      folder = new SavedFolder(path);
    }

    /** One thread at a time works on the files. */
    @Override
    public synchronized void look() throws IOException {
      count++;
      folder.look(0, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"FILE, false", "LINK, false", "FILE, true", "LINK, true"})
  void fit_anyMoment_everyCheckpointIsWholeAndTheNewestIsThere(SaveLast how, boolean async)
      throws IOException {
    Looks looks = new Looks(path);
    StepCounting.trainer(WatchedFiles.of(path, looks), how, async)
        .maxSteps(STEPS)
        .build()
        .fit(new StepCounting(), StepCounting.data());

    looks.folder.look(STEPS, STEPS);
    assertThat(looks.folder.names()).hasSize(StepCounting.KEPT + 1);
    assertThat(looks.count).as("to open and to move at each step").isGreaterThan(STEPS * 4);
  }
}
