package io.fulgur.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that a function of the backward pass makes on its way: it hands some of them on, as
 * gradients, and nobody else gets to see the others, so they are given back when it returns. Being
 * given back is not left to the functions, of which there are many and which would have to name
 * every intermediate result.
 */
final class Temporaries {
  private @Nullable TensorBase[] made = new @Nullable TensorBase[64];
  private int size;
  private boolean open;

  /** Notes a tensor in pooled memory. */
  void add(TensorBase tensor) {
    if (open) {
      if (size == made.length) {
        made = Arrays.copyOf(made, 2 * size);
      }
      made[size++] = tensor;
    }
  }

  /** Starts, or stops, noting and returns whether it was done before. */
  boolean open(boolean note) {
    boolean before = open;
    open = note;
    return before;
  }

  int mark() {
    return size;
  }

  /** Gives back what was noted since a mark and not handed on. */
  void releaseSince(int mark) {
    for (int i = size - 1; i >= mark; i--) {
      TensorBase tensor = made[i];
      if (tensor != null && !tensor.isHandedOn()) {
        tensor.release();
      }
    }
    // What stayed here would keep its graph from the garbage collector.
    Arrays.fill(made, mark, size, null);
    size = mark;
  }
}
