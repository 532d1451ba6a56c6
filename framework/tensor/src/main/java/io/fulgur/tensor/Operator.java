package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

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
  private final @Nullable Composition composition;
  private final AutocastPolicy autocastPolicy;

  private Operator(
      String name,
      OutputRule rule,
      @Nullable Composition composition,
      AutocastPolicy autocastPolicy) {
    this.name = name;
    this.rule = rule;
    this.composition = composition;
    this.autocastPolicy = autocastPolicy;
  }

  /** Defines a basic operator, for which some provider must have kernels. */
  public static Operator of(String name, OutputRule rule) {
    return new Operator(name, rule, null, AutocastPolicy.AS_GIVEN);
  }

  /** Defines a composite operator. */
  public static Operator of(String name, OutputRule rule, Composition composition) {
    return new Operator(name, rule, composition, AutocastPolicy.AS_GIVEN);
  }

  /**
   * Returns this definition with {@link AutocastPolicy#LOWER_PRECISION}. The functions that call
   * the operator hand their inputs to {@link Autocast#input}, which obeys it.
   */
  public Operator inLowerPrecision() {
    return new Operator(name, rule, composition, AutocastPolicy.LOWER_PRECISION);
  }

  /** Returns this definition with {@link AutocastPolicy#SINGLE_PRECISION}. */
  public Operator inSinglePrecision() {
    return new Operator(name, rule, composition, AutocastPolicy.SINGLE_PRECISION);
  }

  AutocastPolicy autocastPolicy() {
    return autocastPolicy;
  }

  /** Returns the name as it stands in error messages and traces. */
  public String name() {
    return name;
  }

  @Nullable Composition composition() {
    return composition;
  }

  Output[] outputs(Object attributes, View[] inputs) {
    return rule.outputs(attributes, inputs);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Type, shape and order in memory of an output. */
  public record Output(DType dtype, Shape shape, MemoryFormat format) {
    /** A row-major output. */
    public Output(DType dtype, Shape shape) {
      this(dtype, shape, MemoryFormat.ROW_MAJOR);
    }
  }

  /** Tells the outputs of a call; throws {@link ShapeException} where the inputs do not fit. */
  @FunctionalInterface
  public interface OutputRule {
    /** Returns the outputs in order. */
    Output[] outputs(Object attributes, View[] inputs);
  }
}
