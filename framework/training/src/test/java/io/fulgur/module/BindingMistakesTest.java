package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.RunKind;
import io.fulgur.annotation.BatchIndex;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.DataloaderIndex;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.On;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole text of what is reported, one golden file for each module below. */
@SuppressWarnings({
  "UnusedMethod",
  "UnusedVariable",
  "ImmutableEnumChecker"
}) // Called by generated code only.
class BindingMistakesTest {
  enum Case {
    NOTHING_ANNOTATED(new NothingAnnotated(), RunKind.FIT),
    NOTHING_ANNOTATED_TO_PREDICT(new NothingAnnotated(), RunKind.PREDICT),
    ANNOTATIONS_FORGOTTEN(new AnnotationsForgotten(), RunKind.FIT),
    DECLARED_TWICE(new DeclaredTwice(), RunKind.FIT),
    WRONG_KINDS_OF_METHODS(new WrongKindsOfMethods(), RunKind.FIT),
    WRONG_PARAMETERS(new WrongParameters(), RunKind.FIT),
    WRONG_RETURNS(new WrongReturns(), RunKind.FIT),
    WRONG_INDICES(new WrongIndices(), RunKind.TEST),
    WRONG_HOOKS(new WrongHooks(), RunKind.VALIDATE),
    NOT_AN_OVERRIDE(new NotAnOverride(), RunKind.VALIDATE),
    STEPS_OF_OPTIMIZERS(new StepsOfOptimizers(), RunKind.FIT),
    STEPS_OF_OPTIMIZERS_BY_HAND(new StepsOfOptimizersByHand(), RunKind.FIT);

    final FulgurModule module;
    final RunKind kind;

    Case(FulgurModule module, RunKind kind) {
      this.module = module;
      this.kind = kind;
    }
  }

  static class NothingAnnotated extends FulgurModule {}

  static class AnnotationsForgotten extends FulgurModule {
    Tensor trainingStep(Batch batch, int batchIndex) {
      return batch.get("x");
    }

    Optimizer configureOptimizers() {
      throw new AssertionError();
    }
  }

  static class Once extends FulgurModule {
    @TrainingStep
    private Tensor train(Batch batch) {
      return batch.get("x");
    }
  }

  static class DeclaredTwice extends Once {
    @TrainingStep
    private Tensor train(Batch batch) {
      return batch.get("x");
    }

    @TrainingStep
    Tensor trainDifferently(Batch batch) {
      return batch.get("x");
    }

    @ConfigureOptimizers
    Optimizer one() {
      throw new AssertionError();
    }

    @ConfigureOptimizers
    OptimizerPlan two() {
      throw new AssertionError();
    }
  }

  static class WrongKindsOfMethods extends FulgurModule {
    @TrainingStep
    static Tensor train(Batch batch) {
      return batch.get("x");
    }

    @ValidationStep
    <T extends Tensor> void validate(Batch batch) {}

    @TestStep
    void test(Batch... batches) {}

    @ConfigureOptimizers
    private static Optimizer makeOptimizers() {
      throw new AssertionError();
    }
  }

  static class WrongParameters extends FulgurModule {
    @TrainingStep
    Tensor train(Map<String, Tensor> batch, Integer index) {
      return batch.get("x");
    }

    @ValidationStep
    void validate(Batch batch, Batch again, int index, int loader, int what) {}

    @ConfigureOptimizers
    Optimizer optimizers(double learningRate) {
      throw new AssertionError();
    }
  }

  static class WrongReturns extends FulgurModule {
    @TrainingStep
    void train(Batch batch) {}

    @ValidationStep
    Map<String, Tensor> validate(Batch batch) {
      return batch.tensors();
    }

    @TestStep
    double test(Batch batch) {
      return 0;
    }

    @PredictStep
    void predict(Batch batch) {}

    @ConfigureOptimizers
    List<Optimizer> makeOptimizers() {
      return List.of();
    }
  }

  static class StepsOfOptimizers extends FulgurModule {
    @TrainingStep
    Tensor all(Batch batch) {
      return batch.get("x");
    }

