package io.fulgur.callback.averaging;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.OptimizerKernels;
import io.fulgur.tensor.Tensor;

/**
 * How weights enter their average, as {@code avg_fn} of {@code
 * torch.optim.swa_utils.AveragedModel}.
 *
 * <p>Called once for each of an optimizer's flat buffers, so with all parameters of a group and
 * type as one vector, and once for each tensor that is in none. The first weights are copied
 * without it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface AveragingFunction {
  /**
   * Updates an average in place; without gradients.
   *
   * @param averaged the average, to be written to
   * @param current the weights, of the same shape and type, to be read only
   * @param count how many weights the average is of, at least 1
   */
  void update(Tensor averaged, Tensor current, long count);

  /** Returns the plain mean: {@code averaged += (current - averaged) / (count + 1)}. */
  static AveragingFunction equal() {
    return (averaged, current, count) ->
        OptimizerKernels.approach(averaged.view(), current.view(), 1.0 / (count + 1));
  }

  /**
   * Returns the exponential moving average: {@code averaged += (1 - decay) (current - averaged)}.
   *
   * @throws FulgurException if {@code decay} is not from 0 to 1
   */
  static AveragingFunction exponential(double decay) {
    if (!(decay >= 0 && decay <= 1)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "AveragingFunction.exponential: decay is %s; allowed is from 0 to 1.".formatted(decay));
    }
    return (averaged, current, count) ->
        OptimizerKernels.approach(averaged.view(), current.view(), 1 - decay);
  }
}
