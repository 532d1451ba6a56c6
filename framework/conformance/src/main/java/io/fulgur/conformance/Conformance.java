package io.fulgur.conformance;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;

/**
 * The conformance suite: every operator, over the engine and the kernel providers on the class
 * path.
 *
 * <p>For each case: the values in every floating-point type against PyTorch's, outside of step
 * scopes and in steps that prepare and then find their kernels; gradients against PyTorch's and, in
 * {@link DType#F64}, against finite differences; the same of inputs that are not contiguous. For
 * each operator: that there are cases with empty and size-one dimensions, and that wrong shapes are
 * told of. An author of an engine or a provider runs it so:
 *
 * <pre>{@code
 * class MyEngineConformanceTest {
 *   @TestFactory
 *   Stream<DynamicNode> everyOperator() {
 *     return Conformance.everyOperator();
 *   }
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class Conformance {
  private Conformance() {}

  private static List<Family> families() {
    return List.of(
        new ElementwiseFamily(),
        new BinaryFamily(),
        new ReductionFamily(),
        new SoftmaxFamily(),
        new ProductFamily(),
        new ShapingFamily(),
        new IndexingFamily(),
        new RecurrentFamily(),
        new ActivationFamily(),
        new PointwiseFamily(),
        new SortingFamily(),
        new SelectionFamily(),
        new RearrangingFamily(),
        new EinsumFamily(),
        new LinearAlgebraFamily(),
        new NormFamily(),
        new ConvolutionFamily(),
        new PoolingFamily(),
        new NormalizationFamily(),
        new ResamplingFamily(),
        new AttentionFamily(),
        new EmbeddingFamily(),
        new LossFamily());
  }

  /** Returns the whole suite, a container for each family and in it one for each operator. */
  public static Stream<DynamicNode> everyOperator() {
    return families().stream().map(Conformance::family);
  }

  private static DynamicNode family(Family family) {
    List<DynamicNode> nodes = new ArrayList<>();
    family
        .operators()
        .forEach(
            (operator, call) ->
                nodes.add(
                    DynamicContainer.dynamicContainer(operator, operator(family, operator, call))));
    nodes.add(test("every case has an operator", () -> requireOperators(family)));
    return DynamicContainer.dynamicContainer(family.name(), nodes);
  }

  private static List<DynamicNode> operator(Family family, String operator, Family.MultiCall call) {
    List<DynamicNode> nodes = new ArrayList<>();
    for (ReferenceCase reference : family.casesOf(operator)) {
      Tolerance tolerance = Tolerance.of(family.name(), reference);
      for (DType type : reference.types()) {
        CaseCheck check = new CaseCheck(reference, call, type, tolerance);
        String name = reference.name() + " " + type;
        nodes.add(test(name, check::outsideOfScopes));
        nodes.add(test(name + " in scopes", check::inScopes));
        nodes.add(test(name + " strided", check::ofStridedInputs));
        if (check.differencesApply()) {
          nodes.add(test(name + " finite differences", check::differences));
        }
      }
    }
    for (Family.Rejection rejection : family.rejectionsOf(operator)) {
      nodes.add(test("rejects " + rejection.what(), () -> requireRejection(rejection)));
    }
    nodes.add(test("is tried with all that matters", () -> requireCoverage(family, operator)));
    return nodes;
  }

  private static DynamicTest test(String name, Executable check) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try {
            check.execute();
            if (StepScope.isOpen() || !Autograd.isGradEnabled()) {
              throw new AssertionFailedError("A step scope is open, or gradients are switched off");
            }
          } catch (AssertionError | RuntimeException e) {
            // Reports of dynamic tests number them; only the message tells which it was.
            throw new AssertionFailedError(name + ": " + e.getMessage(), e);
          } finally {
            if (!StepScope.isOpen()) {
              StepScope.clearThread();
            }
          }
        });
  }

  private static void requireOperators(Family family) {
    for (ReferenceCase reference : family.cases()) {
      if (!family.operators().containsKey(reference.operator())) {
        throw new AssertionFailedError("No operator is called " + reference.operator());
      }
    }
  }

  private static void requireRejection(Family.Rejection rejection) {
    Object result;
    try {
      result = rejection.call().get();
    } catch (RuntimeException e) {
      if (!rejection.type().isInstance(e)) {
        throw new AssertionFailedError(
            "It failed with another exception than " + rejection.type().getSimpleName(), e);
      }
      String message = String.valueOf(e.getMessage());
      int from = 0;
      for (String fragment : rejection.fragments()) {
        int at = message.indexOf(fragment, from);
        if (at < 0) {
          throw new AssertionFailedError(
              "The message lacks \"" + fragment + "\" after " + from + " characters", e);
        }
        from = at + fragment.length();
      }
      return;
    }
    throw new AssertionFailedError("It was not rejected, but gave " + result);
  }

  private static void requireCoverage(Family family, String operator) {
    List<ReferenceCase> cases = family.casesOf(operator);
    Set<Family.Requirement> missing = EnumSet.allOf(Family.Requirement.class);
    missing.removeIf(requirement -> family.isExempt(operator, requirement));
    if (cases.stream().anyMatch(ReferenceCase::isEmpty)) {
      missing.remove(Family.Requirement.EMPTY);
    }
    if (cases.stream().anyMatch(ReferenceCase::hasSizeOne)) {
      missing.remove(Family.Requirement.SIZE_ONE);
    }
    if (!family.rejectionsOf(operator).isEmpty()) {
      missing.remove(Family.Requirement.REJECTION);
    }
    if (cases.isEmpty() || !missing.isEmpty()) {
      throw new AssertionFailedError(
          operator + " has " + cases.size() + " cases and lacks " + missing);
    }
  }
}
