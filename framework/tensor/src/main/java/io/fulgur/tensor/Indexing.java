package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

/** Operators that pick elements by index or condition, with their gradients. */
final class Indexing {
  private Indexing() {}

  static Tensor where(Tensor condition, Tensor ifTrue, Tensor ifFalse) {
    Tensor a = Autocast.widest(ifTrue, ifFalse);
    Tensor b = Autocast.widest(ifFalse, ifTrue);
    if (condition.dtype() != DType.BOOL) {
      throw DTypeException.unsupported("where by a condition", condition.dtype(), "BOOL");
    }
    if (a.dtype() != b.dtype()) {
      throw DTypeException.mixed("where", a.dtype(), b.dtype());
    }
    Tensor c = condition.contiguous();
    Tensor x = a.contiguous();
    Tensor y = b.contiguous();
    Tensor out = Calls.call(Operators.WHERE, NONE, c, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "where",
        (grad, g) -> {
          Tensor whole = grad.contiguous();
          Tensor zero = Factories.full(0, whole.dtype(), Shape.SCALAR);
          if (x.requiresGrad()) {
            Calls.giveBroadcast(g, x, Calls.call(Operators.WHERE, NONE, c, whole, zero));
          }
          if (y.requiresGrad()) {
            Calls.giveBroadcast(g, y, Calls.call(Operators.WHERE, NONE, c, zero, whole));
          }
        },
        c);
  }

  static Tensor maskedFill(Tensor x, Tensor mask, double value) {
    return where(mask, Factories.full(value, x.dtype(), Shape.SCALAR), x);
  }

  static Tensor gather(Tensor a, int dim, Tensor index) {
    int axis = a.shape().axis(dim);
    requireIndex("gather", index);
    if (index.rank() != a.rank()) {
      throw ShapeException.mismatch(
          "gather", "the index must have as many dimensions", a.shape(), index.shape());
    }
    for (int i = 0; i < a.rank(); i++) {
      if (i != axis && index.size(i) > a.size(i)) {
        throw ShapeException.mismatch(
            "gather", "the index must not be larger at dimension " + i, a.shape(), index.shape());
      }
    }
    return pick(Operators.GATHER, Operators.SCATTER_ADD, a, axis, index);
  }

  static Tensor indexSelect(Tensor a, int dim, Tensor index) {
    int axis = a.shape().axis(dim);
    requireIndex("indexSelect", index);
    if (index.rank() > 1) {
      throw ShapeException.mismatch(
          "indexSelect", "the index must be a vector", a.shape(), index.shape());
    }
    return pick(Operators.INDEX_SELECT, Operators.INDEX_ADD, a, axis, index);
  }

  /** Calls an operator that takes elements from places to which another adds. */
  private static Tensor pick(Operator operator, Operator add, Tensor a, int axis, Tensor index) {
    Tensor x = a.contiguous();
    Tensor at = index.contiguous();
    Tensor out = Calls.call(operator, axis, x, at);
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        operator.name(),
        (grad, g) -> {
          Tensor whole = Tensor.zerosLike(x);
          Calls.into(add, axis, Calls.views(grad.contiguous(), at), Calls.views(whole));
          g.give(x, whole);
        },
        at);
  }

  private static void requireIndex(String operator, Tensor index) {
    if (index.dtype() != DType.I64) {
      throw DTypeException.unsupported(
          "The index of " + operator, index.dtype(), "I64; convert with to(DType.I64)");
    }
  }
}