    @TrainingStep(optimizer = "generator")
    Tensor one(Batch batch) {
      return batch.get("x");
    }

    @TrainingStep(optimizer = "generator")
    Tensor another(Batch batch) {
      return batch.get("x");
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      throw new AssertionError();
    }
  }

  @ManualOptimization
  static class StepsOfOptimizersByHand extends FulgurModule {
    @TrainingStep(optimizer = "generator")
    void train(Batch batch) {}

    @ConfigureOptimizers
    OptimizerPlan plan() {
      throw new AssertionError();
    }
  }

  static class WrongIndices extends FulgurModule {
    @TrainingStep
    Tensor train(Batch batch, int index, @DataloaderIndex int loader) {
      return batch.get("x");
    }

    @ValidationStep
    void validate(@BatchIndex int index, @BatchIndex int loader) {}

    @TestStep
    void test(Batch batch, int dataloaderIndex) {}

    @PredictStep
    Tensor predict(@BatchIndex Batch batch, @BatchIndex @DataloaderIndex int index) {
      return batch.get("x");
    }
  }

  static class WrongHooks extends FulgurModule {
    @ValidationStep
    void validate() {}

    @On({})
    void never() {}

    @On(Hook.TRAIN_START)
    void start(Batch batch) {}

    @On(Hook.TRAIN_START)
    void alsoStart() {}

    @On(Hook.TRAIN_BATCH_END)
    boolean batchEnd(Tensor output, Batch batch, int index, int loader) {
      return true;
    }

    @On({Hook.BEFORE_BACKWARD, Hook.BEFORE_OPTIMIZER_STEP})
    void before(Tensor loss) {}
  }

  static class Hidden extends FulgurModule {
    @ValidationStep
    private void validate(Batch batch) {}
  }

  static class NotAnOverride extends Hidden {
    void validate(Batch batch) {}
  }

  @ParameterizedTest
  @EnumSource
  void bind_mistakes_areAllReportedAtOnce(Case each) throws IOException {
    ModuleBindingException exception =
        catchThrowableOfType(
            ModuleBindingException.class, () -> ModuleBinder.bind(each.module, each.kind));

    assertThat(exception).isNotNull();
    assertThat(exception.id()).isEqualTo(ErrorId.INVALID_MODULE);
    assertThat(exception.getMessage() + "\n").isEqualTo(golden(each));
    assertThat(exception.getMessage())
        .contains("\n" + exception.mistakes().size() + ") ")
        .doesNotContain("\n" + (exception.mistakes().size() + 1) + ") ");
  }

  @Test
  void cases_together_coverEveryMistake() {
    Set<ErrorId> seen = new java.util.TreeSet<>();
    for (Case each : Case.values()) {
      catchThrowableOfType(
              ModuleBindingException.class, () -> ModuleBinder.bind(each.module, each.kind))
          .mistakes()
          .forEach(mistake -> seen.add(mistake.id()));
    }

    assertThat(seen)
        .containsExactly(
            ErrorId.MISSING_STEP,
            ErrorId.MISSING_OPTIMIZERS,
            ErrorId.DECLARED_TWICE,
            ErrorId.NOT_AN_OVERRIDE,
            ErrorId.STATIC_METHOD,
            ErrorId.GENERIC_METHOD,
            ErrorId.VARARGS_METHOD,
            ErrorId.WRONG_PARAMETER,
            ErrorId.REPEATED_PARAMETER,
            ErrorId.AMBIGUOUS_INDEX,
            ErrorId.WRONG_RETURN_TYPE,
            ErrorId.NO_HOOK,
            ErrorId.STEP_OF_OPTIMIZER);
  }

  private static String golden(Case each) throws IOException {
    String file = "mistakes/" + each.name().toLowerCase(java.util.Locale.ROOT) + ".txt";
    try (InputStream stream = BindingMistakesTest.class.getResourceAsStream(file)) {
      assertThat(stream).as(file).isNotNull();
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
