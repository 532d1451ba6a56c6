package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.View;

/** Output rules that families of operators share. */
final class Outputs {
  private Outputs() {}

  static Output[] one(DType dtype, Shape shape) {
    return new Output[] {new Output(dtype, shape)};
  }

  /** One output of the first input's type and shape. */
  static Output[] sameAsFirst(Object attributes, View[] in) {
    return one(in[0].dtype(), in[0].shape());
  }

  /** One output like the input, which must be of a floating-point type. */
  static Operator.OutputRule floating(String name) {
    return (attributes, in) -> {
      requireFloating(name, in[0]);
      return sameAsFirst(attributes, in);
    };
  }

  /** One output of the broadcast shape of two inputs of one number type. */
  static Operator.OutputRule numbers(String name) {
    return (attributes, in) -> {
      requireOneType(name, in[0], in[1]);
      requireNumbers(name, in[0].dtype());
      return one(in[0].dtype(), Shape.broadcast(name, in[0].shape(), in[1].shape()));
    };
  }

  /** One output of the broadcast shape of two inputs of one floating-point type. */
  static Operator.OutputRule floatingPair(String name) {
    return (attributes, in) -> {
      requireOneType(name, in[0], in[1]);
      requireFloating(name, in[0]);
      return one(in[0].dtype(), Shape.broadcast(name, in[0].shape(), in[1].shape()));
    };
  }

  /** For operators that write into memory that the caller gives. */
  @SuppressWarnings("DoNotCallSuggester") // A rule, called where no memory was given.
  static Output[] intoGiven(Object attributes, View[] in) {
    throw new IllegalStateException("This operator writes into memory that the caller gives");
  }

  static void requireOneType(String name, View a, View b) {
    if (a.dtype() != b.dtype()) {
      throw DTypeException.mixed(name, a.dtype(), b.dtype());
    }
  }

  static void requireFloating(String name, View view) {
    if (!view.dtype().isFloating()) {
      throw DTypeException.unsupported(
          name, view.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
  }

  static void requireNumbers(String name, DType dtype) {
    if (dtype == DType.BOOL) {
      throw DTypeException.unsupported(
          name, DType.BOOL, "a number type; convert with to(DType.F32)");
    }
  }

  /** Requires a matrix or a batch of matrices. */
  static void requireMatrix(String name, Shape shape) {
    if (shape.rank() < 2) {
      throw ShapeException.mismatch(name, "needs matrices, [..., rows, columns]", shape);
    }
  }

  /** Requires a square matrix or a batch of them. */
  static void requireSquare(String name, Shape shape) {
    requireMatrix(name, shape);
    if (shape.size(-1) != shape.size(-2)) {
      throw ShapeException.mismatch(name, "needs square matrices, [..., n, n]", shape);
    }
  }
}
