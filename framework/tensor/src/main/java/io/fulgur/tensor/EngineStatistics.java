package io.fulgur.tensor;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters of the work that a steady training loop must not do: allocating native memory and
 * preparing kernels.
 *
 * @since 0.1
 */
public final class EngineStatistics {
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong allocatedBytes = new AtomicLong();
  private final AtomicLong contexts = new AtomicLong();
  private final AtomicLong preparedKernels = new AtomicLong();
  private final AtomicLong closedKernels = new AtomicLong();

  /** Returns how many blocks of native memory have been allocated. */
  public long allocations() {
    return allocations.get();
  }

  /** Returns the bytes of native memory allocated, summed over all allocations. */
  public long allocatedBytes() {
    return allocatedBytes.get();
  }

  /** Returns how many native operator contexts have been built. */
  public long contexts() {
    return contexts.get();
  }

  /** Returns how many kernels have been prepared. */
  public long preparedKernels() {
    return preparedKernels.get();
  }

  /** Returns how many prepared kernels have been closed. */
  public long closedKernels() {
    return closedKernels.get();
  }

  /** Counts an allocation; called by engines. */
  public void countAllocation(long sizeBytes) {
    allocations.incrementAndGet();
    allocatedBytes.addAndGet(sizeBytes);
  }

  /** Counts a native operator context; called by engines. */
  public void countContext() {
    contexts.incrementAndGet();
  }

  void countPrepared() {
    preparedKernels.incrementAndGet();
  }

  void countClosed() {
    closedKernels.incrementAndGet();
  }
}
