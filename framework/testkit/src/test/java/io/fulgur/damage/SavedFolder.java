package io.fulgur.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.checkpoint.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The checkpoints of {@link StepCounting} in a folder, at a moment at which nobody works on them.
 */
final class SavedFolder {
  private static final String EXTENSION = ".ckpt";

  private final Path path;
  private long newest;
  private long last;

  SavedFolder(Path path) {
    this.path = path;
  }

  /** Returns the step of the last one, as of the latest look; 0 if there was none. */
  long last() {
    return last;
  }

  /**
   * Requires each checkpoint to be whole, neither the newest nor the last to be older than at the
   * look before, and all that the last one says are kept to be there.
   *
   * @param atLeast the step of the newest one that there must be
   * @param lastAtLeast the step that the last one must have
   */
  void look(long atLeast, long lastAtLeast) throws IOException {
    long found = 0;
    for (String name : names()) {
      if (isCheckpoint(name)) {
        found = Math.max(found, StepCounting.wholeStep(path.resolve(name)));
      }
    }
    assertThat(found).as("the newest one").isGreaterThanOrEqualTo(Math.max(newest, atLeast));
    newest = found;
    Path lastFile = path.resolve(StepCounting.LAST);
    if (last == 0 && lastAtLeast <= 0 && !Files.exists(lastFile)) {
      return;
    }
    long lastStep = StepCounting.wholeStep(lastFile);
    assertThat(lastStep).as("the last one").isGreaterThanOrEqualTo(Math.max(last, lastAtLeast));
    last = lastStep;
    for (String kept : kept(lastFile)) {
      assertThat(path.resolve(Path.of(kept).getFileName())).as("kept").exists();
    }
  }

  private static List<String> kept(Path file) {
    try (Checkpoint checkpoint = new SafeTensorsCheckpointIO().load(file)) {
      State callbacks = checkpoint.state(CheckpointKeys.CALLBACKS);
      for (String key : callbacks.children()) {
        if (key.startsWith("ModelCheckpoint{")) {
          return callbacks.child(key).child("best_k_models").strings("paths");
        }
      }
      throw new AssertionError(file + " tells of no kept ones");
    }
  }

  /** Temporary files are hidden. */
  private static boolean isCheckpoint(String name) {
    return name.endsWith(EXTENSION) && !name.startsWith(".");
  }

  /** Returns the names of all files, also of temporary ones. */
  List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
