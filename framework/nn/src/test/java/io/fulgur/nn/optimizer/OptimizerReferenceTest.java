package io.fulgur.nn.optimizer;

import static io.fulgur.nn.testing.Reference.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.nn.schedule.OneCycleLR;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares 200 steps of four parameters with PyTorch, and what PyTorch has not with the papers.
 *
 * <p>Each parameter goes down {@code sum(curvature (p - target)² / 2 + wave p)}, whose wave changes
 * from step to step. Names say what is particular: in "Skipped" ones the bias has no gradient at
 * every third step, and "Maximize" ones go up the negated loss.
 */
class OptimizerReferenceTest {
  private static final JsonNode CASES = Reference.read("optimizers.json");
  private static final int STEPS = 200;

  /** Makes an optimizer of the parameters weight, bias, kernel and scale. */
  @FunctionalInterface
  private interface Factory {
    Optimizer of(List<Parameter> parameters);
  }

  /** The last two parameters are in a group of their own. */
  private static <O> O two(
      List<Parameter> all, Function<ParameterGroup[], O> optimizer, Object... second) {
    ParameterGroup group = ParameterGroup.of(all.subList(2, 4));
    for (int i = 0; i < second.length; i += 2) {
      group.set((String) second[i], ((Number) second[i + 1]).doubleValue());
    }
    return optimizer.apply(new ParameterGroup[] {ParameterGroup.of(all.subList(0, 2)), group});
  }

  private static Map<String, Factory> optimizers() {
    Map<String, Factory> cases = new LinkedHashMap<>();
    putMomentum(cases);
    putAdams(cases);
    putAdaptive(cases);
    putLayerwise(cases);
    return cases;
  }

  private static void putMomentum(Map<String, Factory> cases) {
    cases.put("sgd", p -> SGD.of(p).learningRate(0.05));
    cases.put(
        "sgdMomentumDampening",
        p -> SGD.of(p).learningRate(0.05).momentum(0.8).dampening(0.3).weightDecay(0.1));
    cases.put(
        "sgdNesterov",
        p ->
            two(p, SGD::of, "learningRate", 0.01, "weightDecay", 0.2)
                .learningRate(0.02)
                .momentum(0.9)
                .nesterov(true)
                .weightDecay(0.01));
    cases.put("sgdMaximize", p -> SGD.of(p).learningRate(0.02).momentum(0.9).maximize(true));
    cases.put(
        "sgdTwoGroupsSkipped",
        p ->
            two(p, SGD::of, "momentum", 0.5, "weightDecay", 0.2)
                .learningRate(0.02)
                .momentum(0.9)
                .dampening(0.5));
    cases.put("lion", p -> Lion.of(p).learningRate(0.01));
    cases.put(
        "lionTwoGroupsSkipped",
        p ->
            two(p, Lion::of, "beta1", 0.8, "beta2", 0.95, "weightDecay", 1)
                .learningRate(0.003)
                .weightDecay(0.1));
  }

  private static void putAdams(Map<String, Factory> cases) {
    cases.put("adam", p -> Adam.of(p).learningRate(0.01));
    cases.put(
        "adamWeightDecay",
        p -> Adam.of(p).learningRate(0.01).betas(0.8, 0.99).epsilon(1e-4).weightDecay(0.1));
    cases.put("adamSkipped", p -> Adam.of(p).learningRate(0.01));
    cases.put(
        "adamAmsgrad",
        p ->
            two(p, Adam::of, "learningRate", 0.02, "weightDecay", 0.1)
                .learningRate(0.01)
                .betas(0.9, 0.9)
                .amsgrad(true));
    cases.put("adamMaximize", p -> Adam.of(p).learningRate(0.01).weightDecay(0.1).maximize(true));
    cases.put("adamW", p -> AdamW.of(p).learningRate(0.01));
    cases.put(
        "adamWAmsgradMaximize",
        p ->
            two(p, AdamW::of, "learningRate", 0.1, "weightDecay", 0)
                .learningRate(0.01)
                .weightDecay(0.3)
                .betas(0.9, 0.95)
                .amsgrad(true)
                .maximize(true));
    cases.put("nadam", NAdam::of);
    cases.put(
        "nadamTwoGroupsSkipped",
        p ->
            two(
                    p,
                    NAdam::of,
                    "beta1",
                    0.7,
                    "beta2",
                    0.95,
                    "momentumDecay",
                    0.02,
                    "weightDecay",
                    0.1)
                .learningRate(0.01)
                .epsilon(1e-6));
    cases.put("nadamOneCycle", p -> NAdam.of(p).learningRate(0.01));
    cases.put("radam", p -> RAdam.of(p).learningRate(0.01));
    cases.put(
        "radamTwoGroupsSkipped",
        p ->
            two(p, RAdam::of, "beta1", 0.7, "beta2", 0.9, "weightDecay", 0.1)
                .learningRate(0.01)
                .epsilon(1e-6));
  }

  private static void putAdaptive(Map<String, Factory> cases) {
    cases.put("rmsprop", RMSprop::of);
    cases.put(
        "rmspropCentered",
        p -> RMSprop.of(p).learningRate(0.005).alpha(0.9).centered(true).weightDecay(0.1));
    cases.put(
        "rmspropMomentumMaximize",
        p ->
            two(p, RMSprop::of, "momentum", 0.8, "epsilon", 1e-4)
                .learningRate(0.002)
                .momentum(0.5)
                .maximize(true));
    cases.put(
        "rmspropCenteredMomentumSkipped",
        p ->
            two(p, RMSprop::of, "centered", 0, "alpha", 0.95, "momentum", 0)
                .learningRate(0.002)
                .momentum(0.9)
                .centered(true)
                .weightDecay(0.05));
    cases.put("adagrad", p -> Adagrad.of(p).learningRate(0.1));
    cases.put(
        "adagradDecayedMaximizeSkipped",
        p ->
            two(p, Adagrad::of, "weightDecay", 0.1, "learningRateDecay", 0)
                .learningRate(0.1)
                .learningRateDecay(0.02)
                .initialAccumulatorValue(0.3)
                .epsilon(1e-5)
                .maximize(true));
    cases.put("adadelta", Adadelta::of);
    cases.put(
        "adadeltaTwoGroupsMaximizeSkipped",
        p ->
            two(p, Adadelta::of, "rho", 0.7, "weightDecay", 0.1)
                .learningRate(2)
                .epsilon(1e-5)
                .maximize(true));
  }

