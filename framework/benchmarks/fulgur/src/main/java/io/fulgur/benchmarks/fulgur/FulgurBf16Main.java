package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ContestantMain;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.tensor.DType;
import java.util.Map;

/** The model that a hand-written loop trains in bf16 where that is accurate enough. */
final class FulgurBf16Main {
  private FulgurBf16Main() {}

  public static void main(String[] arguments) {
    ContestantMain.run(
        arguments,
        Map.of(
            "mlp-wide",
            () -> FulgurTraining.of(Mlp.WIDE, () -> Networks.mlp(Mlp.WIDE)).in(DType.BF16)));
  }
}
