package io.fulgur.data;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** Serves batches that worker threads make ahead. */
final class WorkerIterator implements BatchIterator {
  private static final Cleaner CLEANER = Cleaner.create();

  private final WorkerPool pool;
  private final LoaderPosition position;

  WorkerIterator(WorkerPool pool, LoaderPosition position) {
    this.pool = pool;
    this.position = position;
    // The workers refer to the pool only, so an iterator left by `break` becomes unreachable.
    CLEANER.register(this, pool::stop);
  }

  @Override
  public boolean hasNext() {
    if (closingOnFailure(pool::hasNext)) {
      return true;
    }
    if (pool.isFinished()) {
      position.finish();
    }
    close();
    return false;
  }

  @Override
  public HostBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The epoch has no more batches");
    }
    HostBatch batch = closingOnFailure(pool::next);
    position.advance();
    return batch;
  }

  private <T> T closingOnFailure(Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    } finally {
      // Not to be taken for abandoned while its last call still waits.
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public LoadTimes times() {
    return pool.times();
  }

  @Override
  public void close() {
    pool.close();
  }
}
