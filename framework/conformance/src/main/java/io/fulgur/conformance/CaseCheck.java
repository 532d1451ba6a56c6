package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.GradCheck;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Runs one case in one type in several ways. */
final class CaseCheck {
  /** Beyond it, two calls for each element take long and tell nothing new. */
  private static final int MAX_ELEMENTS_OF_DIFFERENCES = 120;

  private final ReferenceCase reference;
  private final Family.MultiCall call;
  private final DType type;
  private final Tolerance tolerance;

  CaseCheck(ReferenceCase reference, Family.MultiCall call, DType type, Tolerance tolerance) {
    this.reference = reference;
    this.call = call;
    this.type = type;
    this.tolerance = tolerance;
  }

  void outsideOfScopes() {
    check(UnaryOperator.identity());
  }

  /** The first step prepares the kernels, the others find them. */
  void inScopes() {
    for (int step = 0; step < 3; step++) {
      try (StepScope scope = StepScope.open("conformance")) {
        check(UnaryOperator.identity());
      }
    }
  }

  void ofStridedInputs() {
    check(Strided::twin);
  }

  boolean differencesApply() {
    int elements = 0;
    for (Values input : reference.inputs()) {
      elements += input != null && input.isFloating() ? input.numbers().length : 0;
    }
    return type == DType.F64
        && reference.differences()
        && !reference.gradients().isEmpty()
        && elements <= MAX_ELEMENTS_OF_DIFFERENCES;
  }

  void differences() {
    List<Tensor> present = new ArrayList<>();
    for (Values input : reference.inputs()) {
      if (input != null) {
        present.add(input.tensor(type));
      }
    }
    GradCheck.check(
        given -> weightedSum(call.apply(arguments(List.of(given)))),
        present.toArray(Tensor[]::new));
  }

  private Arguments arguments(List<Tensor> present) {
    @Nullable Tensor[] tensors = new Tensor[reference.inputs().size()];
    int next = 0;
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = reference.inputs().get(i) == null ? null : present.get(next++);
    }
    return new Arguments(tensors, reference.arguments());
  }

  private void check(UnaryOperator<Tensor> twin) {
    boolean differentiates = !reference.gradients().isEmpty();
    List<Tensor> present = new ArrayList<>();
    List<Tensor> leaves = new ArrayList<>();
    for (Values input : reference.inputs()) {
      if (input != null) {
        Tensor tensor = twin.apply(input.tensor(type));
        present.add(tensor);
        if (input.isFloating() && differentiates) {
          leaves.add(tensor.requiresGrad(true));
        }
      }
    }
    Tensor[] outputs = call.apply(arguments(present));
    compareOutputs(outputs);
    if (differentiates) {
      weightedSum(outputs).backward();
      compareGradients(leaves);
    }
  }

  private void compareOutputs(Tensor[] outputs) {
    if (outputs.length != reference.outputs().size()) {
      throw new AssertionFailedError(
          outputs.length + " outputs instead of " + reference.outputs().size());
    }
    for (int i = 0; i < outputs.length; i++) {
      Values expected = reference.outputs().get(i);
      String what = "output " + i + " of " + reference;
      if (!outputs[i].shape().equals(Shape.of(expected.shape()))) {
        throw new AssertionFailedError(
            what
                + " is of shape "
                + outputs[i].shape()
                + " instead of "
                + Shape.of(expected.shape()));
      }
      DType expectedType = expected.dtype() == null ? type : expected.dtype();
      if (outputs[i].dtype() != expectedType && reference.hasFloatingInput()) {
        throw new AssertionFailedError(
            what + " is of type " + outputs[i].dtype() + " instead of " + expectedType);
      }
      tolerance.compare(what, expectedType, outputs[i].toDoubleArray(), expected.numbers());
    }
  }

  private void compareGradients(List<Tensor> leaves) {
    for (int i = 0; i < leaves.size(); i++) {
      String what = "gradient " + i + " of " + reference;
      Tensor gradient = leaves.get(i).grad();
      double[] expected = reference.gradients().get(i);
      if (gradient != null && !gradient.shape().equals(leaves.get(i).shape())) {
        throw new AssertionFailedError(
            what + " is of shape " + gradient.shape() + " instead of " + leaves.get(i).shape());
      }
      double[] actual = gradient == null ? new double[expected.length] : gradient.toDoubleArray();
      tolerance.ofGradients().compare(what, type, actual, expected);
    }
  }

  private static Tensor weightedSum(Tensor[] outputs) {
    Tensor total = null;
    for (Tensor output : outputs) {
      if (output.dtype().isFloating()) {
        Tensor sum = output.mul(weight(output)).sum();
        total = total == null ? sum : total.add(sum);
      }
    }
    if (total == null) {
      throw new AssertionFailedError("No output is of a floating-point type");
    }
    return total;
  }

  private static Tensor weight(Tensor output) {
    double[] weight = new double[Math.toIntExact(output.elements())];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = 0.5 + 0.25 * (i % 7);
    }
    return Tensor.of(weight, output.shape().toArray()).to(output.dtype());
  }
}
