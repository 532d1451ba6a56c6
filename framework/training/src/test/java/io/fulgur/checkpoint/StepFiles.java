package io.fulgur.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Checkpoints whose weights are all the number of their step, written and read without an engine,
 * so that a process that does so starts fast.
 */
public final class StepFiles {
  public static final int ELEMENTS = 1 << 16;
  private static final String STATE = "callbacks";

  private StepFiles() {}

  /** Writes a checkpoint with one state. */
  public static void write(Path file, long step, State state) {
    Map<String, String> metadata =
        new HashMap<>(
            CheckpointMetadata.ofThisVersion(
                    0, step, Hyperparameters.none(), Hyperparameters.none())
                .encode());
    metadata.put(CheckpointKeys.STATES, "[\"" + STATE + "\"]");
    metadata.put(STATE, Json.write(state.toJson()));
    ByteBuffer bytes = ByteBuffer.allocate(ELEMENTS * Float.BYTES).order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) step);
    }
    SafeTensorsStream.write(
        file,
        Map.of("weight", new SafeTensorsStream.Layout(DType.F32, Shape.of(ELEMENTS))),
        metadata,
        stream -> stream.append("weight", bytes.flip()));
  }

  /** Returns the step of a checkpoint. */
  public static long step(Path file) {
    return new SafeTensorsCheckpointIO().loadMetadata(file).globalStep();
  }

  /** Returns the state of a checkpoint. */
  public static State state(Path file) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      ObjectNode values = CheckpointMetadata.object(file, reader.metadata(), STATE);
      return State.read(STATE, values, Map.of());
    }
  }
}
