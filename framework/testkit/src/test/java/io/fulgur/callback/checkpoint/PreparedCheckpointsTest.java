package io.fulgur.callback.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.CheckpointMetadata;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who keeps checkpoints is told what they will be like before the first one is due. */
class PreparedCheckpointsTest {
  @TempDir private Path dir;

  private final RecordingIO io = new RecordingIO();

  /** Files, of which what is announced and saved is recorded. */
  private static final class RecordingIO implements CheckpointIO {
    private final CheckpointIO files = new SafeTensorsCheckpointIO();
    private final List<String> calls = new ArrayList<>();

    private static String contents(Checkpoint checkpoint) {
      int states =
          checkpoint.hasState(CheckpointKeys.OPTIMIZERS)
              ? checkpoint.state(CheckpointKeys.OPTIMIZERS).child("0").tensors().size()
              : 0;
      return checkpoint.weights().size() + " weights, " + states + " states";
    }

    @Override
    public void prepare(Supplier<Checkpoint> example) {
      calls.add("prepare " + contents(example.get()));
    }

    @Override
    public void save(Checkpoint checkpoint, Path path) {
      calls.add("save " + contents(checkpoint));
      files.save(checkpoint, path);
    }

    @Override
    public Checkpoint load(Path path) {
      return files.load(path);
    }

    @Override
    public CheckpointMetadata loadMetadata(Path path) {
      return files.loadMetadata(path);
    }

    @Override
    public void remove(Path path) {
      files.remove(path);
    }
  }

  /** Trained by Adam, which makes two tensors for each weight in its first step. */
  private static final class AdamModule extends BoringModule {
    @Override
    protected OptimizerPlan plan() {
      return OptimizerPlan.of(Adam.of(parameters()));
    }
  }

  private List<String> calls(ModelCheckpointBuilder checkpoint) {
    CheckpointRuns.trainer(1, checkpoint.dirPath(dir).everyNTrainSteps(2).build())
        .checkpointIO(io)
        .build()
        .fit(new AdamModule(), BoringData.module(2, 1));
    return io.calls;
  }

  @Test
  void fit_withModelCheckpoint_announcesWeightsAtTheStartAndStatesAfterTheFirstStep() {
    assertThat(calls(ModelCheckpoint.builder()))
        .containsExactly(
            "prepare 2 weights, 0 states",
            "prepare 2 weights, 4 states",
            "save 2 weights, 4 states");
  }

  @Test
  void fit_savingWeightsOnly_announcesNothingElse() {
    assertThat(calls(ModelCheckpoint.builder().saveWeightsOnly(true)))
        .containsExactly(
            "prepare 2 weights, 0 states",
            "prepare 2 weights, 0 states",
            "save 2 weights, 0 states");
  }
}
