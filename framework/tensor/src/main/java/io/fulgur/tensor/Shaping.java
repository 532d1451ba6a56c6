package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

import java.util.Arrays;

/** Operators that rearrange elements without computing, with their gradients. */
final class Shaping {
  private Shaping() {}

  /** Wraps a view of another tensor's memory; the new tensor holds the memory, too. */
  private static Tensor alias(View view, String operator) {
    view.storage().retain();
    return new Tensor(view, operator);
  }

  static Tensor contiguous(Tensor x) {
    if (x.isContiguous()) {
      return x;
    }
    Tensor out = Calls.call(Operators.COPY, NONE, x);
    return Calls.tracks(x) ? Calls.record(out, "contiguous", (grad, g) -> g.pass(x, grad)) : out;
  }

  static Tensor contiguous(Tensor x, MemoryFormat format) {
    if (format == MemoryFormat.ROW_MAJOR) {
      return contiguous(x);
    }
    if (x.view().is(format)) {
      return x;
    }
    format.check(x.shape());
    View[] rows =
        ExecutionContext.current()
            .call(Operators.COPY, NONE, ExecutionContext.NO_SCALARS, x.view().channelsMovedLast());
    Tensor out = new Tensor(rows[0].channelsMovedSecond(), "contiguous");
    return Calls.tracks(x) ? Calls.record(out, "contiguous", (grad, g) -> g.pass(x, grad)) : out;
  }

  /** Returns a tensor without gaps: itself in either order, or a row-major copy. */
  static Tensor dense(Tensor x) {
    return x.memoryFormat() == MemoryFormat.CHANNELS_LAST ? x : contiguous(x);
  }

  /** Returns a row-major tensor in another shape of as many elements. */
  static Tensor view(Tensor a, Shape shape) {
    Tensor x = a.contiguous();
    View from = x.view();
    View view =
        from.offset() == 0
            ? from.storage().contiguousView(shape)
            : View.contiguous(from.storage(), from.offset(), shape);
    Tensor out = alias(view, "reshape");
    return Calls.tracks(x)
        ? Calls.record(
            out,
            "reshape",
            (grad, g) -> {
              Tensor whole = grad.contiguous();
              g.give(x, view(whole, x.shape()));
              if (whole != grad) {
                whole.release();
              }
            })
        : out;
  }

