package io.fulgur.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.testing.Optimizers;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
  private final Parameter first = Parameter.of(Tensor.ones(3));
  private final Parameter second = Parameter.of(Tensor.ones(2, 2));

  private static void giveGradient(Parameter parameter) {
    parameter.sum().backward();
  }

  @Test
  void step_changesTheParametersThatModulesHold() {
    Linear linear = new Linear(3, 2);
    Optimizer optimizer = SGD.of(linear.parameters()).learningRate(1);
    float before = linear.weight().toFloatArray()[0];
    giveGradient(linear.weight());
    optimizer.step();
    assertThat(linear.weight().toFloatArray()[0]).isEqualTo(before - 1);
  }

  @Test
  void step_withoutGradient_leavesParameterDespiteDecayAndMomentum() {
    Optimizer optimizer =
        SGD.of(List.of(first, second)).learningRate(0.1).momentum(0.9).weightDecay(0.5);
    giveGradient(first);
    giveGradient(second);
    optimizer.step();
    float[] before = second.toFloatArray();
    optimizer.zeroGrad();
    giveGradient(first);
    optimizer.step();
    assertThat(second.toFloatArray()).containsExactly(before);
    assertThat(first.toFloatArray()[0]).isLessThan(before[0]);
  }

  static Stream<Arguments> optimizers() {
    return Optimizers.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void step_ofFrozenParameter_leavesItEvenWithAnOldGradient(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Optimizer optimizer = factory.apply(List.of(first, second));
    giveGradient(first);
    giveGradient(second);
    second.requiresGrad(false);
    optimizer.step();
    assertThat(second.toFloatArray()).containsOnly(1);
    assertThat(first.toFloatArray()).doesNotContain(1f);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void step_ofParameterThatGetsItsGradientLate_isThatOfOneAlone(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Optimizer optimizer = factory.apply(List.of(first, second));
    giveGradient(first);
    optimizer.step();
    assertThat(second.toFloatArray()).containsOnly(1);
    giveGradient(second);
    optimizer.step();

    Parameter alone = Parameter.of(Tensor.ones(2, 2));
    Optimizer other = factory.apply(List.of(alone, Parameter.of(Tensor.ones(3))));
    other.groups().get(other.groups().size() - 1).learningRate(rateOf(optimizer, second));
    other.groups().get(0).learningRate(rateOf(optimizer, second));
    giveGradient(alone);
    other.step();
    assertThat(second.toFloatArray()).containsExactly(alone.toFloatArray());
  }

  private static double rateOf(Optimizer optimizer, Parameter parameter) {
    return optimizer.groups().stream()
        .filter(group -> group.parameters().contains(parameter))
        .findFirst()
        .orElseThrow()
        .learningRate();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void step_ofNanGradient_showsInTheValues(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Optimizer optimizer = factory.apply(List.of(first, second));
    giveGradient(second);
    first.mul(Tensor.of(new float[] {1, Float.NaN, 1}, 3)).sum().backward();
    optimizer.step();
    assertThat(first.toFloatArray()[1]).isNaN();
    assertThat(second.toFloatArray()).doesNotContain(Float.NaN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void hyperparameters_ofEach_areNamedAndChecked(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Optimizer optimizer = factory.apply(List.of(first, second));
    ParameterGroup group = optimizer.groups().get(0);
    assertThat(group.hyperparameters()).containsKeys("learningRate", "weightDecay", "maximize");
    for (String hyperparameter : group.hyperparameters().keySet()) {
      assertThatThrownBy(() -> group.set(hyperparameter, Double.NaN))
          .isInstanceOfSatisfying(
              FulgurException.class,
              e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_HYPERPARAMETER))
          .hasMessageContaining(optimizer.name() + ": " + hyperparameter + " is NaN; allowed is ");
    }
  }

  @Test
  void hyperparameters_ofNewerOptimizers_outOfTheirRange_areRefused() {
    assertRefused(
        () -> RMSprop.of(List.of(first)).alpha(1),
        "[InvalidHyperparameter] RMSprop: alpha is 1.0; allowed is from 0 to below 1.");
    assertRefused(
        () -> Adagrad.of(List.of(first)).initialAccumulatorValue(-1),
        "[InvalidHyperparameter] Adagrad: initialAccumulatorValue is -1.0; allowed is 0 or more.");
    assertRefused(
        () -> Adadelta.of(List.of(first)).rho(-0.1),
        "[InvalidHyperparameter] Adadelta: rho is -0.1; allowed is from 0 to below 1.");
    assertRefused(
        () -> NAdam.of(List.of(first)).momentumDecay(-1),
        "[InvalidHyperparameter] NAdam: momentumDecay is -1.0; allowed is 0 or more.");
    assertRefused(
        () -> LARS.of(List.of(first)).trustCoefficient(-1),
        "[InvalidHyperparameter] LARS: trustCoefficient is -1.0; allowed is 0 or more.");
    assertRefused(
        () -> Adafactor.of(List.of(first)).decayRate(0.8),
        "[InvalidHyperparameter] Adafactor: decayRate is 0.8; allowed is below 0.");
  }

  @Test
  void adafactor_warmupWithoutRelativeStep_isRefusedBeforeAnythingIsStepped() {
    Adafactor adafactor =
        Adafactor.of(
            ParameterGroup.of(List.of(first)),
            ParameterGroup.of(List.of(second)).set("relativeStep", 0).set("warmupInit", 1));
    giveGradient(first);
    giveGradient(second);
    assertRefused(
        adafactor::step,
        "[InvalidHyperparameter] Adafactor: warmupInit is of the relative step, which is off; set"
            + " relativeStep.");
    assertThat(first.toFloatArray()).containsOnly(1);
  }

  @Test
  void step_ofFrozenModule_leavesItAndItsParametersComeBackWhenUnfrozen() {
    Linear backbone = new Linear(2, 2);
    Linear head = new Linear(2, 1);
    Sequential net = new Sequential(backbone, head);
    Optimizer optimizer = Adam.of(net.parameters()).learningRate(0.1);
    backbone.freeze();
    float[] before = backbone.weight().toFloatArray();
    net.forward(Tensor.ones(1, 2)).sum().backward();
    optimizer.step();
    assertThat(backbone.weight().toFloatArray()).containsExactly(before);

    backbone.unfreeze();
    optimizer.zeroGrad();
    net.forward(Tensor.ones(1, 2)).sum().backward();
    optimizer.step();
    assertThat(backbone.weight().toFloatArray()).isNotEqualTo(before);
  }

  @Test
  void step_ofParametersOfTwoTypes_updatesBoth() {
    Parameter wide = Parameter.of(Tensor.ones(DType.F64, 2));
    Optimizer optimizer = SGD.of(List.of(first, wide)).learningRate(0.5);
    giveGradient(first);
    giveGradient(wide);
    optimizer.step();
    assertThat(first.toFloatArray()).containsOnly(0.5f);
    assertThat(wide.toDoubleArray()).containsOnly(0.5);
  }

  @Test
  void zeroGrad_forgetsGradients() {
    Optimizer optimizer = SGD.of(List.of(first));
    giveGradient(first);
    optimizer.zeroGrad();
    assertThat(first.grad()).isNull();
    giveGradient(first);
    assertThat(first.grad().toFloatArray()).containsOnly(1);
  }

  @Test
  void step_ofParameterTakenOverByNewerOptimizer_saysSo() {
    Optimizer older = SGD.of(List.of(first, second));
    SGD.of(List.of(second));
    assertThatThrownBy(older::step)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.PARAMETER_TAKEN_OVER));
  }

  @Test
  void groups_keepWhatTheyChoseAndInheritTheRest() {
    AdamW optimizer =
        AdamW.of(
                ParameterGroup.of(List.of(first)).learningRate(1e-5),
                ParameterGroup.of(List.of(second)).name("head").set("beta1", 0.5))
            .learningRate(1e-2)
            .betas(0.8, 0.9);
    ParameterGroup backbone = optimizer.groups().get(0);
    ParameterGroup head = optimizer.groups().get(1);
    assertThat(backbone.hyperparameters())
        .containsEntry("learningRate", 1e-5)
        .containsEntry("beta1", 0.8)
        .containsEntry("weightDecay", 1e-2);
    assertThat(head.hyperparameters())
        .containsEntry("learningRate", 1e-2)
        .containsEntry("beta1", 0.5)
        .containsEntry("beta2", 0.9);
    assertThat(head.name()).isEqualTo("head");
    assertThat(optimizer.name()).isEqualTo("AdamW");
  }

  @Test
  void group_setDuringTraining_actsOnTheNextStep() {
    SGD optimizer = SGD.of(List.of(first)).learningRate(0.5);
    giveGradient(first);
    optimizer.step();
    optimizer.groups().get(0).learningRate(0.25);
    optimizer.step();
    assertThat(first.toFloatArray()).containsOnly(0.25f);
    assertThat(optimizer.groups().get(0).baseLearningRate()).isEqualTo(0.25);
  }

  @Test
  void defaults_areThoseOfPyTorch() {
    assertThat(Adam.of(List.of(first)))
        .hasToString(
            "Adam{learningRate=0.001, beta1=0.9, beta2=0.999, epsilon=1.0E-8, amsgrad=0.0,"
                + " weightDecay=0.0, maximize=0.0}");
    assertThat(AdamW.of(List.of(second)))
        .hasToString(
            "AdamW{learningRate=0.001, beta1=0.9, beta2=0.999, epsilon=1.0E-8, amsgrad=0.0,"
                + " weightDecay=0.01, maximize=0.0}");
  }

  private static void assertRefused(ThrowingCallable code, String message) {
    assertThatThrownBy(code).isInstanceOf(FulgurException.class).hasMessage(message);
  }

  @Test
  void hyperparameters_notAllowed_areRefused() {
    SGD sgd = SGD.of(List.of(first));
    AdamW adam = AdamW.of(List.of(second));
    assertRefused(
        () -> sgd.learningRate(-0.1),
        "[InvalidHyperparameter] SGD: learningRate is -0.1; allowed is 0 or more.");
    assertRefused(
        () -> sgd.learningRate(Double.NaN),
        "[InvalidHyperparameter] SGD: learningRate is NaN; allowed is 0 or more.");
    assertRefused(
        () -> sgd.momentum(Double.POSITIVE_INFINITY),
        "[InvalidHyperparameter] SGD: momentum is Infinity; allowed is 0 or more.");
    assertRefused(
        () -> adam.betas(1, 0.9),
        "[InvalidHyperparameter] AdamW: beta1 is 1.0; allowed is from 0 to below 1.");
    assertRefused(
        () -> adam.epsilon(0),
        "[InvalidHyperparameter] AdamW: epsilon is 0.0; allowed is above 0.");
    assertRefused(
        () -> adam.groups().get(0).set("momentum", 0.9),
        "[InvalidHyperparameter] AdamW has no hyperparameter \"momentum\"; it has learningRate,"
            + " beta1, beta2, epsilon, amsgrad, weightDecay, maximize.");
  }

  @Test
  void hyperparameters_ofGroupGivenToAnOptimizerThatLacksThem_areRefused() {
    assertRefused(
        () -> AdamW.of(ParameterGroup.of(List.of(first)).set("momentum", 0.9)),
        "[InvalidHyperparameter] AdamW has no hyperparameter \"momentum\"; it has learningRate,"
            + " beta1, beta2, epsilon, amsgrad, weightDecay, maximize.");
    assertRefused(
        () -> AdamW.of(ParameterGroup.of(List.of(first)).learningRate(-1)),
        "[InvalidHyperparameter] AdamW: learningRate is -1.0; allowed is 0 or more.");
  }

  @Test
  void nesterov_withoutMomentum_isRefused() {
    SGD sgd = SGD.of(List.of(first)).nesterov(true);
    giveGradient(first);
    assertRefused(
        sgd::step,
        "[InvalidHyperparameter] SGD: nesterov needs a momentum above 0 and a dampening of 0, but"
            + " they are 0.0 and 0.0.");
    assertThat(first.toFloatArray()).containsOnly(1);
  }

  @Test
  void parameters_noneOrTwice_areRefused() {
    assertRefused(
        () -> SGD.of(),
        "[InvalidArgument] SGD was given no parameters. Pass e.g. model.parameters().");
    assertRefused(
        () -> SGD.of(List.of()),
        "[InvalidArgument] SGD: group 0 has no parameters. Does the module keep its layers in"
            + " fields?");
    assertRefused(
        () -> SGD.of(ParameterGroup.of(List.of(first)), ParameterGroup.of(List.of(second, first))),
        "[InvalidArgument] SGD: parameter 1 of group 1, F32[3], is there a second time. Each may be"
            + " given once.");
  }

  @Test
  void group_givenToTwoOptimizers_isRefused() {
    ParameterGroup group = ParameterGroup.of(List.of(first));
    SGD.of(group);
    assertRefused(
        () -> AdamW.of(group),
        "[InvalidArgument] AdamW was given a group that belongs to SGD. Make one for each.");
  }
}
