package io.fulgur.data;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a loader uses threads.
 *
 * @param workers how many there are; 0 for none beside the reader's
 * @param prefetch how many batches are made ahead
 * @param persistent whether the threads wait for the next epoch
 * @param timeout how long the reader waits for a batch; null for any time
 * @param start what each thread does before its first batch
 * @param clock tells the time in nanoseconds
 */
record LoaderThreads(
    int workers,
    int prefetch,
    boolean persistent,
    @Nullable Duration timeout,
    @Nullable WorkerStart start,
    LongSupplier clock) {}
