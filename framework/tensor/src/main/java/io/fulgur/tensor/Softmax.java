package io.fulgur.tensor;

/** Softmax and its logarithm, with their gradients. */
final class Softmax {
  private Softmax() {}

  static Tensor softmax(Tensor a, int dim) {
    int axis = a.shape().axis(dim);
    Tensor x = Autocast.input(Operators.SOFTMAX, a).contiguous();
    Tensor y = Calls.call(Operators.SOFTMAX, axis, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "softmax",
            (grad, g) ->
                g.give(x, Calls.call(Operators.SOFTMAX_BACKWARD, axis, grad.contiguous(), y)),
            y)
        : y;
  }

  static Tensor composedBackward(OpCall call, Tensor... in) {
    Tensor y = in[1];
    Tensor weighted = in[0].mul(y);
    return weighted.sub(y.mul(weighted.sum(/* keepDim= */ true, call.attributes(Integer.class))));
  }

  static Tensor logSoftmax(Tensor a, int dim) {
    int axis = a.shape().axis(dim);
    Tensor x = Autocast.input(Operators.LOG_SOFTMAX, a).contiguous();
    Tensor y = Calls.call(Operators.LOG_SOFTMAX, axis, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "logSoftmax",
            (grad, g) ->
                g.give(x, Calls.call(Operators.LOG_SOFTMAX_BACKWARD, axis, grad.contiguous(), y)),
            y)
        : y;
  }

  static Tensor composedLogBackward(OpCall call, Tensor... in) {
    Tensor grad = in[0];
    Tensor sum = grad.sum(/* keepDim= */ true, call.attributes(Integer.class));
    return grad.sub(in[1].exp().mul(sum));
  }
}
