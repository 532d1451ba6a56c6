package io.fulgur.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One application of an operator: to what, with which attributes, into which memory.
 *
 * <p>Everything but the {@linkplain #scalar(int) scalars} is fixed for the life of a kernel.
 * Scalars may differ at each run, so a kernel reads them in {@link Kernel#run()}.
 *
 * @since 0.1
 */
public final class OpCall {
  private final Operator operator;
  private final Object attributes;
  private final View[] inputs;
  private final View[] outputs;
  private double[] scalars;

  OpCall(Operator operator, Object attributes, View[] inputs, View[] outputs, double[] scalars) {
    this.operator = operator;
    this.attributes = attributes;
    this.inputs = inputs;
    this.outputs = outputs;
    this.scalars = scalars;
  }

  /**
   * Returns a call into given memory, for who asks a {@link KernelProvider} directly: tests and
   * measurements.
   */
  public static OpCall of(
      Operator operator, Object attributes, View[] inputs, View[] outputs, double... scalars) {
    return new OpCall(operator, attributes, inputs.clone(), outputs.clone(), scalars.clone());
  }

  /** Returns the operator. */
  public Operator operator() {
    return operator;
  }

  /**
   * Returns the attributes as the type that the operator documents.
   *
   * @throws ClassCastException if the operator has others
   */
  public <T> T attributes(Class<T> type) {
    return type.cast(attributes);
  }

  /** Returns how many inputs there are. */
  public int inputs() {
    return inputs.length;
  }

  /** Returns an input. */
  public View input(int index) {
    return inputs[index];
  }

  /** Returns how many outputs there are. */
  public int outputs() {
    return outputs.length;
  }

  /** Returns an output. */
  public View output(int index) {
    return outputs[index];
  }

  /** Returns a number that may be another at each run. */
  public double scalar(int index) {
    return scalars[index];
  }

  /** Returns how many scalars there are. */
  public int scalars() {
    return scalars.length;
  }

  /** Returns whether any input or output is of a 16-bit type. */
  public boolean hasSixteenBit() {
    for (View view : inputs) {
      if (view.dtype().isSixteenBit()) {
        return true;
      }
    }
    for (View view : outputs) {
      if (view.dtype().isSixteenBit()) {
        return true;
      }
    }
    return false;
  }

  Object attributes() {
    return attributes;
  }

  double[] scalarValues() {
    return scalars;
  }

  void scalars(double[] values) {
    scalars = values;
  }

  boolean matches(Operator thatOperator, Object thatAttributes, View[] thatInputs) {
    if (operator != thatOperator || inputs.length != thatInputs.length) {
      return false;
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != thatInputs[i] && !inputs[i].sameMemory(thatInputs[i])) {
        return false;
      }
    }
    return attributes == thatAttributes || attributes.equals(thatAttributes);
  }

  boolean writesTo(View[] thatOutputs) {
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] != thatOutputs[i] && !outputs[i].sameMemory(thatOutputs[i])) {
        return false;
      }
    }
    return outputs.length == thatOutputs.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OpCall that
        && matches(that.operator, that.attributes, that.inputs)
        && writesTo(that.outputs);
  }

  @Override
  public int hashCode() {
    int hash = 31 * operator.hashCode() + attributes.hashCode();
    for (View view : inputs) {
      hash = 31 * hash + view.memoryHash();
    }
    for (View view : outputs) {
      hash = 31 * hash + view.memoryHash();
    }
    return hash;
  }

  /** Returns e.g. {@code matmul(F32[8, 32], F32[32, 32]) -> F32[8, 32]}. */
  @Override
  public String toString() {
    return operator.name() + "(" + list(inputs) + ") -> " + list(outputs);
  }

  private static String list(View[] views) {
    return Arrays.stream(views).map(View::toString).collect(Collectors.joining(", "));
  }
}
