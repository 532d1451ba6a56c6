package io.fulgur.callback.checkpoint;

import io.fulgur.callback.MonitorMode;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.checkpoint.StepFiles;
import java.nio.file.Path;
import java.util.Map;

/**
 * Goes on from {@code last.ckpt}, and keeps the best checkpoints and the last one, step after step,
 * until it is killed. Says so after each.
 */
final class KeepingLoop {
  private static final int PERIOD = 7;

  private KeepingLoop() {}

  static CheckpointOptions options(SaveLast saveLast) {
    return new CheckpointOptions(
        "loss",
        MonitorMode.MIN,
        /* saveTopK= */ 3,
        saveLast,
        /* saveOnException= */ false,
        /* saveWeightsOnly= */ false,
        /* saveOnTrainEpochEnd= */ null,
        new FileNameTemplate("{step}", /* insertNames= */ true),
        new FileNameTemplate("last", /* insertNames= */ true),
        /* dirPath= */ null,
        /* enableVersionCounter= */ true,
        /* verbose= */ false);
  }

  public static void main(String[] arguments) {
    CheckpointIO io = new SafeTensorsCheckpointIO();
    CheckpointFolder folder = new CheckpointFolder(Path.of(arguments[0]), true, io);
    CheckpointOptions options = options(SaveLast.valueOf(arguments[1]));
    CheckpointKeeper keeper = new CheckpointKeeper(options);
    Path last = CheckpointFolder.newest(folder.path(), options.lastFileName());
    long step = last == null ? 0 : goOn(last, keeper, io);
    System.out.println(step);
    while (true) {
      long now = ++step;
      // Sometimes among the best, sometimes not, and better in the long run.
      double loss = -now + (now % PERIOD) * PERIOD;
      keeper.save(
          new CheckpointKeeper.Occasion(
              folder,
              now,
              Map.of("loss", loss, "step", (double) now),
              path -> StepFiles.write(path, now, keeper.saved().toState(folder.path()))));
      System.out.println(now);
      System.out.flush();
    }
  }

  private static long goOn(Path last, CheckpointKeeper keeper, CheckpointIO io) {
    keeper.restore(
        SavedCheckpoints.restore(StepFiles.state(last), keeper.emptyRanking(), io::exists));
    return StepFiles.step(last);
  }

  /** Returns what a checkpoint says is kept, whether it is there or not. */
  static SavedCheckpoints kept(Path file) {
    return SavedCheckpoints.restore(
        StepFiles.state(file),
        new CheckpointKeeper(options(SaveLast.FILE)).emptyRanking(),
        path -> true);
  }
}
