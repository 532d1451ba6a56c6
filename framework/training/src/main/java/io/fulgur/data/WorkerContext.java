package io.fulgur.data;

/**
 * Which worker thread of a loader this is.
 *
 * @param index from 0; workers of an epoch that is read while another is not at its end yet are
 *     counted on
 * @param seed a number of this worker's own, made from the loader's seed and the index
 * @since 0.1
 */
public record WorkerContext(int index, long seed) {}
