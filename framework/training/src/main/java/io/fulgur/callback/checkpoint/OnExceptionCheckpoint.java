package io.fulgur.callback.checkpoint;

import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Saves a checkpoint when training fails or is interrupted, from which the next fit goes on by
 * itself.
 *
 * <pre>{@code
 * Trainer.builder().callback(new OnExceptionCheckpoint(Path.of("runs/digits")))
 * }</pre>
 *
 * <p>There is one file, which a newer one replaces. While it is there, {@code fit} without a
 * checkpoint goes on from it; a fit that succeeds deletes it. Does nothing in the sanity check and
 * with {@code fastDevRun}.
 *
 * <p>Follows {@code lightning.pytorch.callbacks.OnExceptionCheckpoint}.
 *
 * @since 0.1
 */
public final class OnExceptionCheckpoint implements CheckpointCallback {
  private final Path path;
  private boolean failed;

  /** Saves as {@code on_exception.ckpt} in a folder. */
  public OnExceptionCheckpoint(Path folder) {
    this(folder, "on_exception");
  }

  /**
   * Saves under a name of one's own.
   *
   * @param fileName the name without extension
   */
  public OnExceptionCheckpoint(Path folder, String fileName) {
    OptionMistakes mistakes = new OptionMistakes("OnExceptionCheckpoint");
    mistakes.require(!fileName.isBlank(), "fileName is blank. Leave it out for on_exception.");
    mistakes.throwIfAny();
    path = folder.resolve(fileName + FileNameTemplate.EXTENSION).toAbsolutePath().normalize();
  }

  /** Returns where the checkpoint is if there is one. */
  public Path path() {
    return path;
  }

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    failed = false;
  }

  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    failed = true;
    boolean training =
        trainer.stage() == RunningStage.TRAINING || trainer.stage() == RunningStage.VALIDATING;
    if (trainer.runKind() == RunKind.FIT && training && !trainer.isFastDevRun()) {
      trainer.saveCheckpoint(path);
    }
  }

  @Override
  public void teardown(Trainer trainer, FulgurModule module, RunKind kind) {
    if (!failed && kind == RunKind.FIT && !trainer.isFastDevRun()) {
      trainer.removeCheckpoint(path);
    }
  }

  /** {@inheritDoc} There is no best one here. */
  @Override
  public @Nullable Path bestModelPath() {
    return null;
  }

  @Override
  public @Nullable Path lastModelPath() {
    return Files.exists(path) ? path : null;
  }

  @Override
  public boolean resumesByItself() {
    return true;
  }
}
