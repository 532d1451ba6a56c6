package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The record of one differentiable operator call. */
final class GradNode {
  private static final Tensor[] NOTHING = {};
  private static final long LEAF = -1;

  final String operator;
  final long sequence;
  private final Tensor[] saved;
  private final int savedVersion;
  private @Nullable BackwardFunction function;
  private @Nullable List<UnaryOperator<Tensor>> hooks;

  /** The line of user code that made the call, where {@link AnomalyDetection} wants it. */
  @Nullable String recordedAt;

  /** What has arrived from the consumers so far. */
  @Nullable Tensor pending;

  /** The tensor that this node made, where somebody asked for its gradient. */
  @Nullable Tensor watched;

  GradNode(
      String operator,
      long sequence,
      @Nullable BackwardFunction function,
      Tensor @Nullable [] saved) {
    this.operator = operator;
    this.sequence = sequence;
    this.function = function;
    this.saved = saved == null ? NOTHING : saved;
    for (Tensor tensor : this.saved) {
      tensor.storage().retain();
    }
    this.savedVersion = version();
  }

  /** Makes the node at which a leaf's gradient is complete, for hooks; visited last. */
  static GradNode forLeaf(Tensor leaf) {
    GradNode node = new GradNode("leaf", LEAF, null, null);
    node.watched = leaf;
    return node;
  }

  boolean isLeaf() {
    return sequence == LEAF;
  }

  private int version() {
    int sum = 0;
    for (Tensor tensor : saved) {
      sum += tensor.storage().version();
    }
    return sum;
  }

  void hook(UnaryOperator<Tensor> hook) {
    if (hooks == null) {
      hooks = new ArrayList<>(1);
    }
    hooks.add(hook);
  }

  Tensor runHooks(Tensor grad) {
    Tensor result = grad;
    if (hooks != null) {
      for (UnaryOperator<Tensor> hook : hooks) {
        result = hook.apply(result);
      }
    }
    return result;
  }

  void apply(Tensor grad, Gradients gradients) {
    BackwardFunction f = function;
    if (f == null) {
      throw new FulgurException(
          ErrorId.GRAPH_ALREADY_USED,
          "backward went through the result of "
              + operator
              + " a second time, but what it saved was given back the first time. Compute the loss"
              + " again, or call backward(/* retainGraph= */ true) the first time.\n   "
              + UserCode.location());
    }
    if (savedVersion != version()) {
      throw new FulgurException(
          ErrorId.MODIFIED_IN_PLACE,
          "A tensor that the backward pass of "
              + operator
              + " needs was written to after the forward pass, e.g. by an optimizer step. Call"
              + " backward before the step, or compute the forward pass again.\n   "
              + UserCode.location());
    }
    f.apply(grad, gradients);
  }

  /** Gives back what was saved; the node cannot be used again. */
  void dispose() {
    if (function != null) {
      function = null;
      for (Tensor tensor : saved) {
        tensor.storage().release();
      }
    }
  }
}
