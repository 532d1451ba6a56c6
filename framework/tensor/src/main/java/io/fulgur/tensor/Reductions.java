package io.fulgur.tensor;

import io.fulgur.tensor.Operators.Axes;

/** Operators that fold dimensions, with their gradients. */
final class Reductions {
  private Reductions() {}

  static long all(Tensor x) {
    return (1L << x.rank()) - 1;
  }

  static long mask(Tensor x, int... dims) {
    if (dims.length == 0) {
      return all(x);
    }
    long mask = 0;
    for (int dim : dims) {
      long bit = 1L << x.shape().axis(dim);
      if ((mask & bit) != 0) {
        throw ShapeException.invalid(
            "Dimension " + dim + " is named twice in a reduction of shape " + x.shape());
      }
      mask |= bit;
    }
    return mask;
  }

  static Tensor sum(Tensor a, long mask, boolean keepDim) {
    Tensor x = Autocast.input(Operators.SUM, a).contiguous();
    Tensor out = Calls.call(Operators.SUM, new Axes(mask, keepDim), numbers("sum", x));
    return Calls.tracks(x)
        ? Calls.record(out, "sum", (grad, g) -> g.give(x, spread(grad, x, mask)))
        : out;
  }

  static Tensor mean(Tensor a, long mask, boolean keepDim) {
    Tensor x = Autocast.input(Operators.MEAN, a).contiguous();
    if (!x.dtype().isFloating()) {
      throw DTypeException.unsupported(
          "mean", x.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
    Tensor out = Calls.call(Operators.MEAN, new Axes(mask, keepDim), x);
    if (!Calls.tracks(x)) {
      return out;
    }
    double scale = (double) out.elements() / x.elements();
    return Calls.record(
        out,
        "mean",
        (grad, g) -> {
          Tensor scaled = grad.mul(scale);
          g.give(x, spread(scaled, x, mask));
          scaled.release();
        });
  }

  /** Repeats a reduced gradient along the reduced dimensions. */
  private static Tensor spread(Tensor grad, Tensor x, long mask) {
    return Shaping.contiguous(Shaping.expand(kept(grad, x, mask), x.shape()));
  }

  /** Returns a reduced tensor with the reduced dimensions of size 1 put back. */
  private static Tensor kept(Tensor reduced, Tensor x, long mask) {
    return Shaping.view(reduced.contiguous(), new Axes(mask, true).reduce(x.shape()));
  }

  static Tensor prod(Tensor a, long mask, boolean keepDim) {
    Tensor x = Autocast.input(Operators.PROD, a).contiguous();
    Tensor out = Calls.call(Operators.PROD, new Axes(mask, keepDim), numbers("prod", x));
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        "prod",
        (grad, g) -> {
          // With a single zero only its own gradient is not 0: the product of the others.
          Tensor isZero = x.eq(0);
          Tensor others = Indexing.maskedFill(x, isZero, 1);
          Tensor zeros = sum(isZero.to(x.dtype()), mask, /* keepDim= */ true);
          Tensor product = Calls.call(Operators.PROD, new Axes(mask, /* keepDim= */ true), others);
          Tensor noZero = zeros.eq(0).to(x.dtype()).mul(product).div(others);
          Tensor oneZero = zeros.eq(1).to(x.dtype()).mul(product).mul(isZero.to(x.dtype()));
          Tensor noZeroHere = noZero.mul(isZero.logicalNot().to(x.dtype()));
          g.give(x, noZeroHere.add(oneZero).mul(kept(grad, x, mask)));
        },
        x);
  }

  static Tensor extremum(Operator operator, Tensor a, long mask, boolean keepDim) {
    Tensor x = a.contiguous();
    Tensor out = Calls.call(operator, new Axes(mask, keepDim), numbers(operator.name(), x));
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        operator.name(),
        (grad, g) -> {
          Tensor winners = x.eq(kept(out, x, mask)).to(x.dtype());
          Tensor count = sum(winners, mask, /* keepDim= */ true);
          g.give(x, winners.div(count).mul(kept(grad, x, mask)));
        },
        x,
        out);
  }

  static Tensor variance(Tensor input, int correction, boolean keepDim, int... dims) {
    Tensor x = Autocast.singlePrecision(input);
    long mask = mask(x, dims);
    Tensor centred = x.sub(mean(x, mask, /* keepDim= */ true));
    double count = 1;
    for (int i = 0; i < x.rank(); i++) {
      count *= (mask >> i & 1) != 0 ? x.size(i) : 1;
    }
    return sum(centred.square(), mask, keepDim).mul(1 / Math.max(0, count - correction));
  }

  static Tensor truth(Operator operator, Tensor x) {
    if (x.dtype() != DType.BOOL) {
      throw DTypeException.unsupported(
          operator.name(), x.dtype(), "BOOL; compare first, e.g. with ne(0)");
    }
    return Calls.call(operator, new Axes(all(x), /* keepDim= */ false), x.contiguous());
  }

  static Tensor index(Operator operator, Tensor x, int dim) {
    long mask = 1L << x.shape().axis(dim);
    return Calls.call(
        operator, new Axes(mask, /* keepDim= */ false), numbers(operator.name(), x.contiguous()));
  }

  static Tensor logSumExp(Tensor input, int dim, boolean keepDim) {
    Tensor x = Autocast.singlePrecision(input);
    long mask = 1L << x.shape().axis(dim);
    if (x.size(dim) == 0) {
      return sum(x.exp(), mask, keepDim).log();
    }
    Tensor peak = extremum(Operators.MAX, x.detach(), mask, /* keepDim= */ true);
    // Infinite peaks would make inf - inf; shift those rows by 0.
    Tensor shift = Tensor.where(peak.isFinite(), peak, Tensor.zerosLike(peak));
    Tensor result = sum(x.sub(shift).exp(), mask, /* keepDim= */ true).log().add(shift);
    return keepDim ? result : Shaping.squeeze(result, dim);
  }

  private static Tensor numbers(String operator, Tensor x) {
    if (x.dtype() == DType.BOOL) {
      throw DTypeException.unsupported(
          operator, DType.BOOL, "a number type; convert with to(DType.F32)");
    }
    return x;
  }
}
