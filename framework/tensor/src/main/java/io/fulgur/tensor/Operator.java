package io.fulgur.tensor;

/**
 * The name of a computation and how its outputs' shapes and types follow from its inputs.
 *
 * <p>The framework's own are in {@link Operators}; a plugin may define more. Operators are compared
 * by identity.
 *
 * @since 0.1
 */
public final class Operator {
  private final String name;
  private final OutputRule rule;

  private Operator(String name, OutputRule rule) {
    this.name = name;
    this.rule = rule;
  }

  /** Defines an operator. */
  public static Operator of(String name, OutputRule rule) {
    return new Operator(name, rule);
  }

  /** Returns the name as it stands in error messages and traces. */
  public String name() {
    return name;
  }

  Output[] outputs(Object attributes, View[] inputs) {
    return rule.outputs(attributes, inputs);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Shape and type of an output. */
  public record Output(DType dtype, Shape shape) {}

  /** Tells the outputs of a call; throws {@link ShapeException} where the inputs do not fit. */
  @FunctionalInterface
  public interface OutputRule {
    /** Returns the outputs in order. */
    Output[] outputs(Object attributes, View[] inputs);
  }
}
