package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At which levels a value is logged, by the step or the hook that logs it. */
@SuppressWarnings("UnusedMethod") // The trainer calls them.
class LoggingLevelsTest {
  private static final String NAME = "foo";

  /** Returns a callback that logs in one of its methods, and does nothing in the others. */
  private static Callback logging(String method, LogOptions options) {
    InvocationHandler handler =
        (proxy, called, arguments) -> {
          if (called.getName().equals(method)) {
            ((Trainer) arguments[0]).log(NAME, 1, options);
          }
          return called.isDefault()
              ? InvocationHandler.invokeDefault(proxy, called, arguments)
              : null;
        };
    return (Callback)
        Proxy.newProxyInstance(
            Callback.class.getClassLoader(), new Class<?>[] {Callback.class}, handler);
  }

  /** Logs in one of its steps. */
  private static final class Steps extends FulgurModule {
    private final Linear layer = new Linear(BoringModule.FEATURES, 2);
    private final String logs;
    private final LogOptions options;

    Steps(String logs, LogOptions options) {
      this.logs = logs;
      this.options = options;
    }

    @Override
    public Tensor forward(Tensor input) {
      return layer.call(input);
    }

    private Tensor step(String name, Batch batch) {
      if (name.equals(logs)) {
        log(NAME, 1, options);
      }
      return forward(batch.get(BoringData.FEATURES)).square().mean();
    }

    @TrainingStep
    Tensor train(Batch batch) {
      return step("trainingStep", batch);
    }

    @ValidationStep
    void validate(Batch batch) {
      step("validationStep", batch);
    }

    @TestStep
    void test(Batch batch) {
      step("testStep", batch);
    }

    @PredictStep
    Tensor predict(Batch batch) {
      return step("predictStep", batch);
    }

    @ConfigureOptimizers
    OptimizerPlan optimizers() {
      return OptimizerPlan.of(SGD.of(parameters()));
    }
  }

  private final RecordingLogger logger = new RecordingLogger();

  /** Passes every step and hook of all kinds of runs, one of which logs. */
  private void run(String where, LogOptions options) {
    Trainer trainer =
        Trainer.builder()
            .maxEpochs(1)
            .logEveryNSteps(1)
            .logger(logger)
            .enableCheckpointing(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .callback(logging(where, options))
            .build();
    FulgurModule module = new Steps(where, options);
    DataModule data = BoringData.module(2, 2);
    trainer.fit(module, data);
    trainer.test(module, data);
    trainer.predict(module, data);
  }

  private List<String> logged() {
    List<String> names = new ArrayList<>();
    logger
        .entries()
        .forEach(
            entry ->
                entry.values().keySet().stream()
                    .filter(name -> name.startsWith(NAME) && !names.contains(name))
                    .forEach(names::add));
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "trainingStep",
    "onTrainBatchStart",
    "onTrainBatchEnd",
    "onBeforeZeroGrad",
    "onBeforeBackward",
    "onAfterBackward",
    "onBeforeOptimizerStep"
  })
  void log_inTraining_eachStepUnlessSaidOtherwise(String where) {
    run(where, LogOptions.defaults());
    assertThat(logged()).containsExactly("foo");
    assertThat(logger.entries("foo")).hasSize(2);

    run(where, LogOptions.onStep(true).onEpoch(true));
    assertThat(logged()).containsExactly("foo", "foo_step", "foo_epoch");
  }

  @ParameterizedTest
  @CsvSource({
    "validationStep, 1",
    "onValidationBatchStart, 1",
    "onValidationBatchEnd, 1",
    "testStep, 1",
    "onTestBatchStart, 1",
    "onTestBatchEnd, 1"
  })
  void log_inEvaluation_eachEpochUnlessSaidOtherwise(String where, int epochs) {
    run(where, LogOptions.defaults());
    assertThat(logged()).containsExactly("foo");
    assertThat(logger.entries("foo")).hasSize(epochs);

    run(where, LogOptions.onStep(true).onEpoch(false));
    assertThat(logger.entries("foo")).as("and each of two batches").hasSize(epochs + 2);
  }

  @ParameterizedTest
  @CsvSource({
    "onTrainStart",
    "onTrainEpochStart",
    "onTrainEpochEnd",
    "onValidationStart",
    "onValidationEpochStart",
    "onValidationEpochEnd",
    "onTestStart",
    "onTestEpochStart",
    "onTestEpochEnd"
  })
  void log_onceAnEpoch_forTheEpochAndNothingElse(String where) {
    run(where, LogOptions.defaults());
    assertThat(logged()).containsExactly("foo");
    assertThat(logger.entries("foo")).hasSize(1);

    assertThatThrownBy(() -> run(where, LogOptions.onStep()))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidLogOptions] \"foo\" was logged with onStep in %s, which is called once an epoch. Leave onStep out, or log in a step.",
            where);
  }

  @ParameterizedTest
  @CsvSource({
    "setup",
    "teardown",
    "onFitStart",
    "onFitEnd",
    "onSanityCheckStart",
    "onSanityCheckEnd",
    "onTrainEnd",
    "onValidationEnd",
    "onTestEnd",
    "onPredictStart",
    "onPredictEpochStart",
    "onPredictBatchStart",
    "onPredictBatchEnd",
    "onPredictEpochEnd",
    "onPredictEnd"
  })
  void log_elsewhere_isAnError(String where) {
    assertThatThrownBy(() -> run(where, LogOptions.defaults()))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[LoggingNotAllowed] \"foo\" was logged in %s, where there is nothing it could belong to. Log in a training, validation or test step, or in a hook of their batches and epochs.",
            where);
  }

  @ParameterizedTest
  @CsvSource({"predictStep, the predict step"})
  void log_inPrediction_isAnError(String where, String label) {
    assertThatThrownBy(() -> run(where, LogOptions.defaults()))
        .hasMessageContaining("[LoggingNotAllowed] \"foo\" was logged in " + label);
  }
}
