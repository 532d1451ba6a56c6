package io.fulgur.tensor;

import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One backward pass: collects gradients at the nodes and carries them to the leaves.
 *
 * @since 0.1
 */
public final class Gradients {
  private final @Nullable IdentityHashMap<Tensor, @Nullable Tensor> captured;
  private final boolean retainGraph;

  /** Nodes with a pending gradient: a binary heap, newest node first. */
  private GradNode[] heap = new GradNode[16];

  private int size;

  /** Whether gradients are looked at. */
  private final boolean watched = AnomalyDetection.current() != null;

  /** The node whose backward pass runs. */
  private @Nullable GradNode visited;

  /** The part of the graph that is being visited in a scope of its own; null for the whole. */
  private @Nullable Inside inside;

  /**
   * A part of the graph whose memory is given back when it has been visited.
   *
   * @param newest the newest node that is not of the part
   * @param scope the scope around the part
   * @param outer what the part is inside of
   */
  private record Inside(long newest, @Nullable StepScope scope, @Nullable Inside outer) {}

  Gradients(@Nullable IdentityHashMap<Tensor, @Nullable Tensor> captured, boolean retainGraph) {
    this.captured = captured;
    this.retainGraph = retainGraph;
  }

  void run(Tensor output, Tensor seed) {
    ExecutionContext context = ExecutionContext.current();
    boolean nested = context.inBackward;
    boolean recorded = context.gradEnabled;
    DType autocast = context.autocast;
    context.inBackward = true;
    context.gradEnabled = false;
    context.autocast = null;
    try {
      give(output, seed);
      while (size > 0) {
        visit(pop());
      }
    } finally {
      context.inBackward = nested;
      context.gradEnabled = recorded;
      context.autocast = autocast;
      for (int i = 0; i < size; i++) {
        heap[i].pending = null;
      }
    }
  }

  private void visit(GradNode node) {
    Tensor grad = node.pending;
    if (grad == null) {
      throw new IllegalStateException("A node without gradient was scheduled");
    }
    node.pending = null;
    Tensor hooked = node.runHooks(grad);
    if (hooked != grad) {
      grad.storage().release();
    }
    Temporaries temporaries = ExecutionContext.current().temporaries;
    int mark = temporaries.mark();
    boolean noted = temporaries.open(true);
    try {
      pass(node, hooked);
    } finally {
      temporaries.open(noted);
      temporaries.releaseSince(mark);
    }
  }

  private void pass(GradNode node, Tensor hooked) {
    Tensor watched = node.watched;
    if (node.isLeaf() && watched != null) {
      giveLeaf(watched, hooked);
      return;
    }
    if (watched != null && captured != null && captured.containsKey(watched)) {
      captured.put(watched, hooked);
      hooked.storage().retain();
    }
    GradNode outer = visited;
    visited = node;
    node.apply(hooked, this);
    visited = outer;
    if (!retainGraph) {
      node.dispose();
    }
    hooked.storage().release();
  }

  /**
   * Passes on a gradient that others use, too: the output's own, or a view of it. An input that
   * requires no gradient is passed over.
   */
  public void pass(Tensor input, Tensor grad) {
    if (input.requiresGrad()) {
      if (grad.isHandedOn()) {
        grad.storage().retain();
        give(input, grad);
      } else {
        give(input, grad.detach());
      }
    }
  }

  /**
   * Passes on a gradient made for this input alone; its memory is given back after use. For an
   * input that requires no gradient it is given back at once; where making it costs, ask {@link
   * Tensor#requiresGrad()} first.
   */
  public void give(Tensor input, Tensor grad) {
    grad.handOn();
    if (!input.requiresGrad()) {
      grad.storage().release();
      return;
    }
    GradNode maker = visited;
    if (watched && maker != null) {
      AnomalyDetection.check(grad, maker);
    }
    GradNode node = input.gradNode();
    if (isOutside(input, node)) {
      giveOutside(input, node, grad);
    } else {
      giveHere(input, node, grad);
    }
  }

