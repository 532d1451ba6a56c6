package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Tensor} is apart from its operators: memory looked at in a shape, for as long as it
 * is held, and a place in the graph of recorded operators.
 */
abstract sealed class TensorBase permits Tensor {
  private View view;
  private int generation;
  private final String origin;
  private boolean released;
  private boolean handedOn;

  private boolean requiresGrad;
  private @Nullable GradNode gradNode;
  private @Nullable LeafGradient leafGradient;

  /** The leaf that this is a copy of in another type; where its gradient goes. */
  private @Nullable TensorBase castOf;

  TensorBase(View view, String origin) {
    this.view = view;
    this.generation = view.storage().generation();
    this.origin = origin;
    if (view.storage().home != null) {
      ExecutionContext.current().temporaries.add(this);
    }
  }

  // ---------------------------------------------------------------- what it is

  /** Returns the shape. */
  public final Shape shape() {
    return view.shape();
  }

  /** Returns the size of a dimension, which may be counted from the end. */
  public final long size(int dim) {
    return view.shape().size(dim);
  }

  /** Returns the number of dimensions. */
  public final int rank() {
    return view.shape().rank();
  }

  /** Returns the number of elements. */
  public final long elements() {
    return view.shape().elements();
  }

  /** Returns the element type. */
  public final DType dtype() {
    return view.dtype();
  }

  /** Returns the engine in whose memory this tensor is. */
  public final Engine engine() {
    return view.storage().engine();
  }

  /** Returns whether the elements lie row-major without gaps. */
  public final boolean isContiguous() {
    return view.isContiguous();
  }

  /** Returns the order of the elements in memory, see {@link View#memoryFormat()}. */
  public final MemoryFormat memoryFormat() {
    return view.memoryFormat();
  }

  /** Returns e.g. {@code Tensor F32[8, 32] of matmul}. */
  @Override
  public final String toString() {
    return "Tensor " + dtype() + shape() + " of " + origin;
  }

  // ---------------------------------------------------------------- life

  /**
   * Returns the memory that this tensor looks at.
   *
   * @throws IllegalStateException if the tensor is dead: its step scope has closed, or it was
   *     {@linkplain #release() released}
   */
  public final View view() {
    if (generation != view.storage().generation()
        || (released && !ExecutionContext.current().inBackward)) {
      throw dead();
    }
    return view;
  }

  /** Returns e.g. {@code matmul}: what made this tensor. */
  final String origin() {
    return origin;
  }

  private IllegalStateException dead() {
    return new IllegalStateException(
        "["
            + ErrorId.TENSOR_RELEASED.label()
            + "] The result of "
            + origin
            + " "
            + dtype()
            + shape()
            + (released
                ? " was used after release() or after a container had passed it on."
                : " was used after its step scope had closed.")
            + " Call keep() while it is alive to have a copy that stays, or item()/toFloatArray()"
            + " to have its values.\n   "
            + UserCode.location());
  }

  /** Returns whether this tensor may still be used. */
  public final boolean isAlive() {
    return generation == view.storage().generation() && !released;
  }

  /** Returns a copy that outlives the step scope and is not part of the graph. */
  public final Tensor keep() {
    View source = contiguousView();
    Storage storage = engine().allocate(dtype(), elements());
    storage.retain();
    View target = storage.contiguousView(shape());
    HostCopy.copy(source, target);
    return new Tensor(target, origin);
  }

  /**
   * Gives this handle up: the memory goes back to the pool as soon as autograd needs it no longer.
   * For code that passes intermediate results on, such as containers of layers; the caller must be
   * the only one who has the handle.
   */
  public final void release() {
    if (!released && generation == view.storage().generation()) {
      released = true;
      view.storage().release();
    }
  }

  /** Leaves this handle's hold of the memory to whoever was given the handle. */
  final Tensor handOn() {
    handedOn = true;
    return self();
  }

  final boolean isHandedOn() {
    return handedOn;
  }

  final Storage storage() {
    return view.storage();
  }

  /** Moves this leaf to other memory; its gradient is forgotten. */
  final void rebind(View target) {
    view = target;
    generation = target.storage().generation();
    leafGradient = null;
  }

  /** Moves this leaf and its gradient to other memory; the gradient is forgotten. */
  final void rebind(View target, View gradTarget) {
    rebind(target);
    leafGradient().moveTo(gradTarget);
  }

  private Tensor self() {
    return (Tensor) this;
  }

  // ---------------------------------------------------------------- values

