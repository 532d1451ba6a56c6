package io.fulgur.nn;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;

/**
 * Start values, written into a parameter or buffer in place; the formulas are those of {@code
 * torch.nn.init}.
 *
 * <p>{@code fanIn} is the product of all sizes but the first, {@code fanOut} that of all but the
 * second. Random values come from {@link Generator#defaultGenerator()}.
 *
 * @since 0.1
 */
public final class Initializers {
  /** The factor on the standard deviation that keeps the variance after a ReLU, {@code √2}. */
  public static final double RELU_GAIN = Math.sqrt(2);

  private Initializers() {}

  /** Fills with zeros. */
  public static void zeros(Tensor target) {
    target.fill(0);
  }

  /** Fills with ones. */
  public static void ones(Tensor target) {
    target.fill(1);
  }

  /** Fills with one value. */
  public static void constant(Tensor target, double value) {
    target.fill(value);
  }

  /** Draws from the uniform distribution on {@code [low, high)}. */
  public static void uniform(Tensor target, double low, double high) {
    Checks.require(
        low <= high && Double.isFinite(high - low),
        "Initializers.uniform(low=%s, high=%s): low must not be above high, and both finite."
            .formatted(low, high));
    target.assign(
        Tensor.uniform(
            Generator.defaultGenerator(), low, high, target.dtype(), target.shape().toArray()));
  }

  /** Draws from the normal distribution. */
  public static void normal(Tensor target, double mean, double standardDeviation) {
    Checks.require(
        standardDeviation >= 0 && Double.isFinite(standardDeviation) && Double.isFinite(mean),
        ("Initializers.normal(mean=%s, standardDeviation=%s): both must be finite and the standard"
                + " deviation not negative.")
            .formatted(mean, standardDeviation));
    target.assign(
        Tensor.normal(
            Generator.defaultGenerator(),
            mean,
            standardDeviation,
            target.dtype(),
            target.shape().toArray()));
  }

  /**
   * Draws uniformly from {@code ±gain √(6 / (fanIn + fanOut))}.
   *
   * <p>X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
   * networks", AISTATS 2010.
   *
   * @throws io.fulgur.error.FulgurException if the target has fewer than two dimensions
   */
  public static void xavierUniform(Tensor target, double gain) {
    double bound = gain * Math.sqrt(6.0 / (fanIn(target) + fanOut(target)));
    uniform(target, -bound, bound);
  }

  /**
   * Draws from the normal distribution of standard deviation {@code gain √(2 / (fanIn + fanOut))};
   * see {@link #xavierUniform}.
   *
   * @throws io.fulgur.error.FulgurException if the target has fewer than two dimensions
   */
  public static void xavierNormal(Tensor target, double gain) {
    normal(target, 0, gain * Math.sqrt(2.0 / (fanIn(target) + fanOut(target))));
  }

  /**
   * Draws uniformly from {@code ±gain √(3 / fanIn)}.
   *
   * <p>K. He et al., "Delving Deep into Rectifiers", ICCV 2015.
   *
   * @param gain {@link #RELU_GAIN} before a ReLU, 1 before nothing; PyTorch's layers start with
   *     {@code √(1/3)}, that is within {@code ±1/√fanIn}
   * @throws io.fulgur.error.FulgurException if the target has fewer than two dimensions
   */
  public static void kaimingUniform(Tensor target, double gain) {
    double bound = gain * Math.sqrt(3.0 / fanIn(target));
    uniform(target, -bound, bound);
  }

  /**
   * Draws from the normal distribution of standard deviation {@code gain / √fanIn}; see {@link
   * #kaimingUniform}.
   *
   * @throws io.fulgur.error.FulgurException if the target has fewer than two dimensions
   */
  public static void kaimingNormal(Tensor target, double gain) {
    normal(target, 0, gain / Math.sqrt(fanIn(target)));
  }

  /** Makes a parameter that is uniform in ±bound. */
  static Parameter uniformParameter(double bound, long... shape) {
    Parameter parameter = Parameter.of(Tensor.zeros(shape));
    uniform(parameter, -bound, bound);
    return parameter;
  }

  private static double fanIn(Tensor target) {
    return matrix(target).elements() / (double) target.size(0);
  }

  private static double fanOut(Tensor target) {
    return matrix(target).elements() / (double) target.size(1);
  }

  private static Shape matrix(Tensor target) {
    Checks.require(
        target.rank() >= 2 && target.elements() > 0,
        target.shape()
            + " has no fan-in and fan-out: at least two dimensions are needed, and no size may be 0."
            + " Use uniform or normal.");
    return target.shape();
  }
}