  private void giveHere(Tensor input, @Nullable GradNode node, Tensor grad) {
    if (node == null) {
      giveLeaf(input, grad);
      return;
    }
    Tensor before = node.pending;
    if (before == null) {
      node.pending = grad;
      push(node);
    } else {
      node.pending = before.add(grad).handOn();
      before.storage().release();
      grad.storage().release();
    }
  }

  /** Returns whether a gradient outlives the part that is being visited. */
  private boolean isOutside(Tensor input, @Nullable GradNode node) {
    Inside part = inside;
    if (part == null) {
      return false;
    }
    if (node == null) {
      // The gradient of a long-lived leaf is added up in long-lived memory, wherever we are.
      return captured != null || input.storage().home != null;
    }
    return node.sequence <= part.newest;
  }

  private void giveOutside(Tensor input, @Nullable GradNode node, Tensor grad) {
    long sequence = node == null ? -1 : node.sequence;
    StepScope target = null;
    for (Inside part = inside; part != null && sequence <= part.newest; part = part.outer) {
      target = part.scope;
    }
    ExecutionContext context = ExecutionContext.current();
    StepScope inner = context.scope;
    if (target == inner) {
      giveHere(input, node, grad);
      return;
    }
    Tensor copy = context.copyInto(target, grad).handOn();
    grad.storage().release();
    context.scope = target;
    try {
      giveHere(input, node, copy);
    } finally {
      context.scope = inner;
    }
  }

  /**
   * Carries gradients back through a part of the graph that is newer than all of the rest, now, and
   * leaves what arrives at its borders to be visited in its turn.
   *
   * @param newest the newest node that is not of the part
   * @param scope the scope around the present one, which is the part's own
   * @param outputs the part's outputs
   * @param grads their gradients, null for none
   */
  void backwardInside(
      long newest, @Nullable StepScope scope, Tensor[] outputs, @Nullable Tensor[] grads) {
    Inside before = inside;
    inside = new Inside(newest, scope, before);
    try {
      for (int i = 0; i < outputs.length; i++) {
        Tensor grad = grads[i];
        if (grad != null) {
          pass(outputs[i], grad);
        }
      }
      while (size > 0 && heap[0].sequence > newest) {
        visit(pop());
      }
    } finally {
      inside = before;
    }
  }

  /** Has a node visited that keeps what arrives in its own way; once, however often it is told. */
  void schedule(GradNode node, Tensor grad) {
    if (node.pending == null) {
      grad.storage().retain();
      node.pending = grad;
      push(node);
    }
  }

  private void giveLeaf(Tensor leaf, Tensor grad) {
    if (captured == null) {
      leaf.accumulateGrad(grad);
      grad.storage().release();
    } else if (captured.containsKey(leaf)) {
      Tensor before = captured.get(leaf);
      if (before == null) {
        captured.put(leaf, grad);
      } else {
        captured.put(leaf, before.add(grad).handOn());
        before.storage().release();
        grad.storage().release();
      }
    } else {
      grad.storage().release();
    }
  }

  /**
   * Returns the memory of a leaf's gradient for a kernel to write into directly, or null where the
   * gradient has to go through {@link #give}. A kernel that has written there says so by {@link
   * Tensor#gradWritten()}, and adds where there {@linkplain Tensor#hasGrad() is} a gradient
   * already. Under {@link Autocast} the memory may be of a wider type than the input: that of the
   * parameter.
   */
  public @Nullable View directTarget(Tensor input) {
    TensorBase leaf = captured == null && !watched ? input.leaf() : null;
    return leaf == null ? null : leaf.gradMemory();
  }

  private void push(GradNode node) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int i = size++;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (heap[parent].sequence > node.sequence) {
        break;
      }
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = node;
  }

  private GradNode pop() {
    GradNode top = heap[0];
    GradNode last = heap[--size];
    int i = 0;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].sequence > heap[child].sequence) {
        child++;
      }
      if (last.sequence > heap[child].sequence) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
