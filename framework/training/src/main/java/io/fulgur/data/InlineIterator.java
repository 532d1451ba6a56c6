package io.fulgur.data;

import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes each batch when it is asked for, on the thread that asks. */
final class InlineIterator implements BatchIterator {
  private final EpochPlan plan;
  private final LoaderPosition position;
  private @Nullable Supplier<HostBatch> task;
  private boolean closed;

  InlineIterator(EpochPlan plan, LoaderPosition position) {
    this.plan = plan;
    this.position = position;
  }

  @Override
  public boolean hasNext() {
    if (task == null && !closed) {
      task = plan.next();
      if (task == null) {
        position.finish();
        closed = true;
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
    try {
      HostBatch batch = current.get();
      made = true;
      position.advance();
      return batch;
    } finally {
      closed = closed || !made;
    }
  }

  @Override
  public void close() {
    closed = true;
    task = null;
  }
}
