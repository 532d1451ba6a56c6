package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;

/** Pooling by looking up what each window sees: of any rank, type and kind of windows. */
final class ComposedPooling {
  private static final double[] NO_SCALARS = {};

  private ComposedPooling() {}

  static Tensor[] max(OpCall call, Tensor... in) {
    PoolingAttributes a = call.attributes(PoolingAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in);
    }
    Seen seen = Seen.of(a.window());
    Tensor windows = seen.gather(in[0]).maskedFill(seen.padding(), Double.NEGATIVE_INFINITY);
    long[] shape = call.output(0).shape().toArray();
    return new Tensor[] {
      windows.max(/* keepDim= */ false, 1).reshape(shape),
      windows.argmax(1).to(call.output(1).dtype()).reshape(shape)
    };
  }

  static Tensor maxBackward(OpCall call, Tensor... in) {
    PoolingAttributes a = call.attributes(PoolingAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in)[0];
    }
    Seen seen = Seen.of(a.window());
    Tensor elements = Tensor.arange(a.window().kernelElements()).unsqueeze(1);
    Tensor wins = elements.eq(rows(in[1].to(DType.I64)));
    return seen.scatter(rows(in[0]).mul(wins.to(in[0].dtype())), call.output(0));
  }

  static Tensor average(OpCall call, Tensor... in) {
    PoolingAttributes a = call.attributes(PoolingAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in)[0];
    }
    Seen seen = Seen.of(a.window());
    return seen.gather(in[0])
        .maskedFill(seen.padding(), 0)
        .sum(/* keepDim= */ false, 1)
        .mul(shares(a).to(in[0].dtype()))
        .reshape(call.output(0).shape().toArray());
  }

  static Tensor averageBackward(OpCall call, Tensor... in) {
    PoolingAttributes a = call.attributes(PoolingAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in)[0];
    }
    Seen seen = Seen.of(a.window());
    Tensor share = rows(in[0]).mul(shares(a).to(in[0].dtype()));
    long planes = share.size(0);
    Tensor spread = share.expand(planes, a.window().kernelElements(), share.size(2));
    return seen.scatter(spread.maskedFill(seen.padding(), 0), call.output(0));
  }

  /** Returns {@code [n * c, 1, prod(e)]}. */
  private static Tensor rows(Tensor y) {
    return y.reshape(y.size(0) * y.size(1), 1, -1);
  }

  private static Tensor[] again(OpCall call, PoolingAttributes attributes, Tensor... in) {
    return Calls.callAll(call.operator(), attributes.rowMajor(), NO_SCALARS, RowMajor.copies(in));
  }

  /** Returns one divided by the number of elements that count in each window. */
  private static Tensor shares(PoolingAttributes a) {
    WindowGeometry w = a.window();
    double[] shares = new double[w.outputElements()];
    for (int i = 0; i < shares.length; i++) {
      int rest = i;
      double divisor = 1;
      for (int axis = w.rank() - 1; axis >= 0; axis--) {
        divisor *= a.divisor(axis, rest % w.output(axis));
        rest /= w.output(axis);
      }
      shares[i] = 1 / divisor;
    }
    return Tensor.of(shares, shares.length);
  }

  /**
   * What the windows see: for element k of window o, at {@code k * prod(e) + o}.
   *
   * @param positions in the input's plane; 0 in the padding
   * @param padding {@code [prod(k), prod(e)]}: whether it is padding
   */
  private record Seen(WindowGeometry window, Tensor positions, Tensor padding) {
    static Seen of(WindowGeometry w) {
      int windows = w.outputElements();
      long[] positions = new long[w.kernelElements() * windows];
      boolean[] padding = new boolean[positions.length];
      for (int i = 0; i < positions.length; i++) {
        int element = i / windows;
        int window = i % windows;
        long step = 1;
        for (int axis = w.rank() - 1; axis >= 0; axis--) {
          int k = element % w.kernel(axis);
          int o = window % w.output(axis);
          element /= w.kernel(axis);
          window /= w.output(axis);
          padding[i] |= k < w.firstInside(axis, o) || k >= w.endInside(axis, o);
          positions[i] += step * (w.start(axis, o) + (long) k * w.dilation(axis));
          step *= w.input(axis);
        }
        positions[i] = padding[i] ? 0 : positions[i];
      }
      return new Seen(
          w,
          Tensor.of(positions, positions.length),
          Tensor.of(padding, w.kernelElements(), windows));
    }

    /** Returns {@code [n * c, prod(k), prod(e)]}. */
    Tensor gather(Tensor x) {
      return x.reshape(x.size(0) * x.size(1), -1)
          .indexSelect(1, positions)
          .reshape(x.size(0) * x.size(1), window.kernelElements(), window.outputElements());
    }

    /** Adds {@code [n * c, prod(k), prod(e)]} up at the positions. */
    Tensor scatter(Tensor values, View like) {
      Tensor sums = Tensor.zeros(values.dtype(), values.size(0), window.inputElements());
      Tensor flat = values.reshape(values.size(0), positions.elements());
      Calls.into(Operators.INDEX_ADD, 1, Calls.views(flat, positions), new View[] {sums.view()});
      return sums.reshape(like.shape().toArray());
    }
  }
}
