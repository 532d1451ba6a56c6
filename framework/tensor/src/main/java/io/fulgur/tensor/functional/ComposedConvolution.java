package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Convolutions as products of matrices: {@code y = weight · unfold(x)} of any rank, type, dilation
 * and number of groups.
 */
final class ComposedConvolution {
  private ComposedConvolution() {}

  static Tensor forward(OpCall call, Tensor... in) {
    ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in)[0];
    }
    Tensor columns = Calls.call(ConvolutionOperators.UNFOLD, a.window(), in[0]);
    long n = in[0].size(0);
    long out = in[1].size(0);
    Tensor y =
        weights(in[1], n, a.groups())
            .matmul(byGroups(columns, a.groups()))
            .reshape(n, out, a.window().outputElements());
    if (a.bias()) {
      y = y.add(in[2].reshape(out, 1));
    }
    return y.reshape(call.output(0).shape().toArray());
  }

  static Tensor backwardInput(OpCall call, Tensor... in) {
    ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in)[0];
    }
    long n = in[0].size(0);
    Tensor columns =
        weights(in[1], n, a.groups())
            .transpose(1, 2)
            .matmul(byGroups(in[0].flatten(2, -1), a.groups()));
    long rows = in[1].size(1) * a.groups() * a.window().kernelElements();
    return Calls.call(
        ConvolutionOperators.FOLD,
        a.window(),
        columns.reshape(n, rows, a.window().outputElements()));
  }

  static Tensor[] backwardWeight(OpCall call, Tensor... in) {
    ConvolutionAttributes a = call.attributes(ConvolutionAttributes.class);
    if (a.format() != MemoryFormat.ROW_MAJOR) {
      return again(call, a, in);
    }
    Tensor grad = in[0];
    Tensor columns = Calls.call(ConvolutionOperators.UNFOLD, a.window(), in[1]);
    Tensor product =
        byGroups(grad.flatten(2, -1), a.groups())
            .matmul(byGroups(columns, a.groups()).transpose(1, 2));
    Tensor weight =
        product
            .reshape(in[0].size(0), a.groups() * product.size(1), product.size(2))
            .sum(/* keepDim= */ false, 0)
            .reshape(call.output(0).shape().toArray());
    if (!a.bias()) {
      return new Tensor[] {weight};
    }
    int[] allButChannels = new int[grad.rank() - 1];
    Arrays.setAll(allButChannels, i -> i == 0 ? 0 : i + 1);
    return new Tensor[] {weight, grad.sum(/* keepDim= */ false, allButChannels)};
  }

  /** Calls the operator on row-major copies, which a provider may take. */
  private static Tensor[] again(OpCall call, ConvolutionAttributes attributes, Tensor... in) {
    return Calls.callAll(call.operator(), attributes.rowMajor(), NO_SCALARS, RowMajor.copies(in));
  }

  private static final double[] NO_SCALARS = {};

  /** Returns {@code [n * groups, rows / groups, columns]} of {@code [n, rows, columns]}. */
  private static Tensor byGroups(Tensor x, int groups) {
    return x.reshape(x.size(0) * groups, x.size(1) / groups, x.size(2));
  }

  /** Returns {@code [n * groups, o / groups, c / groups * prod(k)]}, repeated for each of n. */
  private static Tensor weights(Tensor weight, long n, int groups) {
    long out = weight.size(0) / groups;
    long in = weight.size(0) == 0 ? 0 : weight.elements() / weight.size(0);
    Tensor matrices = weight.reshape(1, groups, out, in);
    return groups == 1
        ? matrices.reshape(1, out, in).expand(n, out, in)
        : matrices.expand(n, groups, out, in).contiguous().reshape(n * groups, out, in);
  }

  static Tensor unfold(OpCall call, Tensor... in) {
    WindowGeometry w = call.attributes(WindowGeometry.class);
    Tensor x = in[0];
    Tensor columns = Tensor.zeros(x.dtype(), expanded(x, w).toArray());
    for (int k = 0; k < w.kernelElements(); k++) {
      Tensor inside = seen(x, w, k, /* ofInput= */ true);
      if (inside.elements() > 0) {
        seen(columns.select(2, k), w, k, /* ofInput= */ false).assign(inside);
      }
    }
    return columns.reshape(call.output(0).shape().toArray());
  }

  static Tensor fold(OpCall call, Tensor... in) {
    WindowGeometry w = call.attributes(WindowGeometry.class);
    Tensor x = Tensor.zeros(in[0].dtype(), call.output(0).shape().toArray());
    Tensor columns = in[0].reshape(expanded(x, w).toArray());
    for (int k = 0; k < w.kernelElements(); k++) {
      Tensor inside = seen(x, w, k, /* ofInput= */ true);
      if (inside.elements() > 0) {
        inside.assign(inside.add(seen(columns.select(2, k), w, k, /* ofInput= */ false)));
      }
    }
    return x;
  }

  /** Returns {@code [n, c, prod(k), e...]}. */
  private static Shape expanded(Tensor x, WindowGeometry w) {
    return w.outputShape(x.size(0), x.size(1)).inserted(2, w.kernelElements());
  }

  /**
   * Returns the part of the input that element k of the windows sees, or the part of the windows
   * whose element k is inside the input.
   */
  private static Tensor seen(Tensor tensor, WindowGeometry w, int k, boolean ofInput) {
    Tensor part = tensor;
    int rest = k;
    for (int axis = w.rank() - 1; axis >= 0; axis--) {
      int element = rest % w.kernel(axis);
      rest /= w.kernel(axis);
      int first = 0;
      int end = w.output(axis);
      while (first < end && element < w.firstInside(axis, first)) {
        first++;
      }
      while (end > first && element >= w.endInside(axis, end - 1)) {
        end--;
      }
      if (ofInput) {
        long from = (long) w.start(axis, first) + (long) element * w.dilation(axis);
        long to = from + (long) (end - first - 1) * w.stride(axis) + 1;
        part =
            first == end
                ? part.slice(axis + 2, 0, 0)
                : part.slice(axis + 2, from, to, w.stride(axis));
      } else {
        part = part.slice(axis + 2, first, end);
      }
    }
    return part;
  }
}
