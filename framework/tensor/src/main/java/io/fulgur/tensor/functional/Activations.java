package io.fulgur.tensor.functional;

import static io.fulgur.tensor.Operators.NONE;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Activation functions, as those of {@code torch.nn.functional}. All take floating-point tensors of
 * any shape and return one of that shape; those that nearly every network uses are methods of
 * {@link Tensor} as well ({@code relu}, {@code gelu}, {@code sigmoid}, {@code tanh}, {@code
 * softmax}, {@code logSoftmax}).
 *
 * @since 0.1
 */
public final class Activations {
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  private Activations() {}

  private static Tensor activation(
      Operator forward, Operator backward, Tensor input, double... scalars) {
    Tensor x = Autocast.input(forward, input);
    Tensor output = Calls.elementwise(forward, NONE, scalars, x);
    return Calls.tracks(x)
        ? Calls.record(
            output,
            forward.name(),
            (grad, g) -> g.give(x, Calls.elementwise(backward, NONE, scalars, grad, x)),
            x)
        : output;
  }

  /** Returns {@code max(x, 0)}. */
  public static Tensor relu(Tensor input) {
    return input.relu();
  }

  /** Returns {@code min(max(x, 0), 6)}; the gradient is 0 at the bounds. */
  public static Tensor relu6(Tensor input) {
    return hardtanh(input, 0, 6);
  }

  /** Returns {@code x > 0 ? x : negativeSlope x}. */
  public static Tensor leakyRelu(Tensor input, double negativeSlope) {
    return activation(
        ActivationOperators.LEAKY_RELU,
        ActivationOperators.LEAKY_RELU_BACKWARD,
        input,
        negativeSlope);
  }

  /**
   * Returns {@code x > 0 ? x : weight x} with a learnt slope.
   *
   * @param weight {@code [channels]} for dimension 1 of an input {@code [batch, channels, ...]}, or
   *     {@code [1]} for one slope
   * @throws ShapeException if the weight is neither
   */
  public static Tensor prelu(Tensor input, Tensor weight) {
    long channels = input.rank() >= 2 ? input.size(1) : 1;
    if (weight.rank() != 1 || (weight.size(0) != 1 && weight.size(0) != channels)) {
      throw ShapeException.mismatch(
          "prelu",
          "the weight must be [1] or [channels] = [" + channels + "]",
          input.shape(),
          weight.shape());
    }
    Tensor x = Autocast.lowerPrecision(input);
    Tensor slope = Autocast.lowerPrecision(weight);
    if (weight.size(0) != 1) {
      long[] sizes = new long[input.rank() - 1];
      Arrays.fill(sizes, 1);
      sizes[0] = channels;
      slope = slope.reshape(sizes);
    }
    return x.relu().sub(slope.mul(x.neg().relu()));
  }

  /**
   * Returns {@code x >= 0 ? x : r x}; {@code r} is drawn uniformly from {@code [lower, upper)} for
   * each element in training, else it is their mean. B. Xu and others, "Empirical Evaluation of
   * Rectified Activations in Convolution Network", 2015.
   */
  public static Tensor rrelu(
      Tensor input, double lower, double upper, boolean training, Generator generator) {
    Arguments.require(
        lower <= upper, "rrelu needs lower <= upper, but got %s and %s.", lower, upper);
    if (!training) {
      return leakyRelu(input, (lower + upper) / 2);
    }
    Arguments.requireFloating("rrelu", input);
    Tensor slope = Tensor.uniform(generator, lower, upper, input.dtype(), input.shape().toArray());
    return Tensor.where(input.ge(0), input, input.mul(slope));
  }

  /** Returns {@code x > 0 ? x : alpha (exp(x) - 1)}. */
  public static Tensor elu(Tensor input, double alpha) {
    return elu(input, alpha, 1, 1);
  }

  /**
   * Returns {@code scale (max(0, x) + min(0, alpha (exp(x) - 1)))} with the constants of G.
   * Klambauer and others, "Self-Normalizing Neural Networks", 2017.
   */
  public static Tensor selu(Tensor input) {
    return elu(input, SELU_ALPHA, SELU_SCALE, 1);
  }

  /**
   * Returns {@code max(0, x) + min(0, alpha (exp(x / alpha) - 1))}.
   *
   * @param alpha not 0
   */
  public static Tensor celu(Tensor input, double alpha) {
    Arguments.require(alpha != 0, "celu needs an alpha other than 0.");
    return elu(input, alpha, 1, 1 / alpha);
  }

  private static Tensor elu(Tensor input, double alpha, double scale, double inputScale) {
    return activation(
        ActivationOperators.ELU, ActivationOperators.ELU_BACKWARD, input, alpha, scale, inputScale);
  }

  /** Returns {@code x Φ(x)} with the distribution function of the standard normal distribution. */
  public static Tensor gelu(Tensor input) {
    return input.gelu();
  }

  /** Returns {@code x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
  public static Tensor geluTanh(Tensor input) {
    return input.geluTanh();
  }

  /** Returns {@code x sigmoid(x)}, also called swish. */
  public static Tensor silu(Tensor input) {
    return activation(ActivationOperators.SILU, ActivationOperators.SILU_BACKWARD, input);
  }

