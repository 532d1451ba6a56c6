package io.fulgur.tensor;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Compares gradients with finite differences, as {@code torch.autograd.gradcheck}; for the tests of
 * operators and layers.
 *
 * <p>For a function {@code f} of tensors {@code x}, it compares the gradient of {@code sum(f(x) *
 * w)}, with fixed weights {@code w} that differ from element to element, with {@code (F(x + h) -
 * F(x - h)) / 2h} for each element of each floating-point input. Inputs are of {@link DType#F64}:
 * in single precision differences are mostly rounding errors. Points where the function has no
 * derivative, such as 0 for relu, do not pass.
 *
 * @since 0.1
 */
public final class GradCheck {
  private static final double STEP = 1e-6;
  private static final double RELATIVE_TOLERANCE = 1e-5;
  private static final double ABSOLUTE_TOLERANCE = 1e-6;

  private GradCheck() {}

  /**
   * Checks the gradients of a function with respect to all its floating-point inputs, with a step
   * of 1e-6, a relative tolerance of 1e-5 and an absolute one of 1e-6.
   *
   * @param function gives the same values whenever called with the same inputs
   * @param inputs of {@link DType#F64}, or of a type without gradients; not changed
   * @throws AssertionError naming input, index and both values if a gradient differs
   * @throws DTypeException if a floating-point input is not of {@link DType#F64}
   */
  public static void check(Function<Tensor[], Tensor> function, Tensor... inputs) {
    check(function, STEP, RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE, inputs);
  }

  /**
   * As {@link #check(Function, Tensor...)} with another step and other tolerances: a difference of
   * {@code absolute + relative * |numeric|} is allowed.
   */
  public static void check(
      Function<Tensor[], Tensor> function,
      double step,
      double relative,
      double absolute,
      Tensor... inputs) {
    for (Tensor input : inputs) {
      if (input.dtype().isFloating() && input.dtype() != DType.F64) {
        throw DTypeException.unsupported(
            "GradCheck", input.dtype(), "F64 inputs; convert with to(DType.F64)");
      }
    }
    double[][] analytic = analytic(function, inputs);
    for (int i = 0; i < inputs.length; i++) {
      if (!inputs[i].dtype().isFloating()) {
        continue;
      }
      for (int at = 0; at < analytic[i].length; at++) {
        double numeric =
            (moved(function, inputs, i, at, step) - moved(function, inputs, i, at, -step))
                / (2 * step);
        // Written so that NaN fails.
        if (!(Math.abs(analytic[i][at] - numeric) <= absolute + relative * Math.abs(numeric))) {
          throw new AssertionError(
              "The gradient with respect to input %d %s at index %s is %s, but the difference quotient is %s"
                  .formatted(
                      i,
                      inputs[i].shape(),
                      Arrays.toString(index(inputs[i].shape(), at)),
                      analytic[i][at],
                      numeric));
        }
      }
    }
  }

  private static double[][] analytic(Function<Tensor[], Tensor> function, Tensor[] inputs) {
    Tensor[] leaves = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      leaves[i] = inputs[i].keep();
      if (leaves[i].dtype().isFloating()) {
        leaves[i].requiresGrad(true);
      }
    }
    weighted(function.apply(leaves)).backward();
    double[][] gradients = new double[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      Tensor gradient = leaves[i].grad();
      gradients[i] =
          gradient == null
              ? new double[Math.toIntExact(inputs[i].elements())]
              : gradient.toDoubleArray();
    }
    return gradients;
  }

  /** Returns the function's value with one element of one input moved. */
  private static double moved(
      Function<Tensor[], Tensor> function, Tensor[] inputs, int input, int at, double step) {
    // In a step, which finds its kernels and memory where the one before has left them.
    try (Autograd.NoGrad ignored = Autograd.noGrad();
        StepScope scope = StepScope.open(GradCheck.class)) {
      double[] values = inputs[input].toDoubleArray();
      values[at] += step;
      Tensor[] arguments = new Tensor[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        arguments[i] =
            i == input ? Tensor.of(values, inputs[i].shape().toArray()) : inputs[i].keep();
      }
      return weighted(function.apply(arguments)).item();
    }
  }

  private static Tensor weighted(Tensor output) {
    double[] weights = new double[Math.toIntExact(output.elements())];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 0.5 + 0.25 * (i % 7);
    }
    return output.mul(Tensor.of(weights, output.shape().toArray())).sum();
  }

  private static long[] index(Shape shape, int at) {
    long[] index = new long[shape.rank()];
    long rest = at;
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = rest % shape.size(i);
      rest /= shape.size(i);
    }
    return index;
  }
}
