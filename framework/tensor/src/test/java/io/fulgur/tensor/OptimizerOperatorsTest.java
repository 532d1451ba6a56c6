package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.OptimizerOperators.Adafactor;
import io.fulgur.tensor.OptimizerOperators.RmsProp;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels of optimizer steps, in single precision, against their compositions, in double; the
 * compositions are compared with PyTorch where the optimizers are.
 */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class OptimizerOperatorsTest {
  /** More than a block, and odd. */
  private static final Shape SHORT = Shape.of(3, 29, 47);

  /** Several pieces that threads share, and neither whole pieces nor whole blocks. */
  private static final Shape LONG = Shape.of(301, 1001);

  private static final Shape MANY = Shape.of(97, 31, 103);

  /** An operator with scalars; those of optimizers that keep a count differ from step to step. */
  private record Case(
      String name, Operator operator, Object attributes, int vectors, List<Double> scalars) {
    boolean isElementwise() {
      return operator != OptimizerOperators.LARS_STEP
          && operator != OptimizerOperators.LAMB_STEP
          && operator != OptimizerOperators.ADAFACTOR_STEP;
    }

    boolean isFactored() {
      return attributes instanceof Adafactor adafactor && adafactor.factored();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Operator operator, int vectors, double... scalars) {
    return with(name, operator, Operators.NONE, vectors, scalars);
  }

  private static Case with(
      String name, Operator operator, Object attributes, int vectors, double... scalars) {
    return new Case(name, operator, attributes, vectors, Arrays.stream(scalars).boxed().toList());
  }

  static Stream<Case> cases() {
    Operator sgd = OptimizerOperators.SGD_STEP;
    Operator adam = OptimizerOperators.ADAM_STEP;
    Operator rmsprop = OptimizerOperators.RMSPROP_STEP;
    Operator lars = OptimizerOperators.LARS_STEP;
    Operator adafactor = OptimizerOperators.ADAFACTOR_STEP;
    return Stream.of(
        of("sgd", sgd, 0, 1, 0, 0.1, 0, 0, 0, 0),
        of("sgdMaximize", sgd, 0, -1, 0.1, 0.1, 0, 0, 0, 0),
        of("sgdFirst", sgd, 1, 1, 0.1, 0.1, 0.9, 0.5, 0, 1),
        of("sgdDampening", sgd, 1, 1, 0.1, 0.1, 0.9, 0.5, 0, 0),
        of("sgdNesterov", sgd, 1, 1, 0, 0.1, 0.9, 0, 1, 0),
        of("adam", adam, 2, 1, 0.1, 1, 0.9, 0.99, 0, 0.1, 1.5, 1e-8),
        of("adamW", adam, 2, -1, 0, 0.9, 0.8, 0.95, 0, 0.1, 1.5, 1e-8),
        of("amsgrad", adam, 3, 1, 0, 1, 0.9, 0.5, 0, 0.1, 1.5, 1e-4),
        of("nadam", adam, 2, 1, 0, 1, 0.9, 0.99, 0.02, 0.1, 1.5, 1e-8),
        of("radamUnrectified", adam, 2, 1, 0, 1, 0.9, 0.99, 0, 0.1, 0, 1),
        with("rmsprop", rmsprop, new RmsProp(false, false), 1, 1, 0.1, 0.1, 0.9, 1e-4, 0),
        with("centered", rmsprop, new RmsProp(true, false), 2, 1, 0.1, 0.1, 0.9, 1e-2, 0),
        with("momentum", rmsprop, new RmsProp(false, true), 2, -1, 0, 0.1, 0.9, 1e-4, 0.7),
        with("both", rmsprop, new RmsProp(true, true), 3, 1, 0, 0.1, 0.9, 1e-2, 0.7),
        of("adagrad", OptimizerOperators.ADAGRAD_STEP, 1, 1, 0.1, 0.1, 1e-6, 0.2),
        of("adadelta", OptimizerOperators.ADADELTA_STEP, 2, 1, 0.1, 0.5, 0.9, 1e-3),
        of("lion", OptimizerOperators.LION_STEP, 1, -1, 0, 0.1, 0.9, 0.95, 0.9),
        of("lars", lars, 1, 1, 0.1, 0.5, 0.9, 0, 0, 0, 0.1, 1e-6),
        of("larsNesterov", lars, 1, -1, 0.1, 0.5, 0.9, 0, 1, 0, 0.1, 1e-6),
        of("larsUnscaled", lars, 0, 1, 0.1, 0.1, 0, 0, 0, 0, 0, 0),
        of("lamb", OptimizerOperators.LAMB_STEP, 2, -1, 0, 0.1, 0.9, 0.99, 3, 1.5, 1e-6, 0.1),
        with(
            "adafactor",
            adafactor,
            new Adafactor(true, false),
            0,
            1,
            0,
            0.1,
            0.5,
            1e-30,
            1e-3,
            1,
            1,
            0,
            0.1),
        with(
            "adafactorMomentum",
            adafactor,
            new Adafactor(true, true),
            1,
            -1,
            0.1,
            0.1,
            0.5,
            1e-3,
            1e-3,
            0.5,
            0,
            0.9,
            0),
        with(
            "adafactorPlain",
            adafactor,
            new Adafactor(false, false),
            1,
            1,
            0.1,
            0.1,
            0.5,
            1e-30,
            1e-3,
            1,
            1,
            0,
            0.1),
        with(
            "adafactorPlainMomentum",
            adafactor,
            new Adafactor(false, true),
            2,
            1,
            0,
            0.1,
            0.5,
            1e-30,
            1e-3,
            1,
            0,
            0.9,
            0.1));
  }

  /** A parameter with its state, in training. */
  private static final class Run {
    private final Case of;
    private final Tensor gradient;
    private final List<Tensor> changed = new ArrayList<>();

    Run(Case of, Shape shape, DType dtype) {
      this.of = of;
      double[] values = wave(shape, 0);
      gradient = tensor(new double[values.length], shape, dtype);
      changed.add(tensor(values, shape, dtype));
      if (of.isFactored()) {
        changed.add(tensor(null, shape.without(-1), dtype));
        changed.add(tensor(null, shape.without(-2), dtype));
      }
      for (int i = 0; i < of.vectors; i++) {
        changed.add(tensor(null, shape, dtype));
      }
    }

    private static Tensor tensor(double[] values, Shape shape, DType dtype) {
      double[] all = values == null ? new double[(int) shape.elements()] : values;
      return Tensor.of(all, shape.toArray()).to(dtype);
    }

    void step(int number) {
      try (StepScope scope = StepScope.open(of.name)) {
        Shape shape = gradient.shape();
        double[] values = wave(shape, number);
        gradient.assign(Tensor.of(values, shape.toArray()).to(gradient.dtype()));
        step(gradient.view(), outputs());
      }
    }

    View[] outputs() {
      return changed.stream().map(Tensor::view).toArray(View[]::new);
    }

    private void step(View grad, View[] outputs) {
      double[] scalars = of.scalars.stream().mapToDouble(Double::doubleValue).toArray();
      OptimizerKernels.step(of.operator, of.attributes, grad, outputs, scalars);
    }

    void stepInParts(int number, int size) {
      Shape shape = gradient.shape();
      double[] values = wave(shape, number);
      gradient.assign(Tensor.of(values, shape.toArray()).to(gradient.dtype()));
      for (int from = 0; from < shape.elements(); from += size) {
        int length = (int) Math.min(size, shape.elements() - from);
        View[] outputs = new View[changed.size()];
        for (int i = 0; i < outputs.length; i++) {
          outputs[i] = part(changed.get(i), from, length);
        }
        step(part(gradient, from, length), outputs);
      }
    }

    private static View part(Tensor tensor, int from, int length) {
      return View.contiguous(tensor.view().storage(), from, Shape.of(length));
    }
  }

  private record Wave(Shape shape, int number) {
    double[] values() {
      double[] values = new double[(int) shape.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = number == 0 ? Math.cos(i * 0.3) : Math.sin(i * 0.7 + number);
      }
      return values;
    }
  }

  private static final Map<Wave, double[]> WAVES = new HashMap<>();

  /** Returns the values of parameters, for number 0, or their gradients at a step. */
  private static double[] wave(Shape shape, int number) {
    return WAVES.computeIfAbsent(new Wave(shape, number), Wave::values);
  }

  private static void assertEqual(Run actual, Run expected, double tolerance) {
    for (int k = 0; k < expected.changed.size(); k++) {
      double[] got = actual.changed.get(k).toDoubleArray();
      double[] want = expected.changed.get(k).toDoubleArray();
      double most = 0;
      for (int i = 0; i < want.length; i++) {
        double error = Math.abs(got[i] - want[i]) / Math.max(1, Math.abs(want[i]));
        // Written so that NaN fails, too.
        most = error <= most ? most : error;
      }
      assertThat(most).as("error of output %d of %s", k, expected.of).isLessThan(tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernel_inSinglePrecision_equalsCompositionInDouble(Case of) {
    List<Shape> shapes = new ArrayList<>(List.of(SHORT, Shape.of(1, 1), Shape.of(2, 1), LONG));
    if (of.isFactored()) {
      shapes.add(MANY);
    }
    for (Shape shape : shapes) {
      Run single = new Run(of, shape, DType.F32);
      Run twice = new Run(of, shape, DType.F64);
      for (int step = 1; step <= 3; step++) {
        single.step(step);
        twice.step(step);
      }
      assertEqual(single, twice, 2e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void composition_inSixteenBits_isThatInSinglePrecisionRounded(Case of) {
    for (DType dtype : List.of(DType.BF16, DType.F16)) {
      Run rounded = new Run(of, SHORT, dtype);
      Run single = new Run(of, SHORT, DType.F32);
      for (int k = 0; k < single.changed.size(); k++) {
        single.changed.get(k).assign(rounded.changed.get(k).to(DType.F32));
      }
      rounded.step(1);
      single.gradient.assign(rounded.gradient.to(DType.F32));
      single.step(single.gradient.view(), single.outputs());
      assertEqual(rounded, single, dtype == DType.BF16 ? 4e-3 : 5e-4);
    }
  }

  static Stream<Case> elementwise() {
    return cases().filter(Case::isElementwise);
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void kernel_sharedBetweenThreads_isBitwiseTheStepInParts(Case of) {
    Run whole = new Run(of, LONG, DType.F32);
    Run parts = new Run(of, LONG, DType.F32);
    for (int step = 1; step <= 3; step++) {
      whole.step(step);
      parts.stepInParts(step, 20_001);
    }
    for (int k = 0; k < whole.changed.size(); k++) {
      assertThat(whole.changed.get(k).toFloatArray())
          .isEqualTo(parts.changed.get(k).toFloatArray());
    }
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void step_ofNanAndVanishingGradients_spoilsOnlyTheirValues(Case of) {
    double[] gradients = {0, 1e-30, -1e-30, 1, Double.NaN, 1};
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Run run = new Run(of, Shape.of(gradients.length), dtype);
      run.gradient.assign(Tensor.of(gradients, gradients.length).to(dtype));
      run.step(run.gradient.view(), run.outputs());
      double[] values = run.changed.get(0).toDoubleArray();
      for (int i = 0; i < values.length; i++) {
        assertThat(Double.isFinite(values[i])).as("%s, value %d", dtype, i).isEqualTo(i != 4);
      }
    }
  }

  static Stream<Case> normed() {
    return cases().filter(c -> !c.isElementwise());
  }

  @ParameterizedTest
  @MethodSource("normed")
  void kernel_runAgain_givesTheSameBits(Case of) {
    Run one = new Run(of, LONG, DType.F32);
    Run other = new Run(of, LONG, DType.F32);
    for (int step = 1; step <= 3; step++) {
      one.step(step);
      other.step(step);
    }
    for (int k = 0; k < one.changed.size(); k++) {
      assertThat(one.changed.get(k).toFloatArray()).isEqualTo(other.changed.get(k).toFloatArray());
    }
  }

  @ParameterizedTest
  @MethodSource("normed")
  void step_ofZeros_staysFinite(Case of) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Run run = new Run(of, SHORT, dtype);
      View[] outputs = run.outputs();
      run.step(run.gradient.view(), outputs);
      assertThat(run.changed.get(0).toDoubleArray()).doesNotContain(Double.NaN);
      run.changed.get(0).fill(0);
      run.gradient.fill(1);
      run.step(run.gradient.view(), outputs);
      assertThat(run.changed.get(0).toDoubleArray()).doesNotContain(Double.NaN).doesNotContain(0.0);
    }
  }
}
