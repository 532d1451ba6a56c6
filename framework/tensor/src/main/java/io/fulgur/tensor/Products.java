package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

import org.jspecify.annotations.Nullable;

/** Matrix products, with their gradients. */
final class Products {
  /** Attribute of {@link Operators#MATMUL}: overwrite the output. */
  private static final Boolean SET = false;

  private Products() {}

  static Tensor matmul(Tensor left, Tensor right) {
    Tensor a = Autocast.input(Operators.MATMUL, left);
    Tensor b = Autocast.input(Operators.MATMUL, right);
    if (a.dtype() != b.dtype()) {
      throw DTypeException.mixed("matmul", a.dtype(), b.dtype());
    }
    if (!a.dtype().isFloating()) {
      throw DTypeException.unsupported(
          "matmul", a.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
    if (a.rank() == 0 || b.rank() == 0) {
      throw ShapeException.mismatch("matmul", "operands must not be scalars", a.shape(), b.shape());
    }
    if (a.rank() == 1) {
      return Shaping.squeeze(matmul(Shaping.unsqueeze(a, 0), b), b.rank() == 1 ? 0 : -2);
    }
    if (b.rank() == 1) {
      return Shaping.squeeze(matmul(a, Shaping.unsqueeze(b, 1)), -1);
    }
    if (a.size(-1) != b.size(-2)) {
      throw ShapeException.mismatch(
          "matmul",
          "the last size of the left ("
              + a.size(-1)
              + ") must equal the last but one of the right ("
              + b.size(-2)
              + ")",
          a.shape(),
          b.shape());
    }
    if (a.rank() > 2 && b.rank() == 2) {
      Tensor rows = Shaping.reshape(a, -1, a.size(-1));
      return Shaping.view(multiply(rows, b), a.shape().withSize(-1, b.size(-1)));
    }
    if (a.rank() == b.rank() && a.rank() == 2) {
      return multiply(a, b);
    }
    Shape batch =
        Shape.broadcast(
            "matmul", a.shape().without(-1).without(-1), b.shape().without(-1).without(-1));
    int rank = batch.rank();
    return multiply(
        Shaping.expand(a, batch.inserted(rank, a.size(-2)).inserted(rank + 1, a.size(-1))),
        Shaping.expand(b, batch.inserted(rank, b.size(-2)).inserted(rank + 1, b.size(-1))));
  }

  /** Multiplies operands of equal batch dimensions. */
  private static Tensor multiply(Tensor a, Tensor b) {
    Tensor x = rowsOrColumns(a);
    Tensor y = rowsOrColumns(b);
    Tensor out = Calls.call(Operators.MATMUL, SET, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "matmul",
        (grad, g) -> {
          if (x.requiresGrad()) {
            giveProduct(g, x, grad, transposed(y));
          }
          if (y.requiresGrad()) {
            giveProduct(g, y, transposed(x), grad);
          }
        },
        x,
        y);
  }

  /** Passes on {@code a b}, computed in the gradient's own memory where the input is a leaf. */
  private static void giveProduct(Gradients g, Tensor input, Tensor a, Tensor b) {
    View target = g.directTarget(input);
    if (target == null) {
      g.give(input, multiply(a, b));
      return;
    }
    Calls.into(
        Operators.MATMUL,
        input.hasGrad(),
        Calls.views(rowsOrColumns(a), rowsOrColumns(b)),
        new View[] {target});
    input.gradWritten();
  }

  /** Returns a matrix as the kernel takes it: its rows or its columns without gaps inside. */
  private static Tensor rowsOrColumns(Tensor x) {
    View view = x.view();
    int rank = x.rank();
    if (view.isContiguous()) {
      return x;
    }
    boolean rows = dense(view, rank - 2, rank - 1);
    boolean columns = dense(view, rank - 1, rank - 2);
    return rows || columns ? x : Shaping.contiguous(x);
  }

  private static boolean dense(View view, int outer, int inner) {
    return view.stride(inner) == 1 && view.stride(outer) >= Math.max(1, view.shape().size(inner));
  }

  private static Tensor transposed(Tensor x) {
    return Shaping.transpose(x, -2, -1);
  }

  static Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
    return uniformLinear(
        Autocast.input(Operators.LINEAR, input),
        Autocast.input(Operators.LINEAR, weight),
        Autocast.optionalInput(Operators.LINEAR, bias));
  }

  private static Tensor uniformLinear(Tensor input, Tensor weight, @Nullable Tensor bias) {
    check(input, weight, bias);
    if (input.rank() != 2) {
      Tensor rows = Shaping.reshape(input, -1, weight.size(1));
      Shape shape =
          input.rank() == 1 ? Shape.of(weight.size(0)) : input.shape().withSize(-1, weight.size(0));
      return Shaping.view(uniformLinear(rows, weight, bias), shape);
    }
    if (bias == null) {
      return matmul(input, transposed(weight));
    }
    Tensor x = input.contiguous();
    Tensor w = weight.contiguous();
    Tensor b = bias.contiguous();
    Tensor out = Calls.call(Operators.LINEAR, NONE, x, w, b);
    if (!Calls.tracks(x, w, b)) {
      return out;
    }
    return Calls.record(
        out,
        "linear",
        (upstream, g) -> {
          Tensor grad = upstream.contiguous();
          if (x.requiresGrad()) {
            giveProduct(g, x, grad, w);
          }
          if (w.requiresGrad()) {
            giveProduct(g, w, transposed(grad), x);
          }
          if (b.requiresGrad()) {
            giveColumnSums(g, b, grad);
          }
        },
        x,
        w);
  }

  private static final Operators.Axes FIRST_AXIS = new Operators.Axes(1, /* keepDim= */ false);

  private static void giveColumnSums(Gradients g, Tensor bias, Tensor grad) {
    View target = g.directTarget(bias);
    if (target == null || bias.hasGrad()) {
      g.give(bias, Reductions.sum(grad, 1, /* keepDim= */ false));
      return;
    }
    Calls.into(Operators.SUM, FIRST_AXIS, Calls.views(grad), new View[] {target});
    bias.gradWritten();
  }

  private static void check(Tensor input, Tensor weight, @Nullable Tensor bias) {
    if (input.dtype() != weight.dtype()) {
      throw DTypeException.mixed("linear", input.dtype(), weight.dtype());
    }
    if (bias != null && bias.dtype() != input.dtype()) {
      throw DTypeException.mixed("linear", input.dtype(), bias.dtype());
    }
    if (weight.rank() != 2 || input.rank() == 0 || input.size(-1) != weight.size(1)) {
      throw ShapeException.mismatch(
          "linear",
          weight.rank() == 2
              ? "the last size of the input must be inFeatures = " + weight.size(1)
              : "the weight must be [outFeatures, inFeatures]",
          input.shape(),
          weight.shape());
    }
    if (bias != null && (bias.rank() != 1 || bias.size(0) != weight.size(0))) {
      throw ShapeException.mismatch(
          "linear",
          "the bias must be [outFeatures] = [" + weight.size(0) + "]",
          input.shape(),
          weight.shape(),
          bias.shape());
    }
  }
}
