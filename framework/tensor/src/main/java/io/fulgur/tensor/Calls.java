package io.fulgur.tensor;

/**
 * Calls operators on tensors and records how their gradients flow back; for those who write
 * operators. A differentiable operator is written so:
 *
 * <pre>{@code
 * static Tensor softplus(Tensor input) {
 *   Tensor x = input.contiguous();
 *   Tensor y = Calls.elementwise(SOFTPLUS, Operators.NONE, x);
 *   return Calls.tracks(x)
 *       ? Calls.record(y, "softplus", (grad, g) ->
 *             g.give(x, Calls.elementwise(SOFTPLUS_BACKWARD, Operators.NONE, grad, x)), x)
 *       : y;
 * }
 * }</pre>
 *
 * <p>Memory: the result of a call has one holder, the tensor that is returned. What is not returned
 * (a mask, statistics) is {@linkplain Tensor#release() released} after it was recorded: {@link
 * #record} holds what it saves until the backward pass has used it.
 *
 * @since 0.1
 */
public final class Calls {
  static final View[] NO_VIEWS = {};

  private Calls() {}

  /** Runs an operator of one row-major input and one output. */
  public static Tensor call(Operator operator, Object attributes, Tensor x) {
    return call(operator, attributes, ExecutionContext.NO_SCALARS, x);
  }

  /** As {@link #call(Operator, Object, Tensor)}, with scalars. */
  public static Tensor call(Operator operator, Object attributes, double[] scalars, Tensor x) {
    View[] outputs = ExecutionContext.current().call(operator, attributes, scalars, x.view());
    return new Tensor(outputs[0], operator.name());
  }

  /** Runs an operator of two row-major inputs and one output. */
  public static Tensor call(Operator operator, Object attributes, Tensor x, Tensor y) {
    return call(operator, attributes, ExecutionContext.NO_SCALARS, x, y);
  }

  /** As {@link #call(Operator, Object, Tensor, Tensor)}, with scalars. */
  public static Tensor call(
      Operator operator, Object attributes, double[] scalars, Tensor x, Tensor y) {
    View[] outputs =
        ExecutionContext.current().call(operator, attributes, scalars, x.view(), y.view());
    return new Tensor(outputs[0], operator.name());
  }

  /** Runs an operator of three row-major inputs and one output. */
  public static Tensor call(Operator operator, Object attributes, Tensor x, Tensor y, Tensor z) {
    View[] outputs =
        ExecutionContext.current()
            .call(operator, attributes, ExecutionContext.NO_SCALARS, x.view(), y.view(), z.view());
    return new Tensor(outputs[0], operator.name());
  }

