package io.fulgur.data;

import io.fulgur.checkpoint.State;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes each batch when it is asked for, on the thread that asks. */
final class InlineIterator implements BatchIterator {
  private final EpochPlan plan;
  private final LoaderPosition position;
  private final LongSupplier clock;
  private final @Nullable LoadObserver observer;
  private @Nullable Supplier<HostBatch> task;
  private long taken;
  private long served;
  private long nanos;
  private boolean closed;

  InlineIterator(
      EpochPlan plan,
      LoaderPosition position,
      LongSupplier clock,
      @Nullable LoadObserver observer) {
    this.plan = plan;
    this.position = position;
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public boolean hasNext() {
    if (task == null && !closed) {
      long began = clock.getAsLong();
      task = plan.next();
      nanos += clock.getAsLong() - began;
      taken++;
      if (task == null) {
        position.finish(plan.mark());
        close();
      }
    }
    return task != null;
  }

  @Override
  public HostBatch next() {
    if (!hasNext() || task == null) {
      throw new NoSuchElementException("The epoch has no more batches");
    }
    Supplier<HostBatch> current = task;
    task = null;
    long began = clock.getAsLong();
    try {
      HostBatch batch = current.get();
      if (observer != null) {
        observer.loaded(began, clock.getAsLong());
      }
      // Not before, as making the batch may have changed the state of the data set.
      position.advance(plan.mark());
      served++;
      return batch;
    } catch (RuntimeException | Error e) {
      try {
        close();
      } catch (RuntimeException also) {
        e.addSuppressed(also);
      }
      throw e;
    } finally {
      nanos += clock.getAsLong() - began;
    }
  }

  @Override
  public LoadTimes times() {
    return new LoadTimes(served, nanos, nanos);
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
    if (!closed) {
      closed = true;
      task = null;
      try {
        plan.close();
      } finally {
        position.leave(taken > served);
      }
    }
  }
}
