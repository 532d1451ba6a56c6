package io.fulgur.callback.spike;

/**
 * Where a training batch stands.
 *
 * @param epoch the epoch, counted from 0
 * @param batch its index in the epoch
 */
record TrainingBatch(int epoch, int batch) {}
