package io.fulgur.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The record of an operator call of several outputs.
 *
 * <p>Each output has a node of its own, newer than the one of the whole call. A backward pass
 * visits newer nodes first, so all gradients that will ever arrive at the outputs have been put
 * down here when the whole is visited.
 */
final class JointNode {
  private final JointBackwardFunction function;
  private final @Nullable Tensor[] arrived;
  private final GradNode whole;

  private JointNode(
      ExecutionContext context,
      Tensor[] outputs,
      String operator,
      JointBackwardFunction function,
      Tensor[] saved) {
    this.function = function;
    this.arrived = new @Nullable Tensor[outputs.length];
    this.whole = new GradNode(operator, context.nextSequence(), (grad, g) -> backward(g), saved);
    if (context.anomalies != null) {
      whole.recordedAt = UserCode.location();
    }
    for (int i = 0; i < outputs.length; i++) {
      int index = i;
      GradNode output =
          new GradNode(
              operator, context.nextSequence(), (grad, g) -> putDown(index, grad, g), null);
      outputs[i].attach(output);
    }
  }

  static void record(
      Tensor[] outputs, String operator, JointBackwardFunction function, Tensor[] saved) {
    new JointNode(ExecutionContext.current(), outputs, operator, function, saved);
  }

  private void putDown(int index, Tensor grad, Gradients gradients) {
    grad.storage().retain();
    arrived[index] = grad;
    gradients.schedule(whole, grad);
  }

  private void backward(Gradients gradients) {
    @Nullable Tensor[] grads = arrived.clone();
    Arrays.fill(arrived, null);
    function.apply(grads, gradients);
    for (Tensor grad : grads) {
      if (grad != null) {
        grad.storage().release();
      }
    }
  }
}
