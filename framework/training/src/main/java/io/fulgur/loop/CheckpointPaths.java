package io.fulgur.loop;

import io.fulgur.ResumeOptions;
import io.fulgur.Trainer;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a user calls a checkpoint into a path. */
final class CheckpointPaths {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  /** Of what a checkpoint IO of one's own keeps elsewhere: a file counts as newer. */
  private static final FileTime UNKNOWN_AGE = FileTime.fromMillis(0);

  private static final String BEST = "best";
  private static final String LAST = "last";

  /** Where checkpoints are in the folder of a run, unless the user chose another place. */
  private static final String FOLDER = "checkpoints";

  private CheckpointPaths() {}

  /**
   * Returns the checkpoint that a fit goes on from; null to begin where the last one is wanted and
   * there is none yet, so that one command both starts a training and goes on with it.
   */
  static @Nullable Path resolveForFit(String ckptPath, Trainer trainer) {
    if (ckptPath.equals(LAST) && newestLast(trainer) == null) {
      LOG.warn(
          callbacks(trainer).isEmpty()
              ? "There is no last checkpoint, as the trainer has no checkpoint callback: training"
                  + " begins from the start"
              : "There is no last checkpoint yet: training begins from the start");
      return null;
    }
    return resolve(ckptPath, trainer);
  }

  /** Returns what a fit goes on from that was not told to; null for nothing. */
  static @Nullable ResumeOptions ofItself(Trainer trainer) {
    if (trainer.isFastDevRun()) {
      return null;
    }
    Path path =
        newest(
            trainer,
            callbacks(trainer).stream()
                .filter(CheckpointCallback::resumesByItself)
                .map(CheckpointCallback::lastModelPath)
                .toList());
    return path == null ? null : ResumeOptions.from(path);
  }

  static Path resolve(String ckptPath, Trainer trainer) {
    if (!ckptPath.equals(BEST) && !ckptPath.equals(LAST)) {
      return Path.of(ckptPath);
    }
    List<CheckpointCallback> callbacks = callbacks(trainer);
    if (callbacks.isEmpty()) {
      throw new FulgurException(
          ErrorId.NO_CHECKPOINT,
          "ckptPath is \"%s\", but the trainer has no checkpoint callback. Add one, or give a path."
              .formatted(ckptPath));
    }
    Path path = ckptPath.equals(BEST) ? callbacks.get(0).bestModelPath() : newestLast(trainer);
    if (path == null || (ckptPath.equals(BEST) && trainer.isFastDevRun())) {
      throw new FulgurException(
          ErrorId.NO_CHECKPOINT,
          "ckptPath is \"%s\", but %s has saved no such checkpoint%s. Run fit first, or give a path."
              .formatted(
                  ckptPath,
                  callbacks.get(0).getClass().getSimpleName(),
                  trainer.isFastDevRun() ? ", as fastDevRun saves none" : ""));
    }
    return path;
  }

  /**
   * Returns the newest file among the last ones of all checkpoint callbacks, or else among those
   * that earlier runs of the same experiment have left in their folders; null if none.
   */
  static @Nullable Path newestLast(Trainer trainer) {
    List<CheckpointCallback> callbacks = callbacks(trainer);
    Path own = newest(trainer, callbacks.stream().map(CheckpointCallback::lastModelPath).toList());
    return own != null || callbacks.isEmpty() ? own : newest(trainer, ofEarlierRuns(trainer));
  }

  private static @Nullable Path newest(Trainer trainer, List<? extends @Nullable Path> files) {
    return files.stream()
        .filter(Objects::nonNull)
        .filter(trainer.checkpointIO()::exists)
        .max((a, b) -> modified(a).compareTo(modified(b)))
        .orElse(null);
  }

  /** A process that goes on with the training of another has a run folder of its own. */
  private static List<Path> ofEarlierRuns(Trainer trainer) {
    Path run = trainer.logDir().toAbsolutePath();
    Path experiment = run.getParent();
    if (experiment == null || !Files.isDirectory(run.resolve(FOLDER))) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(experiment, "version_*")) {
      for (Path each : runs) {
        Path folder = each.resolve(FOLDER);
        if (Files.isDirectory(folder)) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "last*.ckpt")) {
            files.forEach(found::add);
          }
        }
      }
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "The folders of earlier runs in %s cannot be read: %s. Give the path of a checkpoint instead of \"last\"."
              .formatted(experiment, e),
          e);
    }
    return found;
  }

  private static FileTime modified(Path path) {
    if (!Files.exists(path)) {
      return UNKNOWN_AGE;
    }
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "The age of checkpoint %s cannot be told: %s. Give the path of a checkpoint instead of \"last\"."
              .formatted(path, e),
          e);
    }
  }

  private static List<CheckpointCallback> callbacks(Trainer trainer) {
    return trainer.callbacks().stream()
        .filter(CheckpointCallback.class::isInstance)
        .map(CheckpointCallback.class::cast)
        .toList();
  }
}