  private static void putLayerwise(Map<String, Factory> cases) {
    cases.put("lars", p -> LARS.of(p).learningRate(10));
    cases.put(
        "larsTwoGroupsSkipped",
        p ->
            two(p, LARS::of, "trustCoefficient", 0, "learningRate", 0.01)
                .learningRate(1)
                .momentum(0.8)
                .nesterov(true)
                .weightDecay(0.1)
                .trustCoefficient(0.01));
    cases.put(
        "larsWithoutMomentum",
        p -> LARS.of(p).learningRate(1).momentum(0).trustCoefficient(0.02).epsilon(0.1));
    cases.put("lamb", p -> LAMB.of(p).learningRate(0.01));
    cases.put(
        "lambTwoGroupsSkipped",
        p ->
            two(p, LAMB::of, "weightDecay", 0.3, "beta1", 0.8, "beta2", 0.9)
                .learningRate(0.02)
                .epsilon(1e-4)
                .weightDecay(0));
    cases.put("adafactor", Adafactor::of);
    cases.put(
        "adafactorWarmup",
        p ->
            Adafactor.of(p)
                .learningRate(100)
                .warmupInit(true)
                .beta1(0.9)
                .weightDecay(0.1)
                .clippingThreshold(0.7));
    cases.put(
        "adafactorAbsoluteSkipped",
        p ->
            two(
                    p,
                    Adafactor::of,
                    "scaleParameter",
                    1,
                    "beta1",
                    0.8,
                    "decayRate",
                    -0.5,
                    "learningRate",
                    0.05)
                .learningRate(0.01)
                .relativeStep(false)
                .scaleParameter(false)
                .weightDecay(0.1)
                .epsilon(1e-20)
                .minScale(1e-2));
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    List<String> names = new ArrayList<>(List.of("data"));
    names.addAll(optimizers().keySet());
    assertThat(names).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<Arguments> optimizersAndTypes() {
    return optimizers().keySet().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, DType.F32), Arguments.of(name, DType.F64)));
  }

  /** The problem, in progress. Gradients are computed here: it is the steps that are tested. */
  private static final class Problem {
    final List<String> names = new ArrayList<>();
    final List<Parameter> parameters = new ArrayList<>();
    private final List<double[]> targets = new ArrayList<>();
    private final List<double[]> curvatures = new ArrayList<>();

    Problem(DType dtype) {
      for (Map.Entry<String, JsonNode> entry : CASES.get("data").properties()) {
        names.add(entry.getKey());
        parameters.add(Parameter.of(tensor(entry.getValue().get("start"), dtype)));
        targets.add(tensor(entry.getValue().get("target"), DType.F64).toDoubleArray());
        curvatures.add(tensor(entry.getValue().get("curvature"), DType.F64).toDoubleArray());
      }
    }

    void addGradient(int k, int step, double sign) {
      Parameter p = parameters.get(k);
      double[] gradient = p.toDoubleArray();
      for (int i = 0; i < gradient.length; i++) {
        double wave = 0.3 * Math.sin(step * (0.5 + 0.1 * i) + k);
        double slope = curvatures.get(k)[i] * (gradient[i] - targets.get(k)[i]) + wave;
        gradient[i] = sign * slope;
      }
      p.backward(Tensor.of(gradient, p.shape().toArray()).to(p.dtype()));
    }

    double[] values() {
      return parameters.stream().flatMapToDouble(p -> Arrays.stream(p.toDoubleArray())).toArray();
    }
  }

  @ParameterizedTest
  @MethodSource("optimizersAndTypes")
  void trajectory_overTwoHundredSteps_equalsTheReference(String name, DType dtype) {
    double tolerance = dtype == DType.F32 ? 2e-5 : 1e-11;
    Problem problem = new Problem(dtype);
    Optimizer optimizer = optimizers().get(name).of(problem.parameters);
    OneCycleLR schedule =
        name.endsWith("OneCycle") ? OneCycleLR.of(optimizer, 0.02, 201).build() : null;

    int compared = 0;
    for (int step = 1; step <= STEPS; step++) {
      try (StepScope ignored = StepScope.open(name + dtype)) {
        optimizer.zeroGrad();
        for (int k = 0; k < problem.parameters.size(); k++) {
          boolean skipped =
              name.endsWith("Skipped") && problem.names.get(k).equals("bias") && step % 3 == 0;
          if (!skipped) {
            problem.addGradient(k, step, name.contains("Maximize") ? -1 : 1);
          }
        }
        optimizer.step();
      }
      if (schedule != null) {
        schedule.step();
      }
      JsonNode expected = CASES.get(name).get(String.valueOf(step));
      if (expected != null) {
        double[] values = problem.values();
        assertThat(values).hasSize(expected.size());
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i])
              .as("value %d at step %d", i, step)
              .isCloseTo(expected.get(i).asDouble(), Offset.offset(tolerance));
        }
        compared++;
      }
    }
    assertThat(compared).isEqualTo(5);
  }
}
