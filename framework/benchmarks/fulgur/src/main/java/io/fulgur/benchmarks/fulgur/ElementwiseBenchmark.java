package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** Functions of each element: activations, and what they are made of. */
public class ElementwiseBenchmark extends KernelBenchmark {
  /** The function, or the gradient of one. */
  public enum Function {
    EXP,
    TANH,
    TANH_BACKWARD,
    SIGMOID,
    SIGMOID_BACKWARD,
    ERF,
    RELU,
    RELU_BACKWARD;

    private Operator operator() {
      return switch (this) {
        case EXP -> Operators.EXP;
        case TANH -> Operators.TANH;
        case TANH_BACKWARD -> Operators.TANH_BACKWARD;
        case SIGMOID -> Operators.SIGMOID;
        case SIGMOID_BACKWARD -> Operators.SIGMOID_BACKWARD;
        case ERF -> Operators.ERF;
        case RELU -> Operators.RELU;
        case RELU_BACKWARD -> Operators.RELU_BACKWARD;
      };
    }

    private int inputs() {
      return switch (this) {
        case TANH_BACKWARD, SIGMOID_BACKWARD, RELU_BACKWARD -> 2;
        default -> 1;
      };
    }
  }

  /** Who computes. */
  @Param("cpu")
  public String provider = "cpu";

  /** Which function. */
  @Param public Function function = Function.EXP;

  /** How many numbers: what fits the first cache and one thread, and what threads share. */
  @Param({"8192", "262144"})
  public int elements = 8192;

  @Override
  String provider() {
    return provider;
  }

  @Override
  OpCall call() {
    Tensor x = normal(elements);
    Tensor y = normal(elements);
    return call(
        function.operator(), Operators.NONE, Collections.nCopies(function.inputs(), x), List.of(y));
  }
}
