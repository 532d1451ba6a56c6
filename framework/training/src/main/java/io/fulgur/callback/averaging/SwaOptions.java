package io.fulgur.callback.averaging;

import io.fulgur.nn.schedule.AnnealStrategy;
import java.util.List;

/**
 * What a {@link StochasticWeightAveraging} goes by.
 *
 * @param epochStart the number of the first epoch that is averaged, from 1; or as a fraction
 * @param isFraction whether that is a fraction of all epochs
 * @param annealingEpochs how many epochs the learning rates take to become constant
 * @param annealingStrategy along what they change
 * @param function how weights enter the average
 * @param swaLrs where the learning rates go, of all groups or of each
 */
record SwaOptions(
    double epochStart,
    boolean isFraction,
    int annealingEpochs,
    AnnealStrategy annealingStrategy,
    AveragingFunction function,
    List<Double> swaLrs) {

  double[] learningRates() {
    return swaLrs.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns the index of the first epoch that is averaged. */
  int startEpoch(int maxEpochs) {
    int number = (int) (isFraction ? maxEpochs * epochStart : epochStart);
    return Math.max(0, number - 1);
  }
}
