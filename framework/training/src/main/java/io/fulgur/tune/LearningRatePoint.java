package io.fulgur.tune;

/**
 * A step of the search for a learning rate.
 *
 * @param learningRate the learning rate of the step
 * @param loss the loss before it, the mean over the batches whose gradients were summed
 * @param smoothedLoss the exponential moving average of the losses so far, its bias corrected
 * @since 0.1
 */
public record LearningRatePoint(double learningRate, double loss, double smoothedLoss) {}
