package io.fulgur.nn.optimizer;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.OptimizerKernels;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.util.List;
import java.util.function.Consumer;

/**
 * Limits gradients, between {@code backward()} and {@link Optimizer#step()}. The methods that take
 * an optimizer run one kernel for each of its flat buffers, those that take parameters one for each
 * parameter; parameters without a gradient are left out.
 *
 * @since 0.1
 */
public final class GradientClipping {
  /** Keeps the quotient finite for gradients that are all 0, as PyTorch does. */
  private static final double EPSILON = 1e-6;

  private GradientClipping() {}

  /** Visits gradients. */
  @FunctionalInterface
  private interface Gradients {
    void forEach(Consumer<View> action);
  }

  /**
   * Scales all gradients of an optimizer by {@code min(1, maxNorm / (norm + 1e-6))}, where {@code
   * norm} is the Euclidean norm of all of them together, as {@code torch.nn.utils.clip_grad_norm_}.
   *
   * <p>If a gradient is NaN, so is the norm, and nothing is scaled. If one is infinite, it becomes
   * NaN and the others 0.
   *
   * @return the norm before
   * @throws FulgurException if {@code maxNorm} is not above 0
   */
  public static double byNorm(Optimizer optimizer, double maxNorm) {
    return byNorm(of(optimizer), maxNorm);
  }

  /**
   * Scales the gradients of parameters; see {@link #byNorm(Optimizer, double)}.
   *
   * @return the norm before
   * @throws FulgurException if {@code maxNorm} is not above 0
   */
  public static double byNorm(List<Parameter> parameters, double maxNorm) {
    return byNorm(of(parameters), maxNorm);
  }

  /**
   * Limits each element of the gradients of an optimizer to {@code [-limit, limit]}, as {@code
   * torch.nn.utils.clip_grad_value_}.
   *
   * @throws FulgurException if {@code limit} is not above 0
   */
  public static void byValue(Optimizer optimizer, double limit) {
    byValue(of(optimizer), limit);
  }

  /**
   * Limits each element of the gradients of parameters to {@code [-limit, limit]}.
   *
   * @throws FulgurException if {@code limit} is not above 0
   */
  public static void byValue(List<Parameter> parameters, double limit) {
    byValue(of(parameters), limit);
  }

  /** Returns the Euclidean norm of all gradients of an optimizer together. */
  public static double norm(Optimizer optimizer) {
    return norm(of(optimizer));
  }

  /** Returns the Euclidean norm of all gradients of parameters together. */
  public static double norm(List<Parameter> parameters) {
    return norm(of(parameters));
  }

  /**
   * Divides all gradients of an optimizer by the number that the loss was multiplied by.
   *
   * @return whether all of them are finite
   */
  public static boolean unscale(Optimizer optimizer, double lossScale) {
    boolean[] finite = {true};
    optimizer.forEachRun(
        run -> {
          View view = run.gradients().view();
          OptimizerKernels.scale(view, 1 / lossScale);
          finite[0] &= OptimizerKernels.isFinite(view);
        });
    return finite[0];
  }

  private static double byNorm(Gradients gradients, double maxNorm) {
    requirePositive("maxNorm", maxNorm);
    double norm = norm(gradients);
    double factor = maxNorm / (norm + EPSILON);
    if (factor < 1) {
      gradients.forEach(view -> OptimizerKernels.scale(view, factor));
    }
    return norm;
  }

  private static void byValue(Gradients gradients, double limit) {
    requirePositive("limit", limit);
    gradients.forEach(view -> OptimizerKernels.clamp(view, limit));
  }

  private static double norm(Gradients gradients) {
    double[] sum = {0};
    gradients.forEach(view -> sum[0] += OptimizerKernels.sumOfSquares(view));
    return Math.sqrt(sum[0]);
  }

  private static Gradients of(Optimizer optimizer) {
    return action -> optimizer.forEachRun(run -> action.accept(run.gradients().view()));
  }

  private static Gradients of(List<Parameter> parameters) {
    return action -> {
      for (Parameter parameter : parameters) {
        Tensor gradient = parameter.grad();
        if (gradient != null) {
          action.accept(gradient.view());
        }
      }
    };
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "Gradient clipping: %s is %s; allowed is a finite number above 0."
              .formatted(name, value));
    }
  }
}
