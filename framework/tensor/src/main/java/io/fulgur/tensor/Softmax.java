package io.fulgur.tensor;

/** Softmax and its logarithm, with their gradients. */
final class Softmax {
  private Softmax() {}

  static Tensor softmax(Tensor a, int dim) {
    int axis = a.shape().axis(dim);
    Tensor x = a.contiguous();
    Tensor y = Calls.call(Operators.SOFTMAX, axis, x);
    return Calls.tracks(x)
        ? Calls.record(y, "softmax", (grad, g) -> g.give(x, softmaxBackward(grad, y, axis)), y)
        : y;
  }

  private static Tensor softmaxBackward(Tensor grad, Tensor y, int axis) {
    if (Calls.fuses(Operators.SOFTMAX_BACKWARD, y)) {
      return Calls.call(Operators.SOFTMAX_BACKWARD, axis, grad.contiguous(), y);
    }
    Tensor weighted = grad.mul(y);
    return weighted.sub(y.mul(weighted.sum(/* keepDim= */ true, axis)));
  }

  static Tensor logSoftmax(Tensor a, int dim) {
    int axis = a.shape().axis(dim);
    Tensor x = a.contiguous();
    Tensor y = Calls.call(Operators.LOG_SOFTMAX, axis, x);
    return Calls.tracks(x)
        ? Calls.record(
            y, "logSoftmax", (grad, g) -> g.give(x, logSoftmaxBackward(grad, y, axis)), y)
        : y;
  }

  private static Tensor logSoftmaxBackward(Tensor grad, Tensor y, int axis) {
    if (Calls.fuses(Operators.LOG_SOFTMAX_BACKWARD, y)) {
      return Calls.call(Operators.LOG_SOFTMAX_BACKWARD, axis, grad.contiguous(), y);
    }
    return grad.sub(y.exp().mul(grad.sum(/* keepDim= */ true, axis)));
  }
}