  static Tensor reshape(Tensor x, long... sizes) {
    long known = 1;
    int inferred = -1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && inferred < 0) {
        inferred = i;
      } else if (sizes[i] < 0) {
        throw ShapeException.invalid(
            "reshape of "
                + x.shape()
                + " to "
                + Arrays.toString(sizes)
                + ": sizes are not negative but for a single -1, which is inferred");
      } else {
        known *= sizes[i];
      }
    }
    long[] target = sizes.clone();
    boolean fits = known == x.elements();
    if (inferred >= 0 && known > 0 && x.elements() % known == 0) {
      target[inferred] = x.elements() / known;
      fits = true;
    } else if (inferred >= 0) {
      fits = false;
    }
    if (!fits) {
      throw ShapeException.invalid(
          "reshape of "
              + x.shape()
              + " ("
              + x.elements()
              + " elements) to "
              + Arrays.toString(sizes)
              + ": the number of elements must stay the same");
    }
    return view(x, Shape.of(target));
  }

  static Tensor flatten(Tensor x, int start, int end) {
    if (x.rank() == 0) {
      return view(x, Shape.of(1));
    }
    int first = x.shape().axis(start);
    int last = x.shape().axis(end);
    if (first > last) {
      throw ShapeException.invalid(
          "flatten of " + x.shape() + " from dimension " + start + " to the earlier " + end);
    }
    long[] sizes = new long[x.rank() - (last - first)];
    Arrays.fill(sizes, 1);
    for (int i = 0; i < x.rank(); i++) {
      sizes[i <= first ? i : i <= last ? first : i - (last - first)] *= x.size(i);
    }
    return view(x, Shape.of(sizes));
  }

  static Tensor transpose(Tensor x, int dim0, int dim1) {
    int[] order = new int[x.rank()];
    Arrays.setAll(order, i -> i);
    int a = x.shape().axis(dim0);
    int b = x.shape().axis(dim1);
    order[a] = b;
    order[b] = a;
    return permute(x, order);
  }

  static Tensor permute(Tensor x, int... dims) {
    int rank = x.rank();
    if (dims.length != rank) {
      throw ShapeException.invalid(
          "permute of "
              + x.shape()
              + " needs "
              + rank
              + " dimensions, but got "
              + Arrays.toString(dims));
    }
    View from = x.view();
    long[] sizes = new long[rank];
    long[] strides = new long[rank];
    int[] inverse = new int[rank];
    Arrays.fill(inverse, -1);
    for (int i = 0; i < rank; i++) {
      int axis = x.shape().axis(dims[i]);
      if (inverse[axis] >= 0) {
        throw ShapeException.invalid(
            "permute of " + x.shape() + " names a dimension twice: " + Arrays.toString(dims));
      }
      inverse[axis] = i;
      sizes[i] = from.shape().size(axis);
      strides[i] = from.stride(axis);
    }
    Tensor out =
        alias(View.strided(from.storage(), from.offset(), Shape.of(sizes), strides), "permute");
    return Calls.tracks(x)
        ? Calls.record(out, "permute", (grad, g) -> g.give(x, permute(grad, inverse)))
        : out;
  }

  static Tensor squeeze(Tensor x, int dim) {
    int axis = x.shape().axis(dim);
    if (x.size(axis) != 1) {
      throw ShapeException.invalid(
          "squeeze of "
              + x.shape()
              + ": dimension "
              + dim
              + " has size "
              + x.size(axis)
              + ", not 1");
    }
    return view(x, x.shape().without(axis));
  }

  static Tensor unsqueeze(Tensor x, int dim) {
    int axis = dim < 0 ? dim + x.rank() + 1 : dim;
    if (axis < 0 || axis > x.rank()) {
      throw ShapeException.invalid(
          "unsqueeze of " + x.shape() + " at " + dim + ": allowed is 0 to " + x.rank());
    }
    return view(x, x.shape().inserted(axis, 1));
  }

  static Tensor expand(Tensor x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    if (!Shape.broadcast("expand", x.shape(), shape).equals(shape)) {
      throw ShapeException.mismatch(
          "expand", "only dimensions of size 1 can be repeated", x.shape(), shape);
    }
    View from = x.view();
    int extra = shape.rank() - x.rank();
    long[] strides = new long[shape.rank()];
    for (int i = extra; i < strides.length; i++) {
      boolean repeated = from.shape().size(i - extra) == 1 && shape.size(i) != 1;
      strides[i] = repeated ? 0 : from.stride(i - extra);
    }
    Tensor out = alias(View.strided(from.storage(), from.offset(), shape, strides), "expand");
    return Calls.tracks(x)
        ? Calls.record(out, "expand", (grad, g) -> g.give(x, Calls.sumTo(grad, x.shape())))
        : out;
  }

  static Tensor slice(Tensor x, int dim, long start, long end, long step) {
    int axis = x.shape().axis(dim);
    long size = x.size(axis);
    long from = start < 0 ? start + size : start;
    long to = end < 0 ? end + size : end;
    if (from < 0 || to > size || from > to || step < 1) {
      throw ShapeException.invalid(
          "slice [%d, %d) with step %d of dimension %d of %s: bounds must lie in [0, %d], in order,"
                  .formatted(start, end, step, dim, x.shape(), size)
              + " and the step be positive");
    }
    View view = x.view();
    long[] strides = view.strides();
    long offset = view.offset() + from * strides[axis];
    strides[axis] *= step;
    Shape shape = x.shape().withSize(axis, (to - from + step - 1) / step);
    Tensor out = alias(View.strided(view.storage(), offset, shape, strides), "slice");
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        "slice",
        (grad, g) -> {
          Tensor whole = Tensor.zerosLike(x);
          slice(whole, axis, from, to, step).assign(grad);
          g.give(x, whole);
        });
  }

  static Tensor select(Tensor x, int dim, long index) {
    int axis = x.shape().axis(dim);
    long size = x.size(axis);
    long at = index < 0 ? index + size : index;
    if (at < 0 || at >= size) {
      throw ShapeException.invalid(
          "select of index "
              + index
              + " of dimension "
              + dim
              + " of "
              + x.shape()
              + ": allowed is "
              + -size
              + " to "
              + (size - 1));
    }
    return squeezeView(slice(x, axis, at, at + 1, 1), axis);
  }

  /** Drops a dimension of size 1 without needing the elements to be row-major. */
  private static Tensor squeezeView(Tensor x, int axis) {
    View from = x.view();
    long[] strides = new long[x.rank() - 1];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = from.stride(i < axis ? i : i + 1);
    }
    Tensor out =
        alias(
            View.strided(from.storage(), from.offset(), x.shape().without(axis), strides),
            "select");
    return Calls.tracks(x)
        ? Calls.record(out, "select", (grad, g) -> g.give(x, unsqueeze(grad, axis)))
        : out;
  }

  static Tensor concat(int dim, Tensor... given) {
    if (given.length == 0) {
      throw ShapeException.invalid("concat needs at least one tensor");
    }
    Tensor[] tensors = new Tensor[given.length];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = Autocast.widest(given[i], given);
    }
    Tensor first = tensors[0];
    int axis = first.shape().axis(dim);
    long total = 0;
    for (Tensor tensor : tensors) {
      if (tensor.dtype() != first.dtype()) {
        throw DTypeException.mixed("concat", first.dtype(), tensor.dtype());
      }
      if (tensor.rank() != first.rank()
          || !tensor.shape().withSize(axis, 0).equals(first.shape().withSize(axis, 0))) {
        throw ShapeException.mismatch(
            "concat",
            "all sizes but that of dimension " + axis + " must be equal",
            Arrays.stream(tensors).map(Tensor::shape).toArray(Shape[]::new));
      }
      total += tensor.size(axis);
    }
    Tensor out = Factories.empty(first.dtype(), first.shape().withSize(axis, total), "concat");
    long at = 0;
    for (Tensor tensor : tensors) {
      slice(out, axis, at, at + tensor.size(axis), 1).assign(tensor);
      at += tensor.size(axis);
    }
    if (!Calls.tracks(tensors)) {
      return out;
    }
    return Calls.record(
        out,
        "concat",
        (grad, g) -> {
          long from = 0;
          for (Tensor tensor : tensors) {
            long to = from + tensor.size(axis);
            if (tensor.requiresGrad()) {
              g.give(tensor, slice(grad, axis, from, to, 1));
            }
            from = to;
          }
        });
  }

  static Tensor stack(int dim, Tensor... tensors) {
    Tensor[] raised = new Tensor[tensors.length];
    for (int i = 0; i < raised.length; i++) {
      if (!tensors[i].shape().equals(tensors[0].shape())) {
        throw ShapeException.mismatch(
            "stack",
            "all shapes must be equal",
            Arrays.stream(tensors).map(Tensor::shape).toArray(Shape[]::new));
      }
      raised[i] = unsqueeze(tensors[i], dim);
    }
    int axis = tensors.length == 0 ? 0 : dim < 0 ? dim + raised[0].rank() : dim;
    return concat(axis, raised);
  }
}
