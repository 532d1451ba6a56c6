package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // Called by generated code only.
class HooksTest {
  private static final Batch BATCH = Batch.of("x", Tensor.of(new float[] {1, 2}, 2));

  abstract static class Recording extends FulgurModule {
    final List<Object> calls = new ArrayList<>();

    void called(Object... arguments) {
      calls.add(Arrays.asList(arguments));
    }

    @ValidationStep
    void validate() {}
  }

  static class Upper extends Recording {
    @On(Hook.TRAIN_START)
    private void start() {
      called("upper");
    }

    @On({Hook.TRAIN_EPOCH_START, Hook.TRAIN_EPOCH_END})
    void epoch() {
      called("upper epoch");
    }
  }

  static class Lower extends Upper {
    @On(Hook.TRAIN_START)
    private void begin() {
      called("lower");
    }

    @Override
    void epoch() {
      called("lower epoch");
    }
  }

  @Test
  void run_hookInBothClasses_callsTheSuperclassFirst() {
    Lower module = new Lower();

    ModuleBinder.bind(module, RunKind.VALIDATE).run(Hook.TRAIN_START);

    assertThat(module.calls).containsExactly(List.of("upper"), List.of("lower"));
  }

  @Test
  void run_overriddenMethodOfTwoHooks_isCalledOnceForEach() {
    Lower module = new Lower();
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);

    bound.run(Hook.TRAIN_EPOCH_START);
    bound.run(Hook.TRAIN_EPOCH_END);
    bound.run(Hook.TRAIN_END);

    assertThat(module.calls).containsExactly(List.of("lower epoch"), List.of("lower epoch"));
    assertThat(bound.has(Hook.TRAIN_EPOCH_END)).isTrue();
    assertThat(bound.has(Hook.TRAIN_END)).isFalse();
  }

  static class Taking extends Recording {
    @On(Hook.SETUP)
    void setup(RunKind kind) {
      called(kind);
    }

    @On(Hook.TRAIN_BATCH_START)
    void batchStart(int index, Batch batch) {
      called(index, batch);
    }

    @On({Hook.VALIDATION_BATCH_END, Hook.TEST_BATCH_END, Hook.PREDICT_BATCH_END})
    void batchEnd(Batch batch, StepOutput output, long index, long loader) {
      called(batch, output, index, loader);
    }

    @On(Hook.BEFORE_BACKWARD)
    void beforeBackward(Tensor loss) {
      called(loss);
    }

    @On({Hook.BEFORE_OPTIMIZER_STEP, Hook.BEFORE_ZERO_GRAD})
    void step(Optimizer optimizer) {
      called(optimizer);
    }
  }

  @Test
  void run_hooksThatTakeSomething_passIt() {
    Taking module = new Taking();
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);
    Tensor loss = Tensor.of(new float[] {1});
    StepOutput output = StepOutput.loss(loss);
    Optimizer optimizer = SGD.of(List.of(Parameter.of(Tensor.of(new float[] {1}, 1))));

    bound.run(Hook.SETUP, RunKind.TEST);
    bound.runBatchStart(Hook.TRAIN_BATCH_START, BATCH, 3, 0);
    bound.runBatchEnd(Hook.VALIDATION_BATCH_END, output, BATCH, 4, 5);
    bound.runBatchEnd(Hook.PREDICT_BATCH_END, null, BATCH, 6, 7);
    bound.run(Hook.BEFORE_BACKWARD, loss);
    bound.run(Hook.BEFORE_OPTIMIZER_STEP, optimizer);

    assertThat(module.calls)
        .containsExactly(
            List.of(RunKind.TEST),
            List.of(3, BATCH),
            List.of(BATCH, output, 4L, 5L),
            Arrays.asList(BATCH, null, 6L, 7L),
            List.of(loss),
            List.of(optimizer));
  }

  static class BringingTwice extends Recording {
    @On(Hook.CONFIGURE_CALLBACKS)
    private List<String> callbacks() {
      return List.of("a", "b");
    }
  }

  static class BringingOneMore extends BringingTwice {
    Object brought = "c";

    @On(Hook.CONFIGURE_CALLBACKS)
    private Object more() {
      return brought;
    }
  }

  @Test
  void configureCallbacks_ofBothClasses_areCollected() {
    BoundModule bound = ModuleBinder.bind(new BringingOneMore(), RunKind.VALIDATE);

    assertThat(bound.configureCallbacks(String.class)).containsExactly("a", "b", "c");
  }

  @Test
  void configureCallbacks_somethingElse_isAnError() {
    BringingOneMore module = new BringingOneMore();
    module.brought = 3;
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);

    assertThatThrownBy(() -> bound.configureCallbacks(String.class))
        .hasMessage(
            "[WrongReturnType] A method of HooksTest.BringingOneMore annotated with"
                + " @On(Hook.CONFIGURE_CALLBACKS) returned 3, which is no String. Return a String"
                + " or a List of them.");
  }

  @ParameterizedTest
  @EnumSource
  void offer_everyHook_isNamedAsAUserWritesIt(Hook hook) {
    assertThat(Offer.of(hook).title()).isEqualTo("@On(Hook." + hook.name() + ")");
  }
}
