package io.fulgur.data;

import io.fulgur.checkpoint.State;
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
    SourceMark end = pool.end();
    if (end != null) {
      position.finish(end);
    }
    close();
    return false;
  }

  @Override
  public HostBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The epoch has no more batches");
    }
    WorkerPool.Served served = closingOnFailure(pool::next);
    position.advance(served.mark());
    return served.batch();
  }

  private <T> T closingOnFailure(Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException | Error e) {
      try {
        close();
      } catch (RuntimeException also) {
        e.addSuppressed(also);
      }
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
  public State state() {
    return position.state();
  }

  @Override
  public State stateBefore() {
    return position.stateBefore();
  }

  @Override
  public State stateOfNextEpoch() {
    return position.atNextEpoch();
  }

  @Override
  public void close() {
    pool.close();
    if (!pool.isHanging()) {
      position.leave(pool.isAhead());
    }
  }
}
