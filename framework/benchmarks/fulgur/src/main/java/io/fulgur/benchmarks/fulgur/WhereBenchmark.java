package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** Choosing by a condition; a processor foresees branches on some conditions and not on others. */
public class WhereBenchmark extends KernelBenchmark {
  private static final int ELEMENTS = 262144;

  /** How the true ones are spread. */
  public enum Condition {
    ALL,
    SCATTERED
  }

  /** Who computes. */
  @Param("host")
  public String provider = "host";

  /** The condition. */
  @Param public Condition condition = Condition.ALL;

  @Override
  String provider() {
    return provider;
  }

  @Override
  OpCall call() {
    double least = condition == Condition.ALL ? 0 : 0.5;
    Tensor draws = Tensor.uniform(new Generator(2), 0, 1, DType.F32, ELEMENTS);
    Tensor chosen = draws.ge(Tensor.full(least, DType.F32));
    Tensor y = normal(ELEMENTS);
    return call(
        Operators.WHERE,
        Operators.NONE,
        List.of(chosen, normal(ELEMENTS), normal(ELEMENTS)),
        List.of(y));
  }
}