  /** Returns {@code x tanh(softplus(x))}. D. Misra, "Mish", 2019. */
  public static Tensor mish(Tensor input) {
    return activation(ActivationOperators.MISH, ActivationOperators.MISH_BACKWARD, input);
  }

  /** Returns {@code log(1 + exp(x))}. */
  public static Tensor softplus(Tensor input) {
    return softplus(input, 1, 20);
  }

  /**
   * Returns {@code log(1 + exp(beta x)) / beta}, and {@code x} where {@code beta x > threshold}.
   *
   * @param beta not 0
   */
  public static Tensor softplus(Tensor input, double beta, double threshold) {
    Arguments.require(beta != 0, "softplus needs a beta other than 0.");
    return activation(
        ActivationOperators.SOFTPLUS,
        ActivationOperators.SOFTPLUS_BACKWARD,
        input,
        beta,
        threshold);
  }

  /** Returns {@code log(sigmoid(x))}, exact for large negative {@code x}. */
  public static Tensor logSigmoid(Tensor input) {
    return activation(
        ActivationOperators.LOG_SIGMOID, ActivationOperators.LOG_SIGMOID_BACKWARD, input);
  }

  /** Returns {@code x / (1 + |x|)}. */
  public static Tensor softsign(Tensor input) {
    return activation(ActivationOperators.SOFTSIGN, ActivationOperators.SOFTSIGN_BACKWARD, input);
  }

  /** Returns {@code x - tanh(x)}. */
  public static Tensor tanhshrink(Tensor input) {
    return activation(
        ActivationOperators.TANHSHRINK, ActivationOperators.TANHSHRINK_BACKWARD, input);
  }

  /**
   * Returns {@code x} moved towards 0 by {@code lambda}, 0 where it would pass it.
   *
   * @param lambda not negative
   */
  public static Tensor softshrink(Tensor input, double lambda) {
    Arguments.require(lambda >= 0, "softshrink needs lambda >= 0, but got %s.", lambda);
    return activation(
        ActivationOperators.SOFTSHRINK, ActivationOperators.SHRINK_BACKWARD, input, lambda);
  }

  /** Returns {@code |x| <= lambda ? 0 : x}. */
  public static Tensor hardshrink(Tensor input, double lambda) {
    return activation(
        ActivationOperators.HARDSHRINK, ActivationOperators.SHRINK_BACKWARD, input, lambda);
  }

  /**
   * Returns {@code min(max(x, low), high)}; unlike that of {@link Tensor#clamp}, the gradient is 0
   * at the bounds.
   */
  public static Tensor hardtanh(Tensor input, double low, double high) {
    Arguments.requireFloating("hardtanh", input);
    Arguments.require(low < high, "hardtanh needs low < high, but got %s and %s.", low, high);
    return activation(Operators.CLAMP, ActivationOperators.HARDTANH_BACKWARD, input, low, high);
  }

  /** Returns {@code min(max(x + 3, 0), 6) / 6}. */
  public static Tensor hardsigmoid(Tensor input) {
    return activation(
        ActivationOperators.HARDSIGMOID, ActivationOperators.HARDSIGMOID_BACKWARD, input);
  }

  /**
   * Returns {@code x min(max(x + 3, 0), 6) / 6}. A. Howard and others, "Searching for MobileNetV3",
   * 2019.
   */
  public static Tensor hardswish(Tensor input) {
    return activation(ActivationOperators.HARDSWISH, ActivationOperators.HARDSWISH_BACKWARD, input);
  }

  /** Returns {@code x > threshold ? x : value}. */
  public static Tensor threshold(Tensor input, double threshold, double value) {
    return activation(
        ActivationOperators.THRESHOLD,
        ActivationOperators.THRESHOLD_BACKWARD,
        input,
        threshold,
        value);
  }

  /**
   * Returns {@code a sigmoid(b)} where {@code a} and {@code b} are the halves of a dimension.
   *
   * @throws ShapeException if the dimension's size is odd
   */
  public static Tensor glu(Tensor input, int dim) {
    int axis = input.shape().axis(dim);
    Tensor x = input.contiguous();
    Tensor y = Calls.call(ActivationOperators.GLU, axis, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "glu",
            (grad, g) ->
                g.give(x, Calls.call(ActivationOperators.GLU_BACKWARD, axis, grad.contiguous(), x)),
            x)
        : y;
  }

  /** Returns {@code softmax(-x)} along a dimension. */
  public static Tensor softmin(Tensor input, int dim) {
    return input.neg().softmax(dim);
  }

  /**
   * Returns the softmax over the channels of images.
   *
   * @param input {@code [batch, channels, height, width]} or {@code [channels, height, width]}
   * @throws ShapeException if it is neither
   */
  public static Tensor softmax2d(Tensor input) {
    Shape shape = input.shape();
    if (shape.rank() != 3 && shape.rank() != 4) {
      throw ShapeException.mismatch(
          "softmax2d",
          "needs [batch, channels, height, width] or [channels, height, width]",
          shape);
    }
    return input.softmax(-3);
  }
}
