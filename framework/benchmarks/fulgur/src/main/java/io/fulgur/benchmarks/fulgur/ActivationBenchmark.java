package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;
import org.openjdk.jmh.annotations.Param;

/** Activation functions of a hidden layer of 512 and a batch of 64. */
public class ActivationBenchmark extends FunctionBenchmark {
  /** The functions. */
  public enum Kind implements Function {
    RELU,
    LEAKY_RELU,
    ELU,
    GELU,
    SILU,
    MISH,
    SOFTPLUS,
    HARDSWISH,
    HARDTANH;

    @Override
    public Tensor input() {
      return random(64, 512);
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case RELU -> x.relu();
        case LEAKY_RELU -> Activations.leakyRelu(x, 0.01);
        case ELU -> Activations.elu(x, 1);
        case GELU -> x.gelu();
        case SILU -> Activations.silu(x);
        case MISH -> Activations.mish(x);
        case SOFTPLUS -> Activations.softplus(x);
        case HARDSWISH -> Activations.hardswish(x);
        case HARDTANH -> Activations.hardtanh(x, -1, 1);
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.RELU;

  @Override
  Function function() {
    return kind;
  }
}
