package io.fulgur.tensor;

import java.util.function.DoubleSupplier;

/**
 * Makes tensors from values: in the memory of the open step scope, or long-lived outside of one.
 */
final class Factories {
  private Factories() {}

  static Tensor empty(DType dtype, Shape shape, String origin) {
    ExecutionContext context = ExecutionContext.current();
    Storage storage = context.allocate(dtype, shape.elements());
    if (context.scope == null) {
      storage.retain();
    }
    return new Tensor(storage.contiguousView(shape), origin);
  }

  private static Tensor emptyFor(DType dtype, int values, long[] sizes) {
    Shape shape = Shape.of(sizes);
    if (shape.elements() != values) {
      throw ShapeException.invalid(
          "Shape "
              + shape
              + " has "
              + shape.elements()
              + " elements, but "
              + values
              + " were given");
    }
    return empty(dtype, shape, "Tensor.of");
  }

  static Tensor of(float[] values, long... shape) {
    Tensor out = emptyFor(DType.F32, values.length, shape);
    HostCopy.write(values, out.view());
    return out;
  }

  static Tensor of(double[] values, long... shape) {
    Tensor out = emptyFor(DType.F64, values.length, shape);
    HostCopy.write(values, out.view());
    return out;
  }

  static Tensor of(long[] values, long... shape) {
    Tensor out = emptyFor(DType.I64, values.length, shape);
    HostCopy.write(values, out.view());
    return out;
  }

  static Tensor of(int[] values, long... shape) {
    Tensor out = emptyFor(DType.I32, values.length, shape);
    HostCopy.write(values, out.view());
    return out;
  }

  static Tensor of(byte[] values, long... shape) {
    Tensor out = emptyFor(DType.U8, values.length, shape);
    HostCopy.write(values, out.view());
    return out;
  }

  static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    Tensor out = emptyFor(DType.BOOL, values.length, shape);
    HostCopy.write(bytes, out.view());
    return out;
  }

  static Tensor full(double value, DType dtype, Shape shape) {
    Tensor out = empty(dtype, shape, "Tensor.full");
    if (shape.elements() == 1) {
      HostCopy.setElement(out.view(), value);
    } else {
      Calls.into(Operators.FILL, Operators.NONE, Calls.NO_VIEWS, Calls.views(out), value);
    }
    return out;
  }

  static Tensor arange(long n) {
    long[] values = new long[Math.toIntExact(n)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return of(values, n);
  }

  static Tensor uniform(Generator generator, double low, double high, DType dtype, Shape shape) {
    double width = high - low;
    return drawn(dtype, shape, "uniform", () -> low + width * generator.nextDouble());
  }

  static Tensor normal(
      Generator generator, double mean, double deviation, DType dtype, Shape shape) {
    return drawn(dtype, shape, "normal", () -> mean + deviation * generator.nextGaussian());
  }

  private static Tensor drawn(DType dtype, Shape shape, String origin, DoubleSupplier draw) {
    if (!dtype.isFloating()) {
      throw DTypeException.unsupported("Tensor." + origin, dtype, "a floating-point type");
    }
    double[] values = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = draw.getAsDouble();
    }
    Tensor out = empty(dtype, shape, origin);
    HostCopy.write(values, out.view());
    return out;
  }
}
