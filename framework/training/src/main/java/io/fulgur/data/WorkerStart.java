package io.fulgur.data;

/**
 * Prepares a worker thread before its first batch: opens a connection, seeds a library's own random
 * numbers.
 *
 * <p>Data that is to be the same with any number of workers must not depend on the worker: use the
 * generator that {@link RandomTransform} and {@link Dataset#get(long, io.fulgur.tensor.Generator)}
 * are given, or the thread's default generator, which is seeded for each batch.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface WorkerStart {
  /** Runs on the worker's thread. What it throws, the reader of the batches gets. */
  void start(WorkerContext worker) throws Exception;
}
