package io.fulgur.tensor;

/**
 * Calls of operators that treat each element alone, whatever order the elements lie in.
 *
 * <p>Kernels know row-major memory only. A channels-last operand is handed to them as the row-major
 * tensor {@code [batch, spatial..., channels]} that it is in memory, and so is what they write.
 */
final class ElementwiseCalls {
  private ElementwiseCalls() {}

  static Tensor call(Operator operator, Object attributes, double[] scalars, Tensor x) {
    ExecutionContext context = ExecutionContext.current();
    View view = x.view();
    if (view.isContiguous()) {
      return new Tensor(context.call(operator, attributes, scalars, view)[0], operator.name());
    }
    boolean channelsLast = view.is(MemoryFormat.CHANNELS_LAST);
    View rows = channelsLast ? view.channelsMovedLast() : copied(context, view);
    View out = context.call(operator, attributes, scalars, rows)[0];
    releaseCopy(rows, view);
    return new Tensor(channelsLast ? out.channelsMovedSecond() : out, operator.name());
  }

  static Tensor call(Operator operator, Object attributes, double[] scalars, Tensor x, Tensor y) {
    ExecutionContext context = ExecutionContext.current();
    View a = x.view();
    View b = y.view();
    if (a.isContiguous() && b.isContiguous()) {
      return new Tensor(context.call(operator, attributes, scalars, a, b)[0], operator.name());
    }
    int rank = Math.max(a.shape().rank(), b.shape().rank());
    boolean channelsLast = isChannelsLast(a, rank) || isChannelsLast(b, rank);
    View left = channelsLast ? raised(a, rank).channelsMovedLast() : a;
    View right = channelsLast ? raised(b, rank).channelsMovedLast() : b;
    left = left.isContiguous() ? left : copied(context, left);
    right = right.isContiguous() ? right : copied(context, right);
    View out = context.call(operator, attributes, scalars, left, right)[0];
    releaseCopy(left, a);
    releaseCopy(right, b);
    return new Tensor(channelsLast ? out.channelsMovedSecond() : out, operator.name());
  }

  private static boolean isChannelsLast(View view, int rank) {
    return view.shape().rank() == rank && view.memoryFormat() == MemoryFormat.CHANNELS_LAST;
  }

  /** Returns a view with dimensions of size 1 put in front. */
  private static View raised(View view, int rank) {
    int extra = rank - view.shape().rank();
    if (extra == 0) {
      return view;
    }
    Shape shape = view.shape();
    long[] strides = new long[rank];
    for (int i = 0; i < rank; i++) {
      if (i < extra) {
        shape = shape.inserted(0, 1);
      } else {
        strides[i] = view.stride(i - extra);
      }
    }
    return View.strided(view.storage(), view.offset(), shape, strides);
  }

  private static View copied(ExecutionContext context, View view) {
    return context.call(Operators.COPY, Operators.NONE, ExecutionContext.NO_SCALARS, view)[0];
  }

  private static void releaseCopy(View used, View original) {
    if (used.storage() != original.storage()) {
      used.storage().release();
    }
  }
}
