package io.fulgur.checkpoint;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** Saves {@code last.ckpt} again and again and says so, until it is killed. */
final class SavingLoop {
  static final int ELEMENTS = 1 << 20;

  private SavingLoop() {}

  public static void main(String[] arguments) {
    CheckpointIO io = new SafeTensorsCheckpointIO();
    Path file = Path.of(arguments[0]);
    for (int step = 1; ; step++) {
      Map<String, Tensor> weights = Map.of("weight", Tensor.full(step, DType.F32, ELEMENTS));
      io.save(Checkpoint.builder().globalStep(step).weights(weights).build(), file);
      System.out.println(step);
      System.out.flush();
    }
  }
}
