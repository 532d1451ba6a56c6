package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.annotation.BatchIndex;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.DataloaderIndex;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // Called by generated code only.
class ModuleBinderTest {
  private static final Batch BATCH = Batch.of("x", Tensor.of(new float[] {1, 2}, 2));

  private static Tensor one() {
    return Tensor.of(new float[] {1});
  }

  /** Remembers what its steps were called with. */
  abstract static class Recording extends FulgurModule {
    final List<Object> calls = new ArrayList<>();

    Tensor called(Object... arguments) {
      calls.add(Arrays.asList(arguments));
      return one();
    }
  }

  static class PrivateSteps extends Recording {
    @TrainingStep
    private Tensor train(long index, Batch batch) {
      return called("train", index, batch);
    }

    @ValidationStep
    @TestStep
    private void evaluate(int batchIndex, Batch batch, int loader) {
      called("evaluate", batchIndex, batch, loader);
    }

    @PredictStep
    protected Tensor predict() {
      return called("predict");
    }

    @ConfigureOptimizers
    private Optimizer optimizer() {
      return SGD.of(List.of(Parameter.of(Tensor.of(new float[] {1}, 1))));
    }
  }

  @Test
  void bind_privateStepsInAnyOrder_passesWhatEachTakes() {
    PrivateSteps module = new PrivateSteps();
    BoundModule bound = ModuleBinder.bind(module, RunKind.FIT);

    bound.trainingSteps().get(0).run(BATCH, 3);
    bound.validationStep(BATCH, 4, 5);
    bound.testStep(BATCH, 6, 7);
    bound.predictStep(BATCH, 8, 9);

    assertThat(module.calls)
        .containsExactly(
            List.of("train", 3L, BATCH),
            List.of("evaluate", 4, BATCH, 5),
            List.of("evaluate", 6, BATCH, 7),
            List.of("predict"));
    assertThat(bound.configureOptimizers().optimizers()).hasSize(1);
    assertThat(bound.module()).isSameAs(module);
  }

  static class Inheriting extends PrivateSteps {}

  @Test
  void bind_privateStepsOfSuperclass_areCalled() {
    Inheriting module = new Inheriting();

    ModuleBinder.bind(module, RunKind.FIT).trainingSteps().get(0).run(BATCH, 1);

    assertThat(module.calls).containsExactly(List.of("train", 1L, BATCH));
  }

  abstract static class Template extends Recording {
    @TrainingStep
    abstract Tensor train(Batch batch);

    @ValidationStep
    void validate(Batch batch) {
      called("upper");
    }

    @ConfigureOptimizers
    Optimizer optimizer() {
      throw new AssertionError("overridden");
    }
  }

  static class Filled extends Template {
    @Override
    Tensor train(Batch batch) {
      return called("lower train");
    }

    @ValidationStep
    @Override
    void validate(Batch batch) {
      called("lower validate");
    }

    @Override
    SGD optimizer() {
      return SGD.of(List.of(Parameter.of(Tensor.of(new float[] {1}, 1))));
    }
  }

  @Test
  void bind_overriddenSteps_callsTheOverrideWithOrWithoutItsOwnAnnotation() {
    Filled module = new Filled();
    BoundModule bound = ModuleBinder.bind(module, RunKind.FIT);

    bound.trainingSteps().get(0).run(BATCH, 0);
    bound.validationStep(BATCH, 0, 0);

    assertThat(module.calls).containsExactly(List.of("lower train"), List.of("lower validate"));
    assertThat(bound.configureOptimizers().optimizers().get(0)).isInstanceOf(SGD.class);
  }

  interface Validates {
    void seen(Object what);

    @ValidationStep
    default void validate(Batch batch) {
      seen(batch);
    }
  }

  static class Mixed extends Recording implements Validates {
    @Override
    public void seen(Object what) {
      called(what);
    }
  }

  @Test
  void bind_defaultMethodOfInterface_isCalled() {
    Mixed module = new Mixed();

    ModuleBinder.bind(module, RunKind.VALIDATE).validationStep(BATCH, 0, 0);

    assertThat(module.calls).containsExactly(List.of(BATCH));
  }

  static class Swapped extends Recording {
    @ValidationStep
    void validate(@DataloaderIndex int loader, @BatchIndex long index) {
      called(loader, index);
    }

    @TestStep
    void test(int index, @BatchIndex int first) {
      called(index, first);
    }
  }

  @Test
  void bind_annotatedIndices_goWhereTheAnnotationSays() {
    Swapped module = new Swapped();
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);

    bound.validationStep(BATCH, 10, 2);
    bound.testStep(BATCH, 10, 2);