  /** Runs an operator of any number of inputs and outputs. */
  public static Tensor[] callAll(
      Operator operator, Object attributes, double[] scalars, Tensor... inputs) {
    View[] outputs = ExecutionContext.current().call(operator, attributes, scalars, views(inputs));
    Tensor[] tensors = new Tensor[outputs.length];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = new Tensor(outputs[i], operator.name());
    }
    return tensors;
  }

  /** Runs an operator that treats each element alone, on a tensor of any strides. */
  public static Tensor elementwise(Operator operator, Object attributes, Tensor x) {
    return elementwise(operator, attributes, ExecutionContext.NO_SCALARS, x);
  }

  /**
   * Runs an operator that treats each element alone, on a tensor of any strides. A {@linkplain
   * MemoryFormat#CHANNELS_LAST channels-last} tensor gives a channels-last one: the kernel sees it
   * as a row-major one of another shape.
   */
  public static Tensor elementwise(
      Operator operator, Object attributes, double[] scalars, Tensor x) {
    return ElementwiseCalls.call(operator, attributes, scalars, x);
  }

  /** Runs an operator that treats each pair of elements alone, on tensors of any strides. */
  public static Tensor elementwise(Operator operator, Object attributes, Tensor x, Tensor y) {
    return elementwise(operator, attributes, ExecutionContext.NO_SCALARS, x, y);
  }

  /**
   * Runs an operator that treats each pair of elements alone, on tensors of any strides, of which
   * one may be broadcast. The result is channels-last where the larger operand is.
   */
  public static Tensor elementwise(
      Operator operator, Object attributes, double[] scalars, Tensor x, Tensor y) {
    return ElementwiseCalls.call(operator, attributes, scalars, x, y);
  }

  /** Runs an operator into given memory. */
  public static void into(
      Operator operator, Object attributes, View[] inputs, View[] outputs, double... scalars) {
    ExecutionContext.current().callInto(operator, attributes, scalars, inputs, outputs);
  }

  /** Returns the memory of tensors. */
  public static View[] views(Tensor... tensors) {
    View[] views = new View[tensors.length];
    for (int i = 0; i < views.length; i++) {
      views[i] = tensors[i].view();
    }
    return views;
  }

  /** Returns whether a call of these inputs is to be recorded. */
  public static boolean tracks(Tensor x) {
    return x.requiresGrad() && ExecutionContext.current().gradEnabled;
  }

  /** Returns whether a call of these inputs is to be recorded. */
  public static boolean tracks(Tensor x, Tensor y) {
    return (x.requiresGrad() || y.requiresGrad()) && ExecutionContext.current().gradEnabled;
  }

  /** Returns whether a call of these inputs is to be recorded. */
  public static boolean tracks(Tensor... inputs) {
    for (Tensor input : inputs) {
      if (input.requiresGrad()) {
        return ExecutionContext.current().gradEnabled;
      }
    }
    return false;
  }

  /**
   * Records a call.
   *
   * @param operator the name in error messages
   * @param function turns the output's gradient into those of the inputs
   * @param saved tensors whose values the function reads; kept alive until it has run
   * @return the output
   */
  public static Tensor record(
      Tensor output, String operator, BackwardFunction function, Tensor... saved) {
    ExecutionContext context = ExecutionContext.current();
    GradNode node = new GradNode(operator, context.nextSequence(), function, saved);
    if (context.anomalies != null) {
      node.recordedAt = UserCode.location();
    }
    output.attach(node);
    return output;
  }

  /**
   * Records a call of several outputs.
   *
   * @param operator the name in error messages
   * @param function turns the outputs' gradients into those of the inputs; runs once a backward
   *     pass, when all of them are known
   * @param saved tensors whose values the function reads; kept alive until it has run
   * @return the outputs
   */
  public static Tensor[] recordAll(
      Tensor[] outputs, String operator, JointBackwardFunction function, Tensor... saved) {
    JointNode.record(outputs, operator, function, saved);
    return outputs;
  }

  /** Sums a gradient over the dimensions along which an operand of this shape was repeated. */
  public static Tensor sumTo(Tensor grad, Shape shape) {
    Shape from = grad.shape();
    if (from.equals(shape)) {
      return grad;
    }
    int extra = from.rank() - shape.rank();
    long mask = 0;
    for (int i = 0; i < from.rank(); i++) {
      if (i < extra || (shape.size(i - extra) == 1 && from.size(i) != 1)) {
        mask |= 1L << i;
      }
    }
    Tensor sum = Reductions.sum(grad, mask, /* keepDim= */ true);
    return sum.shape().equals(shape) ? sum : Shaping.view(sum, shape);
  }

  /** Passes a gradient to an operand that may have been broadcast. */
  public static void passBroadcast(Gradients gradients, Tensor input, Tensor grad) {
    if (!input.requiresGrad()) {
      return;
    }
    if (input.shape().equals(grad.shape())) {
      gradients.pass(input, grad);
    } else {
      gradients.give(input, sumTo(grad, input.shape()));
    }
  }

  /** As {@link #passBroadcast} for a gradient made for this input alone. */
  public static void giveBroadcast(Gradients gradients, Tensor input, Tensor grad) {
    Tensor sum = sumTo(grad, input.shape());
    gradients.give(input, sum);
    if (sum != grad) {
      grad.release();
    }
  }
}
