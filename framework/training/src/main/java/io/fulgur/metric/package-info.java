/**
 * Metrics: how good predictions are, gathered over any number of batches.
 *
 * <p>Each is a {@link io.fulgur.metric.Metric}: {@code update} takes a batch, {@code compute}
 * returns the value of all batches so far, {@code reset} starts anew, {@code merge} adds what
 * another has gathered, and checkpoints keep what is gathered. Names and definitions are those of
 * torchmetrics, numbers those of scikit-learn.
 *
 * <p>Counts and sums are gathered in Java arrays: reading the predictions where they lie costs less
 * than the operators that would count them, and nothing of a metric is recorded for gradients.
 */
@NullMarked
package io.fulgur.metric;

import org.jspecify.annotations.NullMarked;
