package io.fulgur.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.checkpoint.SaveLast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole trainings that save after each step are killed at random moments, and go on each time.
 *
 * <p>As a process takes long to start, each is frozen many times before: what lies on the disk at
 * such a moment is what a kill would have left.
 */
class KilledTrainingsTest {
  private static final int LIVES = 3;
  private static final int MOMENTS = 8;
  private static final int LONGEST_MICROS = 25_000;

  @TempDir private Path root;

  /** A training that is killed and goes on, in a folder of its own. */
  private final class Training {
    final SaveLast saveLast;
    final boolean async;
    final Path path;
    final SavedFolder folder;
    final Random random;

    Training(SaveLast saveLast, boolean async) throws IOException {
      this.saveLast = saveLast;
      this.async = async;
      path = Files.createDirectory(root.resolve(async ? "async" : "sync"));
      folder = new SavedFolder(path);
      random = new Random(saveLast.hashCode() + (async ? 1 : 0));
    }

    KilledProcess start() throws IOException {
      return KilledTraining.start(path, saveLast, async, /* logs= */ false);
    }

    void freezeAndKill(KilledProcess process) throws Exception {
      assertThat(process.next()).as("it goes on").isEqualTo(folder.last());
      for (int moment = 0; KilledProcess.canFreeze() && moment < MOMENTS; moment++) {
        LockSupport.parkNanos(random.nextInt(LONGEST_MICROS) * 1000L);
        process.freeze();
        look(process.announced());
        process.goOn();
        process.next();
      }
      LockSupport.parkNanos(random.nextInt(LONGEST_MICROS) * 1000L);
      process.kill();
      look(process.announced());
    }

    /**
     * In the background, two checkpoints may be on their way: of the one before them only what
     * makes it the last may be missing.
     */
    private void look(long announced) throws IOException {
      folder.look(announced - (async ? 2 : 0), announced - (async ? 3 : 0));
    }

    void goOnToTheEnd() throws IOException {
      long end = folder.last() + 5;
      Trainer trainer = StepCounting.trainer(path, saveLast, async).maxSteps(end).build();
      trainer.fit(new StepCounting(), StepCounting.data(), "last");

      assertThat(trainer.globalStep()).isEqualTo(end);
      folder.look(end, end);
      // A process that is killed before it deletes an old one leaves that, but nothing else.
      assertThat(folder.names())
          .allMatch(name -> name.endsWith(".ckpt") && !name.startsWith("."))
          .hasSizeBetween(StepCounting.KEPT + 1, StepCounting.KEPT + 1 + LIVES);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "LINK"})
  void fit_processKilledAtAnyMoment_everyCheckpointIsWholeAndTrainingGoesOn(SaveLast how)
      throws Exception {
    Training sync = new Training(how, false);
    Training async = new Training(how, true);
    for (int life = 0; life < LIVES; life++) {
      try (KilledProcess first = sync.start();
          KilledProcess second = async.start()) {
        sync.freezeAndKill(first);
        async.freezeAndKill(second);
      }
    }
    for (Training training : List.of(sync, async)) {
      assertThat(training.folder.last()).isGreaterThan(LIVES);
      training.goOnToTheEnd();
    }
  }
}