  /**
   * Returns the single element.
   *
   * @throws FulgurException if there is not exactly one
   */
  public final double item() {
    if (elements() != 1) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          "item() needs a tensor of one element, but this one has shape "
              + shape()
              + ". Reduce it first, e.g. with mean(), or use toFloatArray().\n   "
              + UserCode.location());
    }
    return HostCopy.element(view(), 0);
  }

  /** Returns the elements in row-major order, converted to float. */
  public final float[] toFloatArray() {
    return HostCopy.toFloats(contiguousView());
  }

  /** Returns the elements in row-major order, converted to double. */
  public final double[] toDoubleArray() {
    return HostCopy.toDoubles(contiguousView());
  }

  /** Returns the elements in row-major order, converted to long. */
  public final long[] toLongArray() {
    return HostCopy.toLongs(contiguousView());
  }

  /** Overwrites this tensor's elements; not recorded by autograd. */
  public final void assign(Tensor source) {
    if (!source.shape().equals(shape())) {
      throw ShapeException.mismatch("assign", "the shapes must be equal", shape(), source.shape());
    }
    if (source.dtype() != dtype()) {
      throw DTypeException.mixed("assign", dtype(), source.dtype());
    }
    Calls.into(Operators.COPY, Operators.NONE, Calls.views(source), Calls.views(self()));
  }

  /** Sets every element; not recorded by autograd. */
  public final void fill(double value) {
    Calls.into(Operators.FILL, Operators.NONE, Calls.NO_VIEWS, Calls.views(self()), value);
  }

  final View contiguousView() {
    return view().isContiguous() ? view : Shaping.contiguous(detach()).view();
  }

  // ---------------------------------------------------------------- autograd

  /** Returns whether gradients flow to or through this tensor. */
  public final boolean requiresGrad() {
    return requiresGrad;
  }

  /**
   * Makes this tensor a leaf whose gradient {@link #backward()} computes.
   *
   * @throws FulgurException if it is not of a floating-point type or is the result of a
   *     differentiable operator
   */
  public final Tensor requiresGrad(boolean requires) {
    if (!isLeaf()) {
      throw Autograd.notDifferentiable(
          "requiresGrad can only be set on leaves; use detach() to cut a result of "
              + origin
              + " off its graph");
    }
    if (requires && !dtype().isFloating()) {
      throw Autograd.notDifferentiable(
          "Only floating-point tensors have gradients, not " + dtype());
    }
    requiresGrad = requires;
    return self();
  }

  /** Returns whether this tensor is not the result of a recorded operator. */
  public final boolean isLeaf() {
    return gradNode == null || gradNode.isLeaf();
  }

  /**
   * Returns the gradient that {@link #backward()} has summed up in this leaf, or null if there is
   * none.
   */
  public final @Nullable Tensor grad() {
    return leafGradient == null ? null : leafGradient.sum();
  }

  /** Forgets the gradient; the next backward pass starts afresh. */
  public final void zeroGrad() {
    if (leafGradient != null) {
      leafGradient.clear();
    }
  }

  /** Returns the same values without their history. */
  public final Tensor detach() {
    view().storage().retain();
    return new Tensor(view, origin);
  }

  /**
   * Computes the gradient of this scalar with respect to every leaf it depends on and adds it to
   * the leaf's {@link #grad()}.
   *
   * @throws FulgurException if this is not a single element or does not require gradients
   */
  public final void backward() {
    backward(/* retainGraph= */ false);
  }

  /**
   * As {@link #backward()}; {@code retainGraph} keeps what was saved, so that backward can be
   * called again.
   */
  public final void backward(boolean retainGraph) {
    Autograd.backward(self(), retainGraph);
  }

  /** Computes the gradient of {@code sum(this * gradient)}; for tensors that are not scalars. */
  public final void backward(Tensor gradient) {
    Autograd.backward(self(), gradient);
  }

  /**
   * Calls a function with this tensor's gradient during the backward pass; its result replaces the
   * gradient. The argument lives only during the call.
   */
  public final void registerHook(UnaryOperator<Tensor> hook) {
    if (!requiresGrad) {
      throw Autograd.notDifferentiable("A gradient hook needs a tensor that requires gradients");
    }
    if (gradNode == null) {
      gradNode = GradNode.forLeaf(self());
    }
    gradNode.hook(hook);
  }

  final @Nullable GradNode gradNode() {
    return gradNode;
  }

  /** Tells of which leaf this is a copy in another type. */
  final void castOf(TensorBase leaf) {
    castOf = leaf;
  }

  /** Returns this leaf, or the leaf that this is a copy of; else null. */
  final @Nullable TensorBase leaf() {
    TensorBase original = castOf;
    return original != null ? original.leaf() : gradNode == null ? this : null;
  }

  /** Makes this tensor the result of a recorded operator. */
  final void attach(GradNode node) {
    gradNode = node;
    requiresGrad = true;
  }

  private LeafGradient leafGradient() {
    LeafGradient own = leafGradient;
    if (own == null) {
      own = new LeafGradient();
      leafGradient = own;
    }
    return own;
  }

  /** Returns the memory for a leaf's gradient, if there is any yet. */
  final @Nullable View gradMemory() {
    return leafGradient == null ? null : leafGradient.memory();
  }

  /** Returns whether this leaf has a gradient to add to. */
  public final boolean hasGrad() {
    return castOf == null ? grad() != null : castOf.hasGrad();
  }

  /**
   * Tells that a kernel has written the gradient into the memory that {@link
   * Gradients#directTarget} told.
   */
  public final void gradWritten() {
    if (castOf != null) {
      castOf.gradWritten();
    } else if (leafGradient != null) {
      leafGradient.written();
    }
  }

  final void accumulateGrad(Tensor contribution) {
    leafGradient().add(this, contribution);
  }
}
