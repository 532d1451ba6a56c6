package io.fulgur.conformance;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Operators that belong together, with the names that their reference cases give them.
 *
 * <p>A subclass tells in its constructor how to call each operator and which calls it must reject.
 * Each operator needs cases with an empty and with a size-one dimension, and a rejected call, or an
 * {@linkplain #exempt exemption} that says why not; the suite checks that.
 */
abstract class Family {
  /** Calls an operator that has one output. */
  @FunctionalInterface
  interface Call {
    Tensor apply(Arguments in);
  }

  /** Calls an operator that has several outputs. */
  @FunctionalInterface
  interface MultiCall {
    Tensor[] apply(Arguments in);
  }

  /** What every operator is to be tried with. */
  enum Requirement {
    EMPTY,
    SIZE_ONE,
    REJECTION
  }

  /**
   * A call that must fail.
   *
   * @param fragments of the message, in order
   */
  record Rejection(
      String operator,
      String what,
      Supplier<?> call,
      Class<? extends RuntimeException> type,
      List<String> fragments) {}

  private final String name;
  private final List<ReferenceCase> cases;
  private final Map<String, MultiCall> operators = new LinkedHashMap<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private final Map<String, Map<Requirement, String>> exemptions = new LinkedHashMap<>();

  /** Makes a family; its reference values are in {@code <name>.json}. */
  Family(String name) {
    this.name = name;
    this.cases = ReferenceFile.read(name);
  }

  final void operator(String operator, Call call) {
    operators(operator, in -> new Tensor[] {call.apply(in)});
  }

  final void operators(String operator, MultiCall call) {
    if (operators.put(operator, call) != null) {
      throw new IllegalArgumentException(operator + " is there twice");
    }
  }

  /** Tells of a call that must fail with a message that holds these fragments in order. */
  final void rejects(
      String operator,
      String what,
      Supplier<?> call,
      Class<? extends RuntimeException> type,
      String... fragments) {
    rejections.add(new Rejection(operator, what, call, type, List.of(fragments)));
  }

  /** Tells why operators need not be tried with something. */
  final void exempt(Requirement requirement, String reason, String... names) {
    for (String operator : names) {
      exemptions
          .computeIfAbsent(operator, o -> new EnumMap<>(Requirement.class))
          .put(requirement, reason);
    }
  }

  final String name() {
    return name;
  }

  final Map<String, MultiCall> operators() {
    return operators;
  }

  final List<ReferenceCase> cases() {
    return cases;
  }

  final List<ReferenceCase> casesOf(String operator) {
    return cases.stream().filter(c -> c.operator().equals(operator)).toList();
  }

  final List<Rejection> rejectionsOf(String operator) {
    return rejections.stream().filter(r -> r.operator().equals(operator)).toList();
  }

  final boolean isExempt(String operator, Requirement requirement) {
    return exemptions.getOrDefault(operator, Map.of()).containsKey(requirement);
  }
}
