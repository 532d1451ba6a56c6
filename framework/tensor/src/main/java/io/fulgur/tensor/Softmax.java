package io.fulgur.tensor;

/** Softmax and its logarithm, with their gradients. */
final class Softmax {
  private Softmax() {}

  static Tensor softmax(Tensor a, int dim) {
    return along(dim, a, Operators.SOFTMAX, Operators.SOFTMAX_BACKWARD);
  }

  static Tensor logSoftmax(Tensor a, int dim) {
    return along(dim, a, Operators.LOG_SOFTMAX, Operators.LOG_SOFTMAX_BACKWARD);
  }

  private static Tensor along(int dim, Tensor a, Operator operator, Operator backward) {
    int axis = a.shape().axis(dim);
    Tensor x = Autocast.input(operator, a).contiguous();
    Tensor y = Calls.call(operator, axis, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            operator.name(),
            (grad, g) -> g.give(x, Calls.call(backward, axis, grad.contiguous(), y)),
            y)
        : y;
  }

  static Tensor composedBackward(OpCall call, Tensor... in) {
    Tensor y = in[1];
    Tensor weighted = in[0].mul(y);
    return weighted.sub(y.mul(weighted.sum(/* keepDim= */ true, call.attributes(Integer.class))));
  }

  static Tensor composedLogBackward(OpCall call, Tensor... in) {
    Tensor grad = in[0];
    Tensor sum = grad.sum(/* keepDim= */ true, call.attributes(Integer.class));
    return grad.sub(in[1].exp().mul(sum));
  }
}
