package io.fulgur.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prepared kernels of one thread, found again without looking them up.
 *
 * <p>How: the n-th call of a step is very often the n-th call of an earlier step, on the very same
 * memory, because {@link MemoryPool} hands memory out deterministically. Each prepared call
 * therefore remembers the calls that followed it the last two times they differed, as where two
 * compositions share a call or a branch goes both ways, and a step walks this chain, checking that
 * each prediction holds (operator, attributes, inputs, outputs). Where it does not, because the
 * user's code took another branch, the call is looked up in a table by the same key, and prepared
 * only if it was never seen; the chain is bent to the new successor. So the user's code runs at
 * every step, nothing is replayed blindly, and a branch taken twice is prepared once.
 *
 * <p>Bounds: the table drops the least recently run quarter of its calls when full; the chains'
 * starting points, one for each kind of step, are dropped least recently used.
 */
final class CallCache {
  static final int MAX_CALLS = 1 << 14;
  static final int MAX_ENTRIES = 64;

  private final Map<OpCall, PreparedCall> table = new HashMap<>();
  private final EntryMap entries = new EntryMap();
  private long step;
  private long hits;
  private long lookups;

  /** A kernel, the call it is bound to, and what came next. */
  static final class PreparedCall {
    final @Nullable OpCall call;
    final @Nullable Kernel kernel;

    /** Where the outputs' memory comes from; null for calls into given memory. */
    final MemoryPool.SizeClass @Nullable [] homes;

    final View[] outputs;

    /** What came next last time, and what came next before that, if it was another call. */
    private @Nullable PreparedCall next;

    private @Nullable PreparedCall alternative;
    long lastStep;
    boolean closed;

    /** Whether a {@link ReproducibilityCheck} has looked at the kernel. */
    boolean compared;

    PreparedCall(
        @Nullable OpCall call,
        @Nullable Kernel kernel,
        MemoryPool.SizeClass @Nullable [] homes,
        View[] outputs) {
      this.call = call;
      this.kernel = kernel;
      this.homes = homes;
      this.outputs = outputs;
    }

    private boolean isFor(Operator operator, Object attributes, View[] inputs) {
      return !closed && call != null && call.matches(operator, attributes, inputs);
    }

    private void bendTo(PreparedCall successor) {
      alternative = next;
      next = successor;
    }
  }

  private static final class EntryMap extends LinkedHashMap<Object, PreparedCall> {
    private static final long serialVersionUID = 1L;

    EntryMap() {
      super(16, 0.75f, /* accessOrder= */ true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Object, PreparedCall> eldest) {
      return size() > MAX_ENTRIES;
    }
  }

  /** Returns the point before the first call of a kind of step. */
  PreparedCall enter(Object key) {
    step++;
    return entries.computeIfAbsent(key, k -> beginning());
  }

  /** Makes a point before the first call of a chain. */
  static PreparedCall beginning() {
    return new PreparedCall(null, null, null, Calls.NO_VIEWS);
  }

  /** Returns the predicted call if it is this one, leaving its outputs to be checked. */
  @Nullable PreparedCall predict(
      PreparedCall previous, Operator operator, Object attributes, View[] inputs) {
    PreparedCall next = previous.next;
    if (next != null && next.isFor(operator, attributes, inputs)) {
      return next;
    }
    PreparedCall alternative = previous.alternative;
    return alternative != null && alternative.isFor(operator, attributes, inputs)
        ? alternative
        : null;
  }

  void hit(PreparedCall call) {
    call.lastStep = step;
    hits++;
  }

  @Nullable PreparedCall lookUp(PreparedCall previous, OpCall key) {
    lookups++;
    PreparedCall found = table.get(key);
    if (found != null) {
      found.lastStep = step;
      previous.bendTo(found);
    }
    return found;
  }

  void add(PreparedCall previous, PreparedCall made) {
    if (table.size() >= MAX_CALLS) {
      evict();
    }
    made.lastStep = step;
    OpCall key = made.call;
    if (key != null) {
      table.put(key, made);
    }
    previous.bendTo(made);
  }

  private void evict() {
    List<PreparedCall> all = new ArrayList<>(table.values());
    all.sort(Comparator.comparingLong(call -> call.lastStep));
    for (PreparedCall old : all.subList(0, all.size() / 4)) {
      close(old);
      table.values().remove(old);
    }
  }

  /** Closes all kernels. */
  void clear() {
    table.values().forEach(CallCache::close);
    table.clear();
    entries.clear();
  }

  private static void close(PreparedCall prepared) {
    prepared.closed = true;
    prepared.next = null;
    prepared.alternative = null;
    if (prepared.kernel != null && prepared.call != null) {
      prepared.kernel.close();
      prepared.call.output(0).storage().engine().statistics().countClosed();
    }
  }

  int size() {
    return table.size();
  }

  long hits() {
    return hits;
  }

  long lookups() {
    return lookups;
  }
}