    assertThat(module.calls).containsExactly(List.of(2, 10L), List.of(2, 10));
  }

  @Test
  void bind_anonymousClass_isCalled() {
    List<Object> seen = new ArrayList<>();
    FulgurModule module =
        new FulgurModule() {
          @PredictStep
          private StepOutput predict(Batch batch) {
            seen.add(batch);
            return StepOutput.of("answer", one());
          }
        };

    StepOutput output = ModuleBinder.bind(module, RunKind.PREDICT).predictStep(BATCH, 0, 0);

    assertThat(seen).containsExactly(BATCH);
    assertThat(output.names()).containsExactly("answer");
  }

  @Test
  void steps_bareTensors_getTheirNames() {
    BoundModule bound = ModuleBinder.bind(new PrivateSteps(), RunKind.FIT);

    assertThat(bound.trainingSteps().get(0).run(BATCH, 0).names()).containsExactly("loss");
    assertThat(bound.predictStep(BATCH, 0, 0).names()).containsExactly("prediction");
    assertThat(bound.validationStep(BATCH, 0, 0)).isNull();
  }

  /** Returns whatever it is told to. */
  static class Returning extends FulgurModule {
    StepOutput output;

    @TrainingStep
    StepOutput step() {
      return output;
    }

    @PredictStep
    StepOutput predict() {
      return output;
    }

    @ConfigureOptimizers
    Optimizer optimizer() {
      return null;
    }
  }

  @Test
  void trainingStep_nullReturned_skips() {
    assertThat(ModuleBinder.bind(new Returning(), RunKind.FIT).trainingSteps().get(0).run(BATCH, 0))
        .isNull();
  }

  @Test
  void trainingStep_outputWithoutLoss_isAnError() {
    Returning module = new Returning();
    module.output = StepOutput.of("accuracy", one()).with("logits", one());
    BoundModule bound = ModuleBinder.bind(module, RunKind.FIT);

    assertThatThrownBy(() -> bound.trainingSteps().get(0).run(BATCH, 0))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[MissingLoss] The training step ModuleBinderTest.Returning#step returned an output"
                + " without \"loss\". It holds: accuracy, logits. Add the loss with"
                + " StepOutput.loss(tensor), or return null to skip the batch.");
  }

  @Test
  void trainingStep_lossOfSeveralElements_isAnError() {
    Returning module = new Returning();
    module.output = StepOutput.loss(Tensor.of(new float[] {1, 2}, 2));
    BoundModule bound = ModuleBinder.bind(module, RunKind.FIT);

    assertThatThrownBy(() -> bound.trainingSteps().get(0).run(BATCH, 0))
        .hasMessageContaining("[LossNotScalar]")
        .hasMessageContaining("Returning#step")
        .hasMessageContaining("mean()");
  }

  @Test
  void predictStep_nullReturned_isAnError() {
    BoundModule bound = ModuleBinder.bind(new Returning(), RunKind.PREDICT);

    assertThatThrownBy(() -> bound.predictStep(BATCH, 0, 0))
        .hasMessageContaining("[NoPrediction]")
        .hasMessageContaining("Returning#predict");
  }

  @Test
  void configureOptimizers_nullReturned_isAPlanWithoutOptimizers() {
    BoundModule bound = ModuleBinder.bind(new Returning(), RunKind.FIT);

    assertThat(bound.configureOptimizers().entries()).isEmpty();
  }

  @Test
  void step_thatTheModuleLacks_isAnError() {
    BoundModule bound = ModuleBinder.bind(new Returning(), RunKind.FIT);

    assertThat(bound.has(StepKind.TEST)).isFalse();
    assertThat(bound.has(StepKind.TRAINING)).isTrue();
    assertThatThrownBy(() -> bound.testStep(BATCH, 0, 0))
        .hasMessageContaining("[MissingStep]")
        .hasMessageContaining("@TestStep");
  }

  static class Throwing extends FulgurModule {
    final Exception exception = new IOException("disk");

    @ValidationStep
    private void validate(Batch batch) throws Exception {
      throw exception;
    }
  }

  @Test
  void step_throwingAChecked_exceptionComesOutAsItIs() {
    Throwing module = new Throwing();
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);

    assertThatThrownBy(() -> bound.validationStep(BATCH, 0, 0)).isSameAs(module.exception);
  }

  static class Tracing extends FulgurModule {
    StackTraceElement[] trace = {};

    @ValidationStep
    private void validate(Batch batch, int index) {
      trace = new Throwable().getStackTrace();
    }
  }

  @Test
  void step_called_usesNoReflectionAndStandsRightUnderTheLoop() {
    Tracing module = new Tracing();

    ModuleBinder.bind(module, RunKind.VALIDATE).validationStep(BATCH, 0, 0);

    assertThat(module.trace[0].getMethodName()).isEqualTo("validate");
    assertThat(module.trace[1].getClassName()).isEqualTo(BoundModule.class.getName());
    assertThat(
            Arrays.stream(module.trace)
                .map(StackTraceElement::getClassName)
                .takeWhile(name -> !name.equals(ModuleBinderTest.class.getName())))
        .noneMatch(name -> name.contains("reflect"));
  }

  @Test
  void bind_boundTwice_sharesTheGeneratedCode() throws Exception {
    var method = Tracing.class.getDeclaredMethod("validate", Batch.class, int.class);
    List<Slot> slots = List.of(Slot.BATCH, Slot.BATCH_INDEX);

    assertThat(InvokerFactory.of(method, slots)).isSameAs(InvokerFactory.of(method, slots));
    assertThat(InvokerFactory.of(method, slots).getClass().isHidden()).isTrue();
  }
}
