package io.fulgur.data;

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
      if (task == null) {
        position.finish();
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
    boolean made = false;
    long began = clock.getAsLong();
    try {
      HostBatch batch = current.get();
      if (observer != null) {
        observer.loaded(began, clock.getAsLong());
      }
      made = true;
      position.advance();
      served++;
      return batch;
    } finally {
      nanos += clock.getAsLong() - began;
      if (!made) {
        close();
      }
    }
  }

  @Override
  public LoadTimes times() {
    return new LoadTimes(served, nanos, nanos);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      task = null;
      plan.close();
    }
  }
}
