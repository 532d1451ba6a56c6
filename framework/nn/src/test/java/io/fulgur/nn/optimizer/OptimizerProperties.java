package io.fulgur.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.nn.testing.Optimizers;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;

class OptimizerProperties {

  private static List<Parameter> parameters(List<Integer> sizes) {
    List<Parameter> parameters = new ArrayList<>();
    Generator generator = new Generator(5);
    for (int size : sizes) {
      parameters.add(Parameter.of(Tensor.normal(generator, 0, 1, DType.F64, size)));
    }
    return parameters;
  }

  private static void giveGradients(List<Parameter> parameters, double scale) {
    for (Parameter parameter : parameters) {
      parameter.square().sum().mul(scale / 2).backward();
    }
  }

  private static List<double[]> trained(
      List<Integer> sizes, Function<List<Parameter>, Optimizer> factory) {
    List<Parameter> parameters = parameters(sizes);
    Optimizer optimizer = factory.apply(parameters);
    for (int i = 0; i < 3; i++) {
      optimizer.zeroGrad();
      giveGradients(parameters, 1);
      optimizer.step();
    }
    return parameters.stream().map(Tensor::toDoubleArray).toList();
  }

  /** Where a parameter lies in a flat buffer, and in which, makes no difference. */
  @Property(tries = 30)
  void step_ofOneGroup_equalsThatOfAGroupForEachParameter(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> sizes) {
    List<double[]> one = trained(sizes, parameters -> AdamW.of(parameters).learningRate(0.1));
    List<double[]> many =
        trained(
            sizes,
            parameters ->
                AdamW.of(
                        parameters.stream()
                            .map(p -> ParameterGroup.of(List.of(p)))
                            .toArray(ParameterGroup[]::new))
                    .learningRate(0.1));
    for (int i = 0; i < one.size(); i++) {
      assertThat(many.get(i)).containsExactly(one.get(i));
    }
  }

  /** Going up a function is going down its negative. */
  @Property(tries = 30)
  void step_thatMaximizes_isThatOfTheNegatedGradient(
      @ForAll("optimizers") String name,
      @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 1, max = 20) Integer> sizes) {
    List<double[]> results = new ArrayList<>();
    for (int sign : new int[] {1, -1}) {
      List<Parameter> parameters = parameters(sizes);
      Optimizer optimizer = Optimizers.all().get(name).apply(parameters);
      optimizer.groups().forEach(group -> group.set("maximize", sign == 1 ? 0 : 1));
      for (int i = 0; i < 3; i++) {
        optimizer.zeroGrad();
        giveGradients(parameters, sign);
        optimizer.step();
      }
      parameters.forEach(parameter -> results.add(parameter.toDoubleArray()));
    }
    for (int i = 0; i < sizes.size(); i++) {
      assertThat(results.get(sizes.size() + i)).containsExactly(results.get(i));
    }
  }

  @Provide
  Arbitrary<String> optimizers() {
    return Arbitraries.of(Optimizers.all().keySet());
  }

  /** LAMB steps by a share of the parameter's length, whatever the gradient's. */
  @Property(tries = 30)
  void lamb_withoutDecay_stepsByTheLearningRateTimesTheNorm(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @DoubleRange(min = 1e-2, max = 1e3) double scale) {
    List<Parameter> parameters = parameters(List.of(size));
    double[] before = parameters.get(0).toDoubleArray();
    Optimizer optimizer = LAMB.of(parameters).learningRate(0.01).weightDecay(0).epsilon(1e-12);
    giveGradients(parameters, scale);
    optimizer.step();
    double[] after = parameters.get(0).toDoubleArray();
    double norm = 0;
    double moved = 0;
    for (int i = 0; i < size; i++) {
      norm += before[i] * before[i];
      moved += (after[i] - before[i]) * (after[i] - before[i]);
    }
    assertThat(Math.sqrt(moved / norm)).isCloseTo(0.01, Offset.offset(1e-9));
  }

  @Property(tries = 30)
  void step_ofLearningRateZero_changesNothing(
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 20) Integer> sizes) {
    List<Parameter> untouched = parameters(sizes);
    List<double[]> stepped = trained(sizes, p -> SGD.of(p).learningRate(0).momentum(0.9));
    for (int i = 0; i < stepped.size(); i++) {
      assertThat(stepped.get(i)).containsExactly(untouched.get(i).toDoubleArray());
    }
  }

  /** Clipping shortens to the limit, keeps the direction, and leaves what is short enough. */
  @Property(tries = 50)
  void clippingByNorm_limitsTheNormAndKeepsTheDirection(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 20) Integer> sizes,
      @ForAll @DoubleRange(min = 1e-2, max = 1e3) double scale,
      @ForAll @DoubleRange(min = 1e-2, max = 1e2) double maxNorm) {
    List<Parameter> parameters = parameters(sizes);
    Optimizer optimizer = SGD.of(parameters);
    giveGradients(parameters, scale);
    List<double[]> before = parameters.stream().map(p -> p.grad().toDoubleArray()).toList();

    double norm = GradientClipping.byNorm(optimizer, maxNorm);
    double after = GradientClipping.norm(optimizer);

    assertThat(after).isLessThanOrEqualTo(maxNorm);
    double factor = Math.min(1, maxNorm / (norm + 1e-6));
    for (int i = 0; i < before.size(); i++) {
      double[] gradient = parameters.get(i).grad().toDoubleArray();
      for (int j = 0; j < gradient.length; j++) {
        double expected = before.get(i)[j] * factor;
        assertThat(Math.abs(gradient[j] - expected)).isLessThanOrEqualTo(1e-12 * (1 + norm));
      }
    }
  }
}
