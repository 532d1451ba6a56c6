package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the operators of a family with PyTorch's numbers: values of every type, gradients in
 * single and double precision.
 */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReferenceCases {
  private final List<ReferenceCase> cases;

  ReferenceCases(String family) {
    cases = ReferenceCase.read(family);
  }

  /** Each case with each type; cases without floating-point inputs with integer types. */
  final Stream<Arguments> casesAndTypes() {
    return cases.stream()
        .flatMap(
            reference -> {
              Stream<DType> types =
                  reference.hasFloatingInput()
                      ? reference.types().stream()
                      : reference.fitsI32()
                          ? Stream.of(DType.I64, DType.I32)
                          : Stream.of(DType.I64);
              return types.map(type -> Arguments.of(reference, type));
            });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casesAndTypes")
  void outsideOfScopes_equalsReference(ReferenceCase reference, DType type) {
    check(reference, type, UnaryOperator.identity());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casesAndTypes")
  void inScopes_preparedAndThenCached_equalsReference(ReferenceCase reference, DType type) {
    for (int step = 0; step < 3; step++) {
      try (StepScope scope = StepScope.open("reference")) {
        check(reference, type, UnaryOperator.identity());
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casesAndTypes")
  void ofStridedInputs_equalsReference(ReferenceCase reference, DType type) {
    check(reference, type, Strided::twin);
  }

  private static void check(ReferenceCase reference, DType type, UnaryOperator<Tensor> twin) {
    boolean differentiates =
        !reference.gradients().isEmpty() && (type == DType.F32 || type == DType.F64);
    DType integer = type == DType.I32 ? DType.I32 : DType.I64;
    List<Tensor> leaves = new ArrayList<>();
    Tensor[] inputs = new Tensor[reference.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      ReferenceCase.Values values = reference.inputs().get(i);
      inputs[i] = twin.apply(values.tensor(type, integer));
      if (values.isFloating()) {
        leaves.add(inputs[i].requiresGrad(differentiates));
      }
    }
    Tensor output = ReferenceOperators.call(reference, inputs);
    assertThat(output.shape()).isEqualTo(Shape.of(reference.output().shape()));
    if (reference.output().isFloating()) {
      assertThat(output.dtype()).isEqualTo(type);
    }
    compare(
        "the value of " + reference, type, output.toDoubleArray(), reference.output().numbers());
    if (!differentiates) {
      return;
    }
    output.mul(weight(output)).sum().backward();
    for (int i = 0; i < leaves.size(); i++) {
      Tensor gradient = leaves.get(i).grad();
      assertThat(gradient).as("gradient %d of %s", i, reference).isNotNull();
      assertThat(gradient.shape()).isEqualTo(leaves.get(i).shape());
      compare(
          "gradient " + i + " of " + reference,
          type,
          gradient.toDoubleArray(),
          reference.gradients().get(i));
    }
  }

  private static Tensor weight(Tensor output) {
    double[] weight = new double[(int) output.elements()];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = 0.5 + 0.25 * (i % 7);
    }
    return Tensor.of(weight, output.shape().toArray()).to(output.dtype());
  }

  private static void compare(String what, DType type, double[] actual, double[] expected) {
    double relative =
        switch (type) {
          case F64 -> 1e-10;
          case F32 -> 1e-5;
          case F16 -> 3e-3;
          case BF16 -> 2e-2;
          default -> 0;
        };
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      double allowed = relative * (Math.abs(expected[i]) + 0.1);
      boolean same =
          Double.compare(actual[i], expected[i]) == 0
              || actual[i] == expected[i]
              || Math.abs(actual[i] - expected[i]) <= allowed;
      if (!same) {
        fail(
            "%s in %s differs at element %d: %s instead of %s\nactual   %s\nexpected %s"
                .formatted(
                    what,
                    type,
                    i,
                    actual[i],
                    expected[i],
                    Arrays.toString(actual),
                    Arrays.toString(expected)));
      }
    }
  }
}
