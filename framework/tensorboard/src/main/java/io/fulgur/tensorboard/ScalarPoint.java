package io.fulgur.tensorboard;

/**
 * A point of a chart.
 *
 * @param step the step it was added with
 * @param wallTimeSeconds when it was added, in seconds since 1970
 * @param value what was stored, usually a float32
 * @since 0.1
 */
public record ScalarPoint(long step, double wallTimeSeconds, double value) {}
