package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Negative log-likelihood of counts under Poisson distributions, as {@code
 * torch.nn.PoissonNLLLoss}: {@code exp(x) - t x}, or {@code x - t log(x + ε)} if the input is the
 * rate itself.
 *
 * @param logInput whether the input is the logarithm of the rate
 * @param full whether Stirling's approximation of {@code log t!} is added, for {@code t > 1}
 * @param epsilon {@code ε}, positive
 * @since 0.1
 */
public record PoissonNLLLoss(boolean logInput, boolean full, double epsilon, Reduction reduction)
    implements Loss {
  /** Makes the mean for logarithms of rates, without {@code log t!}, with {@code ε = 1e-8}. */
  public PoissonNLLLoss() {
    this(/* logInput= */ true, /* full= */ false, 1e-8, Reduction.MEAN);
  }

  /** Checks the options. */
  public PoissonNLLLoss {
    requireOption(epsilon > 0, "PoissonNLLLoss", "epsilon", epsilon, "a positive number");
  }

  /** Returns this loss for inputs that are rates, if false. */
  public PoissonNLLLoss logInput(boolean newLogInput) {
    return new PoissonNLLLoss(newLogInput, full, epsilon, reduction);
  }

  /** Returns this loss with {@code log t!}, if true. */
  public PoissonNLLLoss full(boolean newFull) {
    return new PoissonNLLLoss(logInput, newFull, epsilon, reduction);
  }

  /** Returns this loss with another {@code ε}. */
  public PoissonNLLLoss epsilon(double newEpsilon) {
    return new PoissonNLLLoss(logInput, full, newEpsilon, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public PoissonNLLLoss reduction(Reduction newReduction) {
    return new PoissonNLLLoss(logInput, full, epsilon, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("poissonNll", input, target);
    Tensor losses =
        logInput
            ? input.exp().sub(target.mul(input))
            : input.sub(target.mul(input.add(epsilon).log()));
    return reduction.of(full ? losses.add(logFactorial(target)) : losses);
  }

  private static Tensor logFactorial(Tensor target) {
    Tensor large = target.gt(1);
    Tensor t = Tensor.where(large, target, Tensor.onesLike(target));
    Tensor stirling = t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().mul(0.5));
    return Tensor.where(large, stirling, Tensor.zerosLike(stirling));
  }
}
