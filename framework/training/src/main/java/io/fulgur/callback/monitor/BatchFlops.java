package io.fulgur.callback.monitor;

import io.fulgur.nn.FlopCounter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the floating-point operations of the first batch of each size, and remembers them. */
final class BatchFlops {
  private final Map<Size, Long> known = new HashMap<>();
  private @Nullable FlopCounter counter;

  /** What decides on the operations of a batch. */
  private record Size(long samples, long items) {}

  /** Starts to count, if a batch of this size is new. */
  void begin(long samples, long items) {
    abandon();
    if (!known.containsKey(new Size(samples, items))) {
      counter = FlopCounter.start();
    }
  }

  /** Returns the operations of the batch that has ended; 0 if they are not known. */
  long end(long samples, long items) {
    FlopCounter counting = counter;
    if (counting != null) {
      abandon();
      known.put(new Size(samples, items), counting.flops());
    }
    return known.getOrDefault(new Size(samples, items), 0L);
  }

  /** Stops to count a batch that will not end. */
  void abandon() {
    FlopCounter counting = counter;
    if (counting != null) {
      counter = null;
      counting.close();
    }
  }
}
