package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * Functions that layers and losses are made of and that have kernels of their own.
 *
 * @since 0.1
 */
public final class Functional {

  private Functional() {}

  /** Returns the mean of {@code (input - target)²}; the shapes are equal. */
  public static Tensor mse(Tensor input, Tensor target) {
    if (!input.shape().equals(target.shape())) {
      throw ShapeException.mismatch(
          "mse", "input and target must have one shape", input.shape(), target.shape());
    }
    return Autocast.singlePrecision(input).sub(Autocast.singlePrecision(target)).square().mean();
  }

  /**
   * Returns {@code x} with each element zeroed with probability {@code p} and the others scaled by
   * {@code 1 / (1 - p)}.
   *
   * @param p in {@code [0, 1]}
   */
  public static Tensor dropout(Tensor input, double p, Generator generator) {
    if (!(p >= 0 && p <= 1)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The probability of dropout must be in [0, 1], but is "
              + p
              + ".\n   "
              + UserCode.location());
    }
    if (p == 0) {
      return input;
    }
    Tensor x = input.contiguous();
    double scale = p == 1 ? 0 : 1 / (1 - p);
    Tensor[] out = Calls.callAll(Operators.DROPOUT, generator, new double[] {p}, x);
    Tensor mask = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          out[0],
          "dropout",
          (grad, g) ->
              g.give(
                  x,
                  Calls.call(
                      Operators.MASKED_SCALE, NONE, new double[] {scale}, grad.contiguous(), mask)),
          mask);
    }
    mask.release();
    return out[0];
  }

  static Tensor[] composedDropout(OpCall call, Tensor... in) {
    Tensor x = in[0];
    double p = call.scalar(0);
    Tensor draws = Factories.uniform(call.attributes(Generator.class), 0, 1, DType.F64, x.shape());
    Tensor mask = draws.ge(p);
    return new Tensor[] {x.mul(mask.to(x.dtype())).mul(p == 1 ? 0 : 1 / (1 - p)), mask};
  }
}
