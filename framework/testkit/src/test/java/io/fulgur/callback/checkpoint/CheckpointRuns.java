package io.fulgur.callback.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.module.FulgurModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What tests of saved files share. */
final class CheckpointRuns {
  private CheckpointRuns() {}

  static TrainerBuilder trainer(int epochs, Callback... callbacks) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callbacks(callbacks);
  }

  /** Returns the names in a folder, in order, without extension; there must be no other files. */
  static String files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files.forEach(
          file -> {
            assertThat(file.toString()).endsWith(".ckpt");
            names.add(file.getFileName().toString().replace(".ckpt", ""));
          });
      return String.join(" ", names);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the step at which a checkpoint was saved. */
  static long step(Path file) {
    return new SafeTensorsCheckpointIO().loadMetadata(file).globalStep();
  }

  /** Records epoch and step of each checkpoint that is gathered. */
  static final class Saves implements Callback {
    final List<String> names = new ArrayList<>();

    @Override
    public void onSaveCheckpoint(
        Trainer trainer, FulgurModule module, Checkpoint.Builder checkpoint) {
      names.add(trainer.currentEpoch() + "@" + trainer.globalStep());
    }
  }
}
