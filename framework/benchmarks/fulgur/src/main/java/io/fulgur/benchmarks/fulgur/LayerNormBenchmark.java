package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.NormalizationOperators;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** Layer normalisation of a transformer's rows, and its three gradients. */
public class LayerNormBenchmark extends KernelBenchmark {
  private static final int ROWS = 32 * 64;
  private static final int WIDTH = 128;
  private static final double EPSILON = 1e-5;

  /** The direction. */
  public enum Pass {
    FORWARD,
    BACKWARD
  }

  /** Who computes. */
  @Param("cpu")
  public String provider = "cpu";

  /** Which. */
  @Param public Pass pass = Pass.FORWARD;

  @Override
  String provider() {
    return provider;
  }

  @Override
  OpCall call() {
    Tensor x = normal(ROWS, WIDTH);
    Tensor y = normal(ROWS, WIDTH);
    Tensor weight = normal(WIDTH);
    Tensor bias = normal(WIDTH);
    Tensor mean = Tensor.zeros(ROWS);
    Tensor rstd = Tensor.ones(ROWS);
    return switch (pass) {
      case FORWARD ->
          call(
              NormalizationOperators.LAYER_NORM,
              Operators.NONE,
              List.of(x, weight, bias),
              List.of(y, mean, rstd),
              EPSILON);
      case BACKWARD ->
          call(
              NormalizationOperators.LAYER_NORM_BACKWARD,
              Operators.NONE,
              List.of(normal(ROWS, WIDTH), x, weight, mean, rstd),
              List.of(y, Tensor.zeros(WIDTH), Tensor.zeros(WIDTH)));
    };
  }
}
