package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a user calls a checkpoint into a path. */
final class CheckpointPaths {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
  private static final String BEST = "best";
  private static final String LAST = "last";

  private CheckpointPaths() {}

  /**
   * Returns the checkpoint that a fit goes on from; null to begin, also where the last one is
   * wanted and there is none yet, so that one command both starts and goes on with a training.
   */
  static @Nullable Path resolveForFit(@Nullable String ckptPath, Trainer trainer) {
    if (ckptPath == null) {
      return null;
    }
    if (ckptPath.equals(LAST) && callback(LAST, trainer).lastModelPath() == null) {
      LOG.warn("There is no last checkpoint yet: training begins from the start");
      return null;
    }
    return resolve(ckptPath, trainer);
  }

  static Path resolve(String ckptPath, Trainer trainer) {
    if (!ckptPath.equals(BEST) && !ckptPath.equals(LAST)) {
      return Path.of(ckptPath);
    }
    CheckpointCallback callback = callback(ckptPath, trainer);
    Path path = ckptPath.equals(BEST) ? callback.bestModelPath() : callback.lastModelPath();
    if (path == null) {
      throw new FulgurException(
          ErrorId.NO_CHECKPOINT,
          "ckptPath is \"%s\", but %s has saved no such checkpoint%s. Run fit first, or give a path."
              .formatted(
                  ckptPath,
                  callback.getClass().getSimpleName(),
                  trainer.isFastDevRun() ? ", as fastDevRun saves none" : ""));
    }
    return path;
  }

  private static CheckpointCallback callback(String ckptPath, Trainer trainer) {
    CheckpointCallback callback = trainer.checkpointCallback();
    if (callback == null) {
      throw new FulgurException(
          ErrorId.NO_CHECKPOINT,
          "ckptPath is \"%s\", but the trainer has no checkpoint callback. Add one, or give a path."
              .formatted(ckptPath));
    }
    return callback;
  }
}
