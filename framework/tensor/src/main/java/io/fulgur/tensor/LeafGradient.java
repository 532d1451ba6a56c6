package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The gradient of a leaf: memory that stays from one backward pass to the next, so that kernels can
 * write into it, and the tensor on it while there is a gradient.
 */
final class LeafGradient {
  private @Nullable View memory;
  private int generation;
  private @Nullable Tensor sum;

  /** Returns what has been summed up, or null. */
  @Nullable Tensor sum() {
    return sum;
  }

  /** Forgets the gradient; its memory stays. */
  void clear() {
    sum = null;
  }

  /** Forgets the gradient and has the next one summed up in other memory. */
  void moveTo(View target) {
    memory = target;
    generation = target.storage().generation();
    sum = null;
  }

  /** Returns the memory, if there is any that is still this leaf's. */
  @Nullable View memory() {
    View held = memory;
    return held == null || held.storage().generation() != generation ? null : held;
  }

  /** Tells that a kernel has written a gradient into the memory. */
  void written() {
    View held = memory;
    if (sum == null && held != null) {
      held.storage().retain();
      sum = new Tensor(held, "backward").handOn();
    }
  }

  void add(TensorBase leaf, Tensor contribution) {
    Tensor before = sum;
    if (before != null) {
      View[] operands = Calls.views(before, contribution.contiguous());
      Calls.into(Operators.ADD, Operators.NONE, operands, Calls.views(before));
      return;
    }
    View held = memory();
    if (held == null) {
      held = allocate(leaf);
      moveTo(held);
    }
    Calls.into(Operators.COPY, Operators.NONE, Calls.views(contribution), new View[] {held});
    written();
  }

  /** Takes memory that lives as long as the leaf's own. */
  private static View allocate(TensorBase leaf) {
    Storage storage =
        leaf.storage().home == null
            ? leaf.engine().allocate(leaf.dtype(), leaf.elements())
            : ExecutionContext.current().allocate(leaf.dtype(), leaf.elements());
    storage.retain();
    return storage.contiguousView(leaf.shape());
  }
}
