package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Tells what does not fit in the operands of a normalisation. */
final class NormalizationChecks {
  private NormalizationChecks() {}

  /** Checks two vectors of channels. */
  static void channels(String name, Tensor input, @Nullable Tensor first, @Nullable Tensor second) {
    floating(name, input);
    if (input.rank() < 2) {
      throw ShapeException.mismatch(
          name, "the input must be [batch, channels, ...]", input.shape());
    }
    channel(name, input, first);
    channel(name, input, second);
  }

  private static void channel(String name, Tensor input, @Nullable Tensor vector) {
    if (vector == null) {
      return;
    }
    type(name, input, vector);
    if (vector.rank() != 1 || vector.size(0) != input.size(1)) {
      throw ShapeException.mismatch(
          name,
          "weight, bias and statistics must be [channels] = [" + input.size(1) + "]",
          input.shape(),
          vector.shape());
    }
  }

  static void lastDimensions(
      String name, Tensor input, @Nullable Tensor weight, @Nullable Tensor bias, Shape normalized) {
    floating(name, input);
    int leading = input.rank() - normalized.rank();
    boolean fits = leading >= 0 && normalized.rank() > 0;
    for (int i = 0; fits && i < normalized.rank(); i++) {
      fits = input.size(leading + i) == normalized.size(i);
    }
    if (!fits) {
      throw ShapeException.mismatch(
          name, "the last dimensions of the input must be " + normalized, input.shape());
    }
    part(name, input, weight, normalized, "weight");
    part(name, input, bias, normalized, "bias");
  }

  private static void part(
      String name, Tensor input, @Nullable Tensor part, Shape normalized, String role) {
    if (part == null) {
      return;
    }
    type(name, input, part);
    if (!part.shape().equals(normalized)) {
      throw ShapeException.mismatch(
          name, "the " + role + " must be " + normalized, input.shape(), part.shape());
    }
  }

  private static void floating(String name, Tensor input) {
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(
          name, input.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
  }

  private static void type(String name, Tensor input, Tensor part) {
    boolean wider =
        part.dtype() == DType.F32 && (input.dtype() == DType.BF16 || input.dtype() == DType.F16);
    if (part.dtype() != input.dtype() && !wider) {
      throw DTypeException.mixed(name, input.dtype(), part.dtype());
    }
  }
}
